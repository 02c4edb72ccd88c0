import { abortReason, concatBytes, invariant } from '../base/base.ts';
import { type FrameStream, maxFrameBytes, type StreamProtocol } from '../protocol/protocol.ts';
import type { MemoryLink } from './memory-link.ts';

/** LIMIT: bytes under way or unread on one stream and direction before its sender has to wait. */
const windowBytes = 1024 * 1024;

/** What the two ends of a stream do to one another; the world outside sees only its {@link FrameStream}. */
export interface MemoryStream extends FrameStream {
  /** Ends it as a connection does that just stops: no end frame, no error on the wire. */
  truncate(): void;
  /** Ends it without telling the other side. */
  fail(reason: Error): void;
}

interface End {
  readonly out: MemoryLink;
  /** Asked before bytes of blocks are sent, as in the product. */
  readonly take: (wanted: number) => number | Promise<number>;
  readonly onSent: (bytes: number, what: 'blocks' | 'other') => void;
  readonly onReceived: (bytes: number, what: 'blocks' | 'other') => void;
  readonly onClosed: (stream: MemoryStream) => void;
}

/** The two ends of one stream. */
export function createMemoryStreams(
  protocol: StreamProtocol,
  here: End,
  there: End,
): [MemoryStream, MemoryStream] {
  const answers = protocol === '/lockstep/blk/1' ? 'blocks' : 'other';
  const first: MemoryStream = createEnd(protocol, here, {
    sends: 'other',
    receives: answers,
    other: () => second,
  });
  const second: Inner = createEnd(protocol, there, {
    sends: answers,
    receives: 'other',
    other: () => first as Inner,
  });
  return [first, second];
}

interface Inner extends MemoryStream {
  deliver(frame: Uint8Array | 'end'): void;
  credit(bytes: number): void;
}

function createEnd(
  protocol: StreamProtocol,
  end: End,
  {
    sends,
    receives,
    other,
  }: {
    readonly sends: 'blocks' | 'other';
    readonly receives: 'blocks' | 'other';
    readonly other: () => Inner;
  },
): Inner {
  const unread: (Uint8Array | 'end')[] = [];
  let outstanding = 0;
  let remoteFinished = false;
  let truncated = false;
  let failure: Error | undefined;
  let waiting: { resolve(frame: Uint8Array | undefined): void; reject(reason: Error): void } | undefined;
  let roomWaiters: (() => void)[] = [];
  let lastSend: Promise<void> = Promise.resolve();
  let finishing: Promise<void> | undefined;

  const wakeSenders = (): void => {
    const woken = roomWaiters;
    roomWaiters = [];
    for (const wake of woken) wake();
  };
  const fail = (reason: Error): void => {
    if (failure !== undefined) return;
    failure = reason;
    unread.length = 0;
    const waited = waiting;
    waiting = undefined;
    waited?.reject(reason);
    wakeSenders();
    end.onClosed(inner);
  };
  const closeIfDone = (): void => {
    if (remoteFinished && finishing !== undefined) end.onClosed(inner);
  };
  const settle = (): void => {
    if (waiting === undefined) return;
    const frame = remoteFinished ? 'end' : unread.shift();
    if (frame === undefined) {
      if (truncated) fail(new Error('the stream ended without saying so'));
      return;
    }
    const settled = waiting;
    waiting = undefined;
    if (frame === 'end') {
      remoteFinished = true;
      closeIfDone();
      settled.resolve(undefined);
      return;
    }
    end.out.put(() => other().credit(frame.length));
    settled.resolve(frame);
  };
  const put = async (frame: Uint8Array | 'end'): Promise<void> => {
    while (failure === undefined && outstanding >= windowBytes) {
      await new Promise<void>((resolve) => roomWaiters.push(resolve));
    }
    const bytes = frame === 'end' ? 0 : frame.length;
    for (let left = sends === 'blocks' ? bytes : 0; left > 0; ) {
      if (failure !== undefined) break;
      const turn = end.take(left);
      left -= typeof turn === 'number' ? turn : await turn;
    }
    if (failure !== undefined) throw failure;
    outstanding += bytes;
    end.onSent(bytes, sends);
    end.out.put(() => other().deliver(frame));
  };
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const turn = lastSend.then(task);
    lastSend = turn.catch(() => {});
    return turn;
  };

  const inner: Inner = {
    protocol,
    async send(...parts) {
      if (failure !== undefined) throw failure;
      invariant(finishing === undefined, 'nothing is sent after finish');
      const frame = concatBytes(parts);
      invariant(
        frame.length <= maxFrameBytes[protocol],
        `a frame of ${frame.length} bytes is over the limit of ${protocol}`,
      );
      await inTurn(() => put(frame));
    },
    receive(signal) {
      return new Promise((resolve, reject) => {
        invariant(waiting === undefined, 'one receive at a time');
        if (failure !== undefined) return reject(failure);
        if (signal?.aborted === true) return reject(abortReason(signal));
        const stop = (): void => {
          waiting = undefined;
          reject(abortReason(signal as AbortSignal));
        };
        signal?.addEventListener('abort', stop, { once: true });
        waiting = {
          resolve(frame) {
            signal?.removeEventListener('abort', stop);
            resolve(frame);
          },
          reject(reason) {
            signal?.removeEventListener('abort', stop);
            reject(reason);
          },
        };
        settle();
      });
    },
    finish() {
      if (finishing === undefined) {
        finishing = inTurn(() => put('end'));
        finishing.then(closeIfDone, () => {});
      }
      return finishing;
    },
    abort(reason) {
      if (failure !== undefined) return;
      fail(reason);
      end.out.put(() => other().fail(new Error('the stream was reset')));
    },
    fail,
    truncate() {
      truncated = true;
      settle();
    },
    deliver(frame) {
      end.onReceived(frame === 'end' ? 0 : frame.length, receives);
      if (failure !== undefined || truncated) return;
      unread.push(frame);
      settle();
    },
    credit(bytes) {
      outstanding -= bytes;
      wakeSenders();
    },
  };
  return inner;
}
