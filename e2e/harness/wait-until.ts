/** How often a condition is looked at again. */
const pollMs = 50;

/**
 * Calls `look` until it tells something other than undefined or false, and resolves to that; rejects after `deadlineMs` with `what` and the
 * last error `look` threw, which is no end in itself: a device may still be starting.
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | false | undefined | Promise<T | false | undefined>,
  deadlineMs = 30_000,
): Promise<T> {
  const lastLook = performance.now() + deadlineMs;
  let why: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      why = undefined;
    } catch (error) {
      why = error;
    }
    if (performance.now() > lastLook) throw new Error(`not within ${deadlineMs} ms: ${what}`, { cause: why });
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Settles as `promise` does, or rejects with `what` after `deadlineMs`. */
export async function withDeadline<T>(what: string, promise: Promise<T>, deadlineMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${deadlineMs} ms: ${what}`)), deadlineMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
