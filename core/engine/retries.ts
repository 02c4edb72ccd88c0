import type { Clock } from '../base/base.ts';
import type { RelativePath } from '../model/path.ts';

/** LIMIT: the first wait after a failure and the longest, milliseconds; each failure doubles it. */
const firstWaitMs = 250;
const longestWaitMs = 60_000;

/** When paths that failed may be tried again. */
export interface Retries {
  mayTry(path: RelativePath): boolean;
  /** Notes a failure; returns how many there were in a row. */
  failed(path: RelativePath): number;
  /** How many failures in a row. */
  failures(path: RelativePath): number;
  succeeded(path: RelativePath): void;
  /** Whether any wait has ended since this was asked last; one of a path that is not `free` is still to be asked for. */
  takeDue(isFree: (path: RelativePath) => boolean): boolean;
  /** Something changed that may help all of them: a device came, the disk is back. */
  all(): void;
  /** Monotonic milliseconds at which the next one may be tried, undefined if none waits. */
  nextAt(): number | undefined;
}

/** Nothing has failed yet. */
export function createRetries(clock: Clock): Retries {
  const waiting = new Map<
    RelativePath,
    { readonly at: number; readonly waitMs: number; readonly times: number; isTaken?: boolean }
  >();
  return {
    mayTry: (path) => (waiting.get(path)?.at ?? 0) <= clock.monotonic(),
    failed(path) {
      const last = waiting.get(path);
      const waitMs = Math.min(longestWaitMs, (last?.waitMs ?? firstWaitMs / 2) * 2);
      const times = (last?.times ?? 0) + 1;
      waiting.set(path, { at: clock.monotonic() + waitMs, waitMs, times });
      return times;
    },
    failures: (path) => waiting.get(path)?.times ?? 0,
    succeeded: (path) => void waiting.delete(path),
    takeDue(isFree) {
      const now = clock.monotonic();
      let isDue = false;
      for (const [path, item] of waiting) {
        if (item.isTaken === true || item.at > now || !isFree(path)) continue;
        item.isTaken = true;
        isDue = true;
      }
      return isDue;
    },
    all() {
      for (const [path, { waitMs, times }] of waiting)
        waiting.set(path, { at: 0, waitMs: Math.min(waitMs, 1_000), times });
    },
    nextAt() {
      const now = clock.monotonic();
      let next: number | undefined;
      for (const { at } of waiting.values()) if (at > now && (next === undefined || at < next)) next = at;
      return next;
    },
  };
}
