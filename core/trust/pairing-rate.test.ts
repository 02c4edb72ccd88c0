import { expect, test } from 'vitest';
import { type DeviceKey, deviceKey } from '../model/ids.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import {
  createPairingRate,
  maxConnectionsPerStranger,
  maxStrangersPerMinute,
  networkOf,
} from './pairing-rate.ts';

const stranger = (number: number): DeviceKey => deviceKey(number.toString(16).padStart(64, '0'));
const address = (host: number, network = 1): string => `/ip4/192.168.${network}.${host}/tcp/4000`;

test('[TR32] [A26] the eleventh stranger of one network within a minute is refused, those of others are not', () => {
  const clock = createManualClock();
  const rate = createPairingRate({ clock });
  for (let i = 0; i < maxStrangersPerMinute; i++) {
    expect(rate.admits(stranger(i), address(i))).toBe(true);
    clock.advance(1000);
  }
  expect(rate.admits(stranger(99), address(99))).toBe(false);
  expect(rate.admits(stranger(99), address(1, 2))).toBe(true);
  // One is let in again as soon as the first is a minute ago; those refused do not count.
  clock.advance(60_000 - maxStrangersPerMinute * 1000);
  expect(rate.admits(stranger(99), address(99))).toBe(true);
  expect(rate.admits(stranger(98), address(98))).toBe(false);
});

test('[TR32] [A26] one that comes again and again takes no places of others, and has an end itself', () => {
  const rate = createPairingRate({ clock: createManualClock() });
  for (let i = 0; i < maxConnectionsPerStranger; i++) expect(rate.admits(stranger(1), address(i))).toBe(true);
  expect(rate.admits(stranger(1), address(1))).toBe(false);
  for (let i = 0; i < maxStrangersPerMinute - 1; i++)
    expect(rate.admits(stranger(2 + i), address(1))).toBe(true);
  expect(rate.admits(stranger(99), address(1))).toBe(false);
  expect(rate.admits(stranger(2), address(1))).toBe(true);
});

test('[TR32] [A26] no crowd of networks makes it grow, or forget the one that is trying now', () => {
  const rate = createPairingRate({ clock: createManualClock() });
  let admitted = 0;
  for (let i = 0; i < 5000; i++) {
    if (rate.admits(stranger(i), address(1))) admitted += 1;
    rate.admits(stranger(i), `/ip6/fd00:0:0:${i.toString(16)}::1/tcp/1`);
  }
  expect(admitted).toBe(maxStrangersPerMinute);
});

test.each([
  ['/ip4/10.0.0.1/tcp/1', '/ip4/10.0.0.254/tcp/2', true],
  ['/ip4/10.0.0.1/tcp/1', '/ip4/10.0.1.1/tcp/1', false],
  ['/ip6/fe80::1/tcp/1', '/ip6/FE80::abcd:1/tcp/1', true],
  ['/ip6/fd00:0:0:1::1/tcp/1', '/ip6/fd00::1:0:0:0:9/tcp/1', true],
  ['/ip6/fd00:0:0:1::1/tcp/1', '/ip6/fd00:0:0:2::1/tcp/1', false],
  ['/ip6/::ffff:10.0.0.1/tcp/1', '/ip6/::ffff:10.0.1.1/tcp/1', false],
  ['/ip6zone/eth0/ip6/fe80::1/tcp/1', '/ip6/fe80::2/tcp/1', true],
  ['/dns4/a.example/tcp/1', '/memory/1', true],
])('[TR32] %s and %s in one network: %s', (one, two, isOne) => {
  expect(networkOf(one) === networkOf(two)).toBe(isOne);
});
