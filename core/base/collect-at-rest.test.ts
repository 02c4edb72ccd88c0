import { expect, test } from 'vitest';
import { collectAtRest } from './collect-at-rest.ts';

/** A process that works as much as it is told in each quarter of a minute; says after which of them it collected. */
function collectionsOf(workedMs: readonly number[]): readonly number[] {
  const collected: number[] = [];
  let [atMs, processorMs, turn] = [0, 900, 0];
  let next: (() => void) | undefined;
  collectAtRest({
    clock: {
      monotonic: () => atMs,
      after(_delayMs, run) {
        next = run;
        return () => {};
      },
    },
    processorMs: () => processorMs,
    collect: () => void collected.push(turn),
  });
  for (const ms of workedMs) {
    turn += 1;
    atMs += 15_000;
    processorMs += ms;
    next?.();
  }
  return collected;
}

test('memory is collected once after work, when the process rests', () => {
  expect(collectionsOf([9_000, 8_000, 100, 100, 0])).toEqual([3]);
  expect(collectionsOf([9_000, 100, 4_000, 0])).toEqual([2, 4]);
});

test('little work adds up; a process that works on is left alone', () => {
  expect(collectionsOf(Array.from({ length: 12 }, () => 200))).toEqual([6]);
  expect(collectionsOf([5_000, 400, 6_000, 900])).toEqual([]);
});
