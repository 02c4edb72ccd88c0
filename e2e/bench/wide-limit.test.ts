import { expect, test } from 'vitest';
import { wideLimit } from './wide-limit.ts';
import { wideRows } from './wide-rows.ts';

const mebi = 1024 * 1024;
const secondsFor = (bytes: number): number => (bytes * 8) / 3e6;

function limitOf(id: string): ReturnType<typeof wideLimit> {
  const row = wideRows.find((one) => one.id === id);
  if (row === undefined) throw new RangeError(`no row ${id}`);
  return wideLimit(row, 1);
}

test.each([
  ['S1-1', 10],
  ['S1-2', 50],
  ['S1-3', 60],
  ['S1-4', 0],
  ['S1-5', 20],
  ['S2-1', 500],
  ['S2-2', 50],
  ['S2-3', 0],
])('%s lets the traffic arrive that its authors tell: %i MiB', (id, traffic) => {
  expect(limitOf(id).bytes).toBe(traffic * mebi);
});

test('one file to one host takes the time of its link', () => {
  expect(limitOf('S1-1')).toMatchObject({ swarmS: secondsFor(10 * mebi), directS: secondsFor(10 * mebi) });
});

test('what five hosts pass on to each other need leave the first only once', () => {
  expect(limitOf('S2-1')).toMatchObject({ swarmS: secondsFor(100 * mebi), directS: secondsFor(500 * mebi) });
});

test('the host that lacks most binds where several have what is new', () => {
  expect(limitOf('S1-2').swarmS).toBe(secondsFor(20 * mebi));
});

test('hosts that have the same share what they give directly', () => {
  expect(limitOf('S1-2').directS).toBe(secondsFor(30 * mebi));
});
