import { abortReason, type Clock } from '../base/base.ts';

/** A sleeper that others wake; a wake-up while nobody sleeps makes the next sleep end at once. */
export interface WakeUp {
  wake(): void;
  /** Resolves when woken or after `atMostMs`; rejects with the signal's reason. One sleeper at a time. */
  wait(atMostMs: number, signal: AbortSignal): Promise<void>;
}

/** A {@link WakeUp} on the given clock. */
export function createWakeUp(clock: Clock): WakeUp {
  let isWoken = false;
  let rouse: (() => void) | undefined;
  return {
    wake() {
      isWoken = true;
      rouse?.();
    },
    wait(atMostMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(abortReason(signal));
          return;
        }
        const done = (): void => {
          isWoken = false;
          rouse = undefined;
          cancel();
          signal.removeEventListener('abort', stop);
        };
        const stop = (): void => {
          done();
          reject(abortReason(signal));
        };
        const wakeNow = (): void => {
          done();
          resolve();
        };
        const cancel = clock.after(isWoken ? 0 : atMostMs, wakeNow);
        rouse = wakeNow;
        signal.addEventListener('abort', stop, { once: true });
      });
    },
  };
}
