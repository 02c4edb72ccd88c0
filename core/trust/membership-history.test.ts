import { expect, test } from 'vitest';
import { checkHistories } from '../testing/membership-histories.ts';

// Many more of them, in processes of their own, are in core/testing/membership-histories.sim.test.ts.
const histories = 60;

test(`[TR7] [TR10] [TR11] [TR12] [TR13] ${histories} random histories keep every promise`, {
  timeout: 120_000,
}, () => {
  const told = checkHistories(1, histories);
  // Histories in which nothing happens would prove nothing.
  expect(Object.entries(told).filter(([, times]) => times < Math.floor(histories / 20))).toEqual([]);
});
