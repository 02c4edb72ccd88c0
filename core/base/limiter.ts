import { abortReason } from './abort.ts';

/** Lets at most a fixed number of tasks run at once; the others wait in the order they came. */
export interface Limiter {
  /** Runs `task` when there is room; rejects with the signal's reason if it aborts while waiting. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** How many run now, and how many wait. */
  readonly load: { readonly running: number; readonly waiting: number };
}

/** A {@link Limiter} with room for `limit` tasks. */
export function createLimiter(limit: number): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];
  const enter = (signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return Promise.reject(abortReason(signal));
    if (running < limit) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        waiting.splice(waiting.indexOf(admit), 1);
        reject(abortReason(signal as AbortSignal));
      };
      const admit = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      waiting.push(admit);
      signal?.addEventListener('abort', stop, { once: true });
    });
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    async run(task, signal) {
      await enter(signal);
      try {
        return await task();
      } finally {
        leave();
      }
    },
    get load() {
      return { running, waiting: waiting.length };
    },
  };
}
