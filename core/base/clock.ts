import { abortReason } from './abort.ts';

/** Time as the engine sees it: the only source of time outside tests' own harness. */
export interface Clock {
  /** Wall time, milliseconds since 1970 UTC. May jump either way; for stamps and display only. */
  now(): number;
  /** Milliseconds that never go back; for measuring how long something takes. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. Never keeps the process alive by itself. */
  after(delayMs: number, run: () => void): () => void;
}

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortReason(signal));
      return;
    }
    const stop = (): void => {
      cancel();
      reject(abortReason(signal as AbortSignal));
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** What the clock on the wall shows at a wall time, in the time zone of this machine: the day, 0 for Monday, and the minutes since midnight. */
export function systemLocalTime(at: number): { readonly day: number; readonly minute: number } {
  const time = new Date(at);
  return { day: (time.getDay() + 6) % 7, minute: time.getHours() * 60 + time.getMinutes() };
}
