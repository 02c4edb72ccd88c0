import { noise } from '@chainsafe/libp2p-noise';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';

/** The protocols that members speak. */
export const protocols = ['beat', 'trust', 'pair', 'profile', 'ctl', 'blk'].map(
  (name) => `/lockstep/${name}/1`,
);

/** A device by the product's own network code, with a key that nobody let in. */
export async function startRogue(listen: readonly string[] = []): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    connectionManager: { maxParallelDials: 64, dialTimeout: 5_000 },
  });
  await node.start();
  return node;
}

/** What asking for streams on a connection brought. */
export interface Asked {
  /** Bytes that came on each protocol a stream was opened on. */
  readonly heard: Map<string, number>;
}

/** Dials, asks for a stream on each of these protocols, sends `frame` on those it gets and listens for a moment. */
export async function dialAndAsk(
  node: Libp2p,
  address: string,
  wanted: readonly string[],
  frame: Uint8Array,
): Promise<Asked | 'refused'> {
  let connection: Connection;
  try {
    connection = await node.dial(multiaddr(address));
  } catch {
    return 'refused';
  }
  const asked: Asked = { heard: new Map() };
  const closed = new Promise<void>((resolve) => connection.addEventListener('close', () => resolve()));
  await Promise.race([
    closed,
    Promise.all(wanted.map((protocol) => askOne(connection, protocol, frame, asked))),
  ]);
  connection.abort(new Error('done'));
  return asked;
}

async function askOne(
  connection: Connection,
  protocol: string,
  frame: Uint8Array,
  asked: Asked,
): Promise<void> {
  let stream: Stream;
  try {
    stream = await connection.newStream(protocol, { signal: AbortSignal.timeout(5_000) });
  } catch {
    return;
  }
  asked.heard.set(protocol, 0);
  const over = new Promise<void>((resolve) => stream.addEventListener('close', () => resolve()));
  stream.addEventListener('message', ({ data }) => {
    asked.heard.set(protocol, (asked.heard.get(protocol) ?? 0) + data.byteLength);
  });
  try {
    stream.send(frame);
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    stream.abort(new Error('enough'));
  } catch {
    // It was reset meanwhile: that is the answer.
  }
}
