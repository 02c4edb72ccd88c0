/** LIMIT: ends of the engine within a minute after which it is not started again by itself. */
const maxEnds = 5;
const spanMs = 60_000;
const firstWaitMs = 200;

/** Decides what follows an end of the engine's process. */
export interface RestartPolicy {
  /** Takes note of an end at `now` (milliseconds): how long to wait before the next start, or undefined to give up. */
  ended(now: number): number | undefined;
  /** A person asked for a new start: the ends so far count no more. */
  forget(): void;
}

/** Waits 0.2 s after the first end within a minute and twice as long after each further one; gives up after the fifth. */
export function createRestartPolicy(): RestartPolicy {
  let ends: readonly number[] = [];
  return {
    ended(now) {
      ends = [...ends.filter((at) => at > now - spanMs), now];
      return ends.length > maxEnds ? undefined : firstWaitMs * 2 ** (ends.length - 1);
    },
    forget() {
      ends = [];
    },
  };
}
