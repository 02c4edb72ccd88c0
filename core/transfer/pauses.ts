import { type Clock, type Random, randomFraction } from '../base/base.ts';

/** Milliseconds for which a holder that failed is left alone, doubled each time it fails again. */
const firstPauseMs = 1000;
const lastPauseMs = 60_000;
/** LIMIT: things a holder failed at that are remembered; the oldest is forgotten first. */
const maxRemembered = 4096;

/** What one holder failed at lately, and when to ask it again. */
export interface Pauses {
  /** Whether `what` is not to be asked now. */
  has(what: string): boolean;
  failed(what: string): void;
  succeeded(what: string): void;
}

/** No pauses yet. */
export function createPauses(clock: Clock, random: Random): Pauses {
  const pauses = new Map<string, { readonly until: number; readonly failures: number }>();
  return {
    has(what) {
      const pause = pauses.get(what);
      return pause !== undefined && clock.monotonic() < pause.until;
    },
    failed(what) {
      const failures = (pauses.get(what)?.failures ?? 0) + 1;
      const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 16), lastPauseMs);
      // Spread, so that holders which failed together are not all asked together again.
      const until = clock.monotonic() + pauseMs * (0.75 + randomFraction(random) / 2);
      pauses.delete(what);
      pauses.set(what, { until, failures });
      for (const oldest of pauses.keys()) {
        if (pauses.size <= maxRemembered) break;
        pauses.delete(oldest);
      }
    },
    succeeded(what) {
      pauses.delete(what);
    },
  };
}
