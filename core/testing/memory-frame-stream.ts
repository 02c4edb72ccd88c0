import { abortReason, concatBytes, invariant } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import { type FrameStream, maxFrameBytes, type StreamProtocol } from '../protocol/protocol.ts';

/** Frames one direction holds before the sender has to wait, unless told otherwise. */
const defaultMaxQueuedFrames = 16;

/** Two ends of one stream in memory, with the same promises as a stream over a network: bounded, whole frames in order, copied, broken by a frame over the limit. */
export function createFrameStreamPair(
  protocol: StreamProtocol,
  { maxQueuedFrames = defaultMaxQueuedFrames }: { readonly maxQueuedFrames?: number } = {},
): readonly [FrameStream, FrameStream] {
  const there = createDirection(maxQueuedFrames);
  const back = createDirection(maxQueuedFrames);
  return [createEnd(protocol, there, back), createEnd(protocol, back, there)];
}

interface Direction {
  send(frame: Uint8Array): Promise<void>;
  receive(signal: AbortSignal | undefined): Promise<Uint8Array | undefined>;
  finish(): void;
  breakOff(forSender: Error, forReceiver: Error): void;
}

function createEnd(protocol: StreamProtocol, outgoing: Direction, incoming: Direction): FrameStream {
  const abort = (reason: Error): void => {
    const told = new SyncError('interrupted', { what: protocol }, { retry: 'soon' });
    outgoing.breakOff(reason, told);
    incoming.breakOff(told, reason);
  };
  return {
    protocol,
    async send(...parts) {
      const frame = concatBytes(parts);
      if (frame.length > maxFrameBytes[protocol]) {
        abort(new SyncError('peer-misbehaved', { what: 'frame-too-long' }));
      }
      await outgoing.send(frame);
    },
    receive: (signal) => incoming.receive(signal),
    finish() {
      outgoing.finish();
      return Promise.resolve();
    },
    abort,
  };
}

function createDirection(maxQueuedFrames: number): Direction {
  const queue: Uint8Array[] = [];
  const wakeSenders: (() => void)[] = [];
  let wakeReceiver: (() => void) | undefined;
  let finished = false;
  let broken: { readonly forSender: Error; readonly forReceiver: Error } | undefined;
  const wake = (): void => {
    for (const resolve of wakeSenders.splice(0)) resolve();
    wakeReceiver?.();
  };
  return {
    async send(frame) {
      if (broken !== undefined) throw broken.forSender;
      if (finished) throw new SyncError('interrupted', { what: 'stream-finished' });
      queue.push(frame);
      wakeReceiver?.();
      while (queue.length >= maxQueuedFrames) {
        await new Promise<void>((resolve) => wakeSenders.push(resolve));
        if (broken !== undefined) throw (broken as { forSender: Error }).forSender;
      }
    },
    async receive(signal) {
      invariant(wakeReceiver === undefined, 'one receive at a time');
      for (;;) {
        if (signal?.aborted === true) throw abortReason(signal);
        if (broken !== undefined) throw broken.forReceiver;
        const frame = queue.shift();
        if (frame !== undefined) {
          for (const resolve of wakeSenders.splice(0)) resolve();
          return frame;
        }
        if (finished) return undefined;
        await new Promise<void>((resolve) => {
          wakeReceiver = resolve;
          signal?.addEventListener('abort', wake);
        });
        signal?.removeEventListener('abort', wake);
        wakeReceiver = undefined;
      }
    },
    finish() {
      finished = true;
      wake();
    },
    breakOff(forSender, forReceiver) {
      broken ??= { forSender, forReceiver };
      queue.length = 0;
      wake();
    },
  };
}
