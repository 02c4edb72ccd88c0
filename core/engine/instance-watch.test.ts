import { expect, it } from 'vitest';
import { deviceKey } from '../model/ids.ts';
import { createInstanceWatch } from './instance-watch.ts';

const device = deviceKey('ab'.repeat(32));
const instances = [1, 2, 3].map((byte) => new Uint8Array(16).fill(byte));

function watched(...order: readonly number[]): boolean {
  const watch = createInstanceWatch();
  for (const at of order) watch.met(device, instances[at] as Uint8Array);
  return watch.isInTwoPlaces(device);
}

it('a device that starts anew, however often, is in one place', () => {
  expect(watched(0, 0, 1, 1, 2)).toBe(false);
});

it('a program that comes back after another was met was never gone', () => {
  expect(watched(0, 1, 0)).toBe(true);
  expect(watched(0, 1, 2, 1)).toBe(true);
});

it('what a member says of a device is taken for so', () => {
  const watch = createInstanceWatch();
  watch.told(device);
  expect(watch.isInTwoPlaces(device)).toBe(true);
});

it('is told of one device only', () => {
  const watch = createInstanceWatch();
  for (const at of [0, 1, 0]) watch.met(device, instances[at] as Uint8Array);
  expect(watch.isInTwoPlaces(deviceKey('cd'.repeat(32)))).toBe(false);
});
