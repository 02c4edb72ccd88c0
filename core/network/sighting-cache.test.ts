import { expect, test } from 'vitest';
import { deviceKey } from '../model/ids.ts';
import { createManualClock } from './network-suite.ts';
import { createSightingCache, maxSightings } from './sighting-cache.ts';

const keyOf = (number: number) => deviceKey(number.toString(16).padStart(64, '0'));
const near = ['/ip4/10.0.0.1/tcp/1'];

test('[NW12] what is new or changed is reported at once, the same again after a while', async () => {
  const clock = createManualClock();
  const cache = createSightingCache(clock);
  expect(cache.note(keyOf(1), near)).toEqual({ peer: keyOf(1), addresses: near });
  expect(cache.note(keyOf(1), near)).toBeUndefined();
  expect(cache.note(keyOf(1), ['/ip4/10.0.0.2/tcp/1'])?.addresses).toEqual(['/ip4/10.0.0.2/tcp/1']);
  await clock.advance(5_000);
  expect(cache.note(keyOf(1), ['/ip4/10.0.0.2/tcp/1'])).toBeDefined();
});

test('[NW14] [A20] an announcement of places that are not near is no sighting', () => {
  const cache = createSightingCache(createManualClock());
  expect(cache.note(keyOf(1), ['/ip4/127.0.0.1/tcp/1', '/ip4/8.8.8.8/tcp/1', 'nonsense'])).toBeUndefined();
  expect(cache.size).toBe(0);
});

test('[NW16] [A20] five thousand invented devices leave no more than the limit behind', () => {
  const cache = createSightingCache(createManualClock());
  for (let number = 0; number < 5_000; number++) cache.note(keyOf(number), near);
  expect(cache.size).toBe(maxSightings);
  expect(cache.note(keyOf(4_999), near)).toBeUndefined();
  expect(cache.note(keyOf(0), near)).toBeDefined();
});
