import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/base.ts';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, calling what falls due in order. */
  advance(ms: number): void;
}

/** LIMIT: virtual minutes a test waits for what it expects. */
const patienceMs = 20 * 60_000;
const stepMs = 20;

/** A clock that starts at a round time. */
export function createManualClock(): ManualClock {
  let time = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => 1_700_000_000_000 + time,
    monotonic: () => time,
    after(delayMs, run) {
      const timer = { at: time + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        time = Math.max(time, due.at);
        due.run();
      }
      time = end;
    },
  };
}

/** Lets everything that is ready run, without moving the clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await nextTurn();
}

/** Moves the clock on until `isSo`; throws when that takes virtual minutes. */
export async function until(clock: ManualClock, isSo: () => boolean, what = String(isSo)): Promise<void> {
  for (let waited = 0; waited < patienceMs; waited += stepMs) {
    for (let i = 0; i < 3; i++) {
      if (isSo()) return;
      await nextTurn();
    }
    clock.advance(stepMs);
  }
  throw new Error(`never: ${what}`);
}

/** Moves the clock on by `ms` in small steps, letting everything run in between. */
export async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    await nextTurn();
  }
  await settle();
}
