import type { MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import { yamux } from '@libp2p/yamux';
import { withFewerWindowUpdates } from './window-updates.ts';

const MiB = 1024 * 1024;
/** LIMIT: streams the other side may have open at once. */
export const maxInboundStreams = 32;
/** LIMIT: bytes a sender may have under way on a stream. As fast as yamux's 16 MiB, but a heartbeat does not wait behind so much. */
export const streamWindowBytes = MiB;
/** LIMIT: of one muxer frame. yamux itself checks a frame against the window only when all of it, up to 4 GiB, is in memory. */
const maxMuxerFrameBytes = 2 * MiB;
/** LIMIT: answers to pings and window updates waiting for a peer that sends but does not read. */
const maxMuxerUnsentBytes = 8 * MiB;

/** Yamux with a bound on everything it holds for a peer. */
export function guardedYamux(): () => StreamMuxerFactory {
  const create = yamux({
    maxInboundStreams,
    streamOptions: { maxStreamWindowSize: streamWindowBytes, maxWriteBufferLength: 8 * MiB },
  });
  return () => {
    const factory: StreamMuxerFactory = create();
    return {
      ...describe(factory),
      protocol: factory.protocol,
      createStreamMuxer(connection) {
        const muxer = withFewerWindowUpdates(factory.createStreamMuxer(connection));
        connection.addEventListener('message', () => check(connection, muxer));
        return muxer;
      },
    };
  };
}

function check(connection: MessageStream, muxer: StreamMuxer): void {
  const pending = unparsedBytes(muxer);
  if (pending <= maxMuxerFrameBytes && connection.writeBufferLength <= maxMuxerUnsentBytes) return;
  const reason = new Error(pending > maxMuxerFrameBytes ? 'muxer frame too long' : 'peer does not read');
  try {
    muxer.abort(reason);
  } finally {
    connection.abort(reason);
  }
}

/** What yamux's decoder holds. It is not in the muxer's interface; libp2p-hostile.test.ts fails if it moves. */
function unparsedBytes(muxer: StreamMuxer): number {
  return (muxer as { decoder?: { buffer?: { byteLength: number } } }).decoder?.buffer?.byteLength ?? 0;
}

/** The symbols by which libp2p recognises what a component is. */
function describe(factory: StreamMuxerFactory): Record<symbol, unknown> {
  const described: Record<symbol, unknown> = {};
  for (const key of Object.getOwnPropertySymbols(factory)) described[key] = Reflect.get(factory, key);
  return described;
}
