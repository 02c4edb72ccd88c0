import { expect, test } from 'vitest';
import { watchSleep } from './sleep-watch.ts';

test('each sleep of the machine is told once; a busy machine, a clock put back and one that is stopped tell of none', () => {
  let now = 1_000_000;
  let pending: { readonly delayMs: number; readonly run: () => void } | undefined;
  let told = 0;
  const stop = watchSleep({
    clock: {
      now: () => now,
      after(delayMs, run) {
        const timer = { delayMs, run };
        pending = timer;
        return () => {
          if (pending === timer) pending = undefined;
        };
      },
    },
    woke: () => void (told += 1),
  });
  /** The next look, so much later than it was due. */
  const look = (lateMs: number): number => {
    now += (pending?.delayMs ?? 0) + lateMs;
    pending?.run();
    return told;
  };
  expect([look(0), look(20_000), look(-3_600_000)]).toEqual([0, 0, 0]);
  expect([look(60_000), look(0), look(8 * 3_600_000)]).toEqual([1, 1, 2]);
  stop();
  expect(pending).toBeUndefined();
});
