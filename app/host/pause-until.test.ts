import { expect, test } from 'vitest';
import { pauseUntil } from './pause-until.ts';

/** In the machine's own time zone, like a person's tomorrow. */
const evening = new Date(2026, 11, 31, 23, 50);

test('an hour is an hour', () => {
  expect(pauseUntil('hour', evening.getTime())).toBe(new Date(2027, 0, 1, 0, 50).toISOString());
});

test('tomorrow is the next morning, also across the year', () => {
  expect(pauseUntil('tomorrow', evening.getTime())).toBe(new Date(2027, 0, 1, 6, 0).toISOString());
});

test('an open pause has no end', () => {
  expect(pauseUntil('open', evening.getTime())).toBeUndefined();
});
