import type { Connection as Libp2pConnection, Stream } from '@libp2p/interface';
import { CODE_P2P } from '@multiformats/multiaddr';
import { throwIfAborted } from '../base/base.ts';
import { type FrameStream, type StreamProtocol } from '../protocol/protocol.ts';
import type { WireMeter } from './gatekeeper.ts';
import { createLibp2pFrameStream } from './libp2p-frame-stream.ts';
import type { Connection, Pace, PacedLink } from './network-interface.ts';

/** LIMIT: how long the other side may take to agree to a stream. */
const openStreamTimeoutMs = 10_000;

/** A {@link Connection} and what only the network does with it. */
export interface OpenConnection extends Connection {
  /** Takes a stream the other side opened; in the tick it came. */
  accept(stream: Stream, protocol: StreamProtocol): FrameStream;
}

export function createLibp2pConnection(
  connection: Libp2pConnection,
  { peer, isNear, meter, pace }: PacedLink & { readonly meter: WireMeter; readonly pace: Pace },
): OpenConnection {
  let sentBytes = 0;
  let receivedBytes = 0;
  let brokenBy: Error | undefined;
  const closed = new Promise<Error>((resolve) => {
    const over = (error?: Error): void =>
      resolve(brokenBy ?? error ?? new Error('the other side closed the connection'));
    connection.addEventListener('close', (event) => over(event.error));
    if (connection.status !== 'open') over();
  });
  const link: PacedLink = { peer, isNear };
  /** Only whoever answers on a stream for blocks sends any. */
  const framesOn = (stream: Stream, protocol: StreamProtocol, role: 'asks' | 'answers'): FrameStream => {
    const carriesBlocks = protocol === '/lockstep/blk/1';
    const sendsBlocks = carriesBlocks && role === 'answers';
    const received = carriesBlocks && role === 'asks' ? 'blocks' : 'other';
    return createLibp2pFrameStream({
      stream,
      protocol,
      take: (wanted) => (sendsBlocks ? pace.take(link, wanted) : wanted),
      onSent: (bytes) => {
        sentBytes += bytes;
        if (!sendsBlocks) pace.sent(link, bytes);
      },
      onReceived: (bytes) => {
        receivedBytes += bytes;
        pace.received(link, bytes, received);
      },
    });
  };

  return {
    peer,
    isNear,
    dialled: connection.direction === 'outbound',
    address: connection.remoteAddr.decapsulateCode(CODE_P2P).toString(),
    accept: (stream, protocol) => framesOn(stream, protocol, 'answers'),
    async openStream(protocol, signal) {
      throwIfAborted(signal);
      const timeout = AbortSignal.timeout(openStreamTimeoutMs);
      const stream = await connection.newStream(protocol, {
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return framesOn(stream, protocol, 'asks');
    },
    abort(reason) {
      brokenBy ??= reason;
      try {
        connection.abort(reason);
      } catch {
        // It closed under us, which is all that was wanted.
      }
    },
    closed,
    traffic: () => ({ sentBytes, receivedBytes, lastReceivedAt: meter.lastReceivedAt }),
  };
}
