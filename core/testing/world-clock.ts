import type { Clock } from '../base/base.ts';

/** The time of a simulated world: it moves only when nothing is left to do at the present moment. */
export interface WorldClock extends Clock {
  /** Goes to the next timer and calls it; false if none is set. */
  next(): boolean;
  /** Sets the wall time off against true time by this much, as a person or a bad battery does. */
  jump(offsetMs: number): void;
}

/** A clock that starts on a fixed day. Timers of one moment fire in the order they were set. */
export function createWorldClock(): WorldClock {
  let time = 0;
  let offset = 0;
  let order = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  return {
    now: () => Math.floor(1_750_000_000_000 + time + offset),
    monotonic: () => time,
    after(delayMs, run) {
      order += 1;
      const id = order;
      timers.set(id, { at: time + Math.max(0, delayMs), run });
      return () => void timers.delete(id);
    },
    next() {
      let first: number | undefined;
      for (const [id, timer] of timers) {
        if (first === undefined || timer.at < (timers.get(first)?.at ?? 0)) first = id;
      }
      if (first === undefined) return false;
      const timer = timers.get(first);
      timers.delete(first);
      if (timer === undefined) return false;
      time = Math.max(time, timer.at);
      timer.run();
      return true;
    },
    jump(offsetMs) {
      offset += offsetMs;
    },
  };
}
