import { throwIfAborted } from './abort.ts';
import { type Clock, sleep } from './clock.ts';

/** LIMIT: milliseconds of work on a thread that others wait for, before they have their turn. */
const stretchMs = 20;

/** To be called between the steps of long work: lets others have the thread when it was held for 20 ms, and rejects with the signal's reason once that aborts. */
export type Breathe = () => Promise<void>;

/** A {@link Breathe} whose first stretch begins now. */
export function createBreather(clock: Clock, signal: AbortSignal): Breathe {
  let heldSince = clock.monotonic();
  return async () => {
    throwIfAborted(signal);
    if (clock.monotonic() - heldSince < stretchMs) return;
    await sleep(clock, 0, signal);
    heldSince = clock.monotonic();
  };
}
