import type { Clock } from '../clock.ts';

/** How often it is looked whether the machine slept. */
const lookMs = 10_000;
/** LIMIT: how much later than that a look may come on a machine that is only busy; a shorter sleep breaks no connection. */
const busyMs = 30_000;

/**
 * Calls `woke` soon after each sleep of the machine, until the returned function is called. Without a desktop no system tells of one: it is seen by a look that
 * comes much too late by the clock on the wall. Who puts that clock forward is taken for a sleeper too, at the cost of a look at everything.
 */
export function watchSleep({ clock, woke }: { readonly clock: Clock; woke(): void }): () => void {
  let lookedAt = clock.now();
  const look = (): void => {
    const now = clock.now();
    if (now - lookedAt > lookMs + busyMs) woke();
    lookedAt = now;
    cancel = clock.after(lookMs, look);
  };
  let cancel = clock.after(lookMs, look);
  return () => cancel();
}
