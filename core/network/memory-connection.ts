import { abortReason, type Clock, throwIfAborted } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { FrameStream, StreamProtocol } from '../protocol/protocol.ts';
import type { MemoryLink } from './memory-link.ts';
import { createMemoryStreams, type MemoryStream } from './memory-stream.ts';
import type { Connection, Pace } from './network-interface.ts';

/** LIMIT: streams one side may have open on a connection, as in the product. */
const maxStreams = 32;
const openStreamTimeoutMs = 10_000;

/** One end of a connection in memory, and what its lan does to it. */
export interface MemoryConnection extends Connection {
  /** Ends it here, as news from the other side or the lan. */
  over(reason: Error): void;
  truncateStreams(): void;
}

/** What one end is: the other device, the way to it, and who answers streams there. */
export interface MemoryEnd {
  readonly peer: DeviceKey;
  readonly address: string;
  readonly dialled: boolean;
  readonly out: MemoryLink;
  readonly pace: Pace;
  /** Hands a stream the other side opened to this device; false if it has no handler for it. */
  readonly onStream: (stream: FrameStream, connection: Connection) => boolean;
  readonly onOver: (connection: MemoryConnection) => void;
}

/** Both ends of a new connection. */
export function createMemoryConnections(
  clock: Clock,
  a: MemoryEnd,
  b: MemoryEnd,
): [MemoryConnection, MemoryConnection] {
  const first: Inner = createEnd(clock, a, () => second);
  const second: Inner = createEnd(clock, b, () => first);
  return [first, second];
}

interface Inner extends MemoryConnection {
  readonly end: StreamEnd;
  open(stream: MemoryStream): boolean;
  /** Runs `run` at the other end, as something that came from here. */
  reply(run: () => void): void;
  hear(run: () => void): void;
}
type StreamEnd = Parameters<typeof createMemoryStreams>[1];

function createEnd(
  clock: Clock,
  { peer, address, dialled, out, pace, onStream, onOver }: MemoryEnd,
  other: () => Inner,
): Inner {
  const streams = new Set<MemoryStream>();
  let sentBytes = 0;
  let receivedBytes = 0;
  let lastReceivedAt = clock.monotonic();
  let reason: Error | undefined;
  let tellClosed: (reason: Error) => void = () => {};
  const closed = new Promise<Error>((resolve) => {
    tellClosed = resolve;
  });
  /** Whatever comes from the other side counts as heard, and comes too late once this end is over. */
  const arriving = (run: () => void): void => {
    lastReceivedAt = clock.monotonic();
    if (reason === undefined) run();
  };
  const over = (why: Error): void => {
    if (reason !== undefined) return;
    reason = why;
    for (const stream of streams) stream.fail(why);
    onOver(inner);
    tellClosed(why);
  };
  const isNear = false;
  const link = { peer, isNear };
  const end: StreamEnd = {
    out,
    take: (wanted) => pace.take(link, wanted),
    onSent: (bytes, what) => {
      sentBytes += bytes;
      if (what === 'other') pace.sent(link, bytes);
    },
    onReceived: (bytes, what) => {
      receivedBytes += bytes;
      pace.received(link, bytes, what);
      lastReceivedAt = clock.monotonic();
    },
    onClosed: (stream) => streams.delete(stream),
  };
  const inner: Inner = {
    peer,
    isNear,
    address,
    dialled,
    closed,
    end,
    over,
    openStream(protocol: StreamProtocol, signal) {
      return new Promise((resolve, reject) => {
        throwIfAborted(signal);
        if (reason !== undefined) throw reason;
        const [here, there] = createMemoryStreams(protocol, end, other().end);
        streams.add(here);
        const settle = (): void => {
          cancel();
          signal?.removeEventListener('abort', stop);
        };
        const refuse = (why: Error): void => {
          settle();
          here.fail(why);
          reject(why);
        };
        const stop = (): void => refuse(abortReason(signal as AbortSignal));
        const cancel = clock.after(openStreamTimeoutMs, () =>
          refuse(new Error('the stream was not answered')),
        );
        signal?.addEventListener('abort', stop, { once: true });
        void closed.then(refuse);
        out.put(() => {
          const accepted = other().open(there);
          other().reply(() => {
            if (!accepted) return refuse(new Error('the stream was refused'));
            settle();
            resolve(here);
          });
        });
      });
    },
    open(stream) {
      let accepted = false;
      arriving(() => {
        if (streams.size >= maxStreams) return;
        streams.add(stream);
        accepted = onStream(stream, inner);
        if (!accepted) streams.delete(stream);
      });
      return accepted;
    },
    reply: (run) => out.put(() => other().hear(run)),
    hear: arriving,
    abort(why) {
      if (reason !== undefined) return;
      over(why);
      out.put(() => other().over(new Error('the other side closed the connection')));
    },
    truncateStreams() {
      for (const stream of streams) stream.truncate();
    },
    traffic: () => ({ sentBytes, receivedBytes, lastReceivedAt }),
  };
  return inner;
}
