import { expect, test } from 'vitest';
import { createRestartPolicy } from './restart-policy.ts';

test('waits longer after each end and gives up at the sixth within a minute', () => {
  const policy = createRestartPolicy();
  const waits = [0, 1, 2, 3, 4, 5].map((second) => policy.ended(second * 1000));
  expect(waits).toEqual([200, 400, 800, 1600, 3200, undefined]);
});

test('ends that lie more than a minute back count no more', () => {
  const policy = createRestartPolicy();
  for (let end = 0; end < 100; end += 1) expect(policy.ended(end * 61_000)).toBe(200);
});

test('a person who starts it again begins anew', () => {
  const policy = createRestartPolicy();
  for (let end = 0; end < 6; end += 1) policy.ended(0);
  policy.forget();
  expect(policy.ended(0)).toBe(200);
});
