import { abortReason, type Clock } from '../base/base.ts';

/** LIMIT: the head start of each address over the next; a dead one costs this much, not its whole timeout. */
const headStartMs = 250;

/** One candidate's attempt, which must settle soon after `signal` aborts. The signal of the one that is used never aborts: Node ties a socket to it for life. */
export type Attempt<T> = (candidate: string, signal: AbortSignal) => Promise<T>;

/** Tries `candidates` in order, each a little after the one before or at once when that fails; resolves with the first that works, stops the others and gives those that work all the same to `discard`. Rejects with AggregateError if none does, or with the signal's reason. After RFC 8305. */
export async function raceDials<T>(
  candidates: readonly string[],
  attempt: Attempt<T>,
  options: { readonly clock: Clock; readonly discard: (late: T) => void; readonly signal: AbortSignal },
): Promise<T> {
  const { clock, discard, signal } = options;
  const running = new Set<AbortController>();
  const errors: unknown[] = [];
  let next = 0;
  let cancelNext = (): void => {};
  return new Promise<T>((resolve, reject) => {
    let settled = false;
    const settle = (why: Error): void => {
      settled = true;
      cancelNext();
      for (const loser of running) loser.abort(why);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      if (settled) return;
      settle(abortReason(signal));
      reject(abortReason(signal));
    };
    const start = (): void => {
      cancelNext();
      const candidate = candidates[next];
      if (candidate === undefined) return;
      next += 1;
      const stop = new AbortController();
      running.add(stop);
      attempt(candidate, stop.signal).then(
        (value) => {
          running.delete(stop);
          if (settled) return discard(value);
          settle(new Error('another address answered first'));
          resolve(value);
        },
        (error: unknown) => {
          running.delete(stop);
          errors.push(error);
          if (settled) return;
          if (errors.length === candidates.length) {
            settle(new Error('no address answered'));
            reject(new AggregateError(errors, 'no address answered'));
          } else start();
        },
      );
      cancelNext = clock.after(headStartMs, start);
    };
    if (signal.aborted) return onAbort();
    if (candidates.length === 0) return reject(new AggregateError([], 'no address to dial'));
    signal.addEventListener('abort', onAbort);
    start();
  });
}
