import type { Stream } from '@libp2p/interface';
import { Uint8ArrayList } from 'uint8arraylist';
import { abortReason, invariant } from '../base/base.ts';
import { type FrameStream, maxFrameBytes, type StreamProtocol } from '../protocol/protocol.ts';
import { createByteQueue } from './byte-queue.ts';
import { createFrameReader, endHeader, frameHeader } from './frame-codec.ts';

/** LIMIT: unread bytes at which the stream is paused; the muxer's window of 1 MiB may still come in after that. */
const highWaterBytes = 1024 * 1024;
/** LIMIT: unread bytes at which a paused stream flows again. */
const lowWaterBytes = 256 * 1024;
/** LIMIT: a piece and the muxer's header fit one Noise message of 65,519 bytes, so no tiny remainder travels on its own. */
const pieceBytes = 65_000;
/** LIMIT: sends that may wait for earlier ones on the same stream; more means that a caller does not await them. */
const maxWaitingSends = 256;

/** What a {@link createLibp2pFrameStream} needs: `stream` without a listener yet, who says how much may be sent next, and whom to tell of bytes that passed. */
export interface FrameStreamParts {
  readonly stream: Stream;
  readonly protocol: StreamProtocol;
  readonly take: (wanted: number) => number | Promise<number>;
  readonly onSent: (bytes: number) => void;
  readonly onReceived: (bytes: number) => void;
}

/** Frames over one libp2p stream, with back-pressure both ways. It must be made in the same tick the stream was handed over. */
export function createLibp2pFrameStream({
  stream,
  protocol,
  take: takeTurn,
  onSent,
  onReceived,
}: FrameStreamParts): FrameStream {
  const queue = createByteQueue();
  const reader = createFrameReader(maxFrameBytes[protocol]);
  let failure: Error | undefined;
  let transportEnded = false;
  let remoteFinished = false;
  let resuming = false;
  let waiting: { resolve(frame: Uint8Array | undefined): void; reject(reason: Error): void } | undefined;

  const fail = (reason: Error): void => {
    if (failure !== undefined) return;
    failure = reason;
    queue.clear();
    const waited = waiting;
    waiting = undefined;
    waited?.reject(reason);
  };
  const breakOff = (reason: Error): void => {
    fail(reason);
    try {
      stream.abort(reason);
    } catch {
      // It is over already, which is all that was wanted.
    }
  };

  // --- Reading. The only back-pressure libp2p has is pause and resume; its own iterators buffer without end.
  const pauseIfFull = (): void => {
    // Inside resume() a pause would be forgotten: resume() goes on to open the window. It is asked again afterwards.
    if (resuming || queue.length < highWaterBytes || stream.readStatus !== 'readable') return;
    stream.pause();
  };
  const resumeIfRoom = (): void => {
    if (resuming || queue.length > lowWaterBytes || stream.readStatus !== 'paused') return;
    resuming = true;
    try {
      stream.resume();
    } catch {
      // The connection closed under it; what had arrived was handed over before it threw.
    }
    resuming = false;
    pauseIfFull();
  };
  /** Gives the one who waits what there is for him, if anything. */
  const settle = (): void => {
    if (waiting === undefined) return;
    const settled = waiting;
    try {
      const frame = remoteFinished ? 'end' : reader.next(queue);
      if (frame === undefined) {
        if (transportEnded && queue.length === 0) breakOff(new Error('the stream ended without saying so'));
        return;
      }
      waiting = undefined;
      if (frame === 'end') remoteFinished = true;
      settled.resolve(frame === 'end' ? undefined : frame);
    } catch (error) {
      breakOff(error as Error);
    }
  };
  const take = (data: Uint8Array | Uint8ArrayList): void => {
    onReceived(data.byteLength);
    if (failure !== undefined || remoteFinished) return;
    if (data instanceof Uint8Array) queue.push(data);
    else for (const chunk of data) queue.push(chunk);
    settle();
    pauseIfFull();
  };
  const isBroken = (): boolean => stream.status === 'aborted' || stream.status === 'reset';
  const onEnd = (): void => {
    // A broken stream says why right afterwards, by `close`.
    if (isBroken()) return;
    transportEnded = true;
    settle();
  };
  stream.addEventListener('end', onEnd);
  stream.addEventListener('close', (event) => {
    if (event.error !== undefined) fail(event.error);
  });
  stream.addEventListener('message', (event) => take(event.data));
  if (stream.readableEnded) onEnd();
  if (isBroken()) fail(new Error('the stream was reset'));

  // --- Writing. libp2p's onDrain() works only once in a stream's life, so this listens to the events themselves.
  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      const changed = (): void => {
        for (const event of ['drain', 'idle', 'close'] as const) stream.removeEventListener(event, changed);
        resolve();
      };
      for (const event of ['drain', 'idle', 'close'] as const) stream.addEventListener(event, changed);
    });
  const throwIfOver = (): void => {
    if (failure !== undefined) throw failure;
    if (stream.status !== 'open') throw new Error('the stream is over');
  };
  /** Until everything handed over is sealed or on its way: the buffers are the caller's again, and another stream's drain has not been taken for this one's. */
  const flushed = async (): Promise<void> => {
    while (stream.writableNeedsDrain || stream.writeBufferLength > 0) {
      throwIfOver();
      await nextChange();
    }
  };
  const write = async (parts: readonly Uint8Array[]): Promise<void> => {
    await flushed();
    const left = new Uint8ArrayList(...parts);
    while (left.byteLength > 0) {
      const turn = takeTurn(Math.min(left.byteLength, pieceBytes));
      const bytes = typeof turn === 'number' ? turn : await turn;
      throwIfOver();
      stream.send(left.sublist(0, bytes));
      left.consume(bytes);
      onSent(bytes);
      await flushed();
    }
  };
  let lastWrite: Promise<void> = Promise.resolve();
  let waitingSends = 0;
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const turn = lastWrite.then(task);
    lastWrite = turn.catch(() => {});
    return turn;
  };
  let finishing: Promise<void> | undefined;

  return {
    protocol,
    async send(...parts) {
      throwIfOver();
      invariant(finishing === undefined, 'nothing is sent after finish');
      const bytes = parts.reduce((sum, part) => sum + part.length, 0);
      invariant(
        bytes <= maxFrameBytes[protocol],
        `a frame of ${bytes} bytes is over the limit of ${protocol}`,
      );
      invariant(waitingSends < maxWaitingSends, `sends on ${protocol} are awaited`);
      waitingSends += 1;
      try {
        await inTurn(() => write([frameHeader(bytes), ...parts]));
      } finally {
        waitingSends -= 1;
      }
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
        resumeIfRoom();
      });
    },
    finish() {
      if (finishing === undefined) {
        finishing = inTurn(async () => {
          await write([endHeader]);
          await stream.close();
        });
        finishing.catch(() => {});
      }
      return finishing;
    },
    abort: breakOff,
  };
}
