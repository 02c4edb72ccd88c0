import { abortReason, type Clock } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { IndexMessage } from '../protocol/protocol.ts';

/** LIMIT: milliseconds without any frame from the peer after which what was asked is given up. */
export const silenceMs = 60_000;

/** A message that asks, or answers, under an id. */
type WithId = Extract<IndexMessage, { readonly id: number }>;

/** Takes one message of an answer; resolves to whether the answer is complete, rejects to refuse all of it. */
type TakeAnswer = (answer: WithId) => Promise<boolean>;

/** The questions this side has asked and waits for. */
export interface Requests {
  /** Asks, and gives each message of the answer to `take`, one at a time. Settles with the last, or rejects: what `take` threw, a silent peer, an abort, the end. */
  ask(question: (id: number) => IndexMessage, take: TakeAnswer, signal?: AbortSignal): Promise<void>;
  /** Routes a message of an answer; resolves when it was taken. Messages nobody waits for are dropped. */
  answered(answer: WithId): Promise<void>;
  /** A frame came in or was dealt with: the peer is not silent. */
  heard(): void;
  /** Rejects all that is open, and all that will be asked. */
  end(reason: Error): void;
}

interface Pending {
  readonly take: TakeAnswer;
  settle(error?: Error): void;
}

/** Questions over one stream, sent by `send`. */
export function createRequests(clock: Clock, send: (message: IndexMessage) => Promise<void>): Requests {
  const open = new Map<number, Pending>();
  let lastId = 0;
  let lastHeardAt = 0;
  let ended: Error | undefined;
  let cancelWatch: (() => void) | undefined;

  function watch(): void {
    cancelWatch = clock.after(lastHeardAt + silenceMs - clock.monotonic(), () => {
      cancelWatch = undefined;
      if (open.size === 0) return;
      if (clock.monotonic() - lastHeardAt >= silenceMs)
        for (const pending of open.values())
          pending.settle(new SyncError('timed-out', {}, { retry: 'soon' }));
      else watch();
    });
  }

  return {
    ask(question, take, signal) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        const stop = (): void => settle(abortReason(signal as AbortSignal));
        const settle = (error?: Error): void => {
          open.delete(id);
          signal?.removeEventListener('abort', stop);
          if (open.size === 0) {
            cancelWatch?.();
            cancelWatch = undefined;
          }
          if (error === undefined) resolve();
          else reject(error);
        };
        if (signal?.aborted === true) {
          reject(abortReason(signal));
          return;
        }
        signal?.addEventListener('abort', stop, { once: true });
        open.set(id, { take, settle });
        if (cancelWatch === undefined) {
          lastHeardAt = clock.monotonic();
          watch();
        }
        send(question(id)).catch((error: unknown) => settle(toError(error)));
      });
    },
    async answered(answer) {
      const pending = open.get(answer.id);
      if (pending === undefined) return;
      try {
        if (await pending.take(answer)) pending.settle();
      } catch (error) {
        pending.settle(toError(error));
      }
    },
    heard() {
      lastHeardAt = clock.monotonic();
    },
    end(reason) {
      ended ??= reason;
      for (const pending of open.values()) pending.settle(reason);
    },
  };
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('not an error was thrown', { cause: thrown });
}
