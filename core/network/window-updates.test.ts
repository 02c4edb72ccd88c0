import type net from 'node:net';
import type { Connection, MultiaddrConnection, Stream, Upgrader } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../base/base.ts';
import { guardedYamux } from './guarded-muxer.ts';
import { createLibp2pLogger } from './libp2p-logger.ts';
import { observedTcp } from './observed-tcp.ts';

const headerBytes = 12;

/** Both ends of one connection over a real socket. */
async function connected(): Promise<readonly [MultiaddrConnection, MultiaddrConnection]> {
  const upgraderTo = (resolve: (connection: MultiaddrConnection) => void): Upgrader => ({
    async upgradeOutbound(connection: MultiaddrConnection): Promise<Connection> {
      resolve(connection);
      return {} as Connection;
    },
    upgradeInbound: async (connection) => resolve(connection),
    createInboundAbortSignal: (signal) => Object.assign(signal, { clear() {} }),
    getStreamMuxers: () => new Map(),
    getConnectionEncrypters: () => new Map(),
  });
  const inbound = Promise.withResolvers<MultiaddrConnection>();
  const outbound = Promise.withResolvers<MultiaddrConnection>();
  const transport = observedTcp().create({ logger: createLibp2pLogger(silentLog) });
  const listener = transport.createListener({ upgrader: upgraderTo(inbound.resolve) });
  await listener.listen(multiaddr('/ip4/127.0.0.1/tcp/0'));
  onTestFinished(() => listener.close());
  const address = listener.getAddrs()[0];
  if (address === undefined) throw new Error('it listens nowhere');
  await transport.dial(address, {
    upgrader: upgraderTo(outbound.resolve),
    signal: AbortSignal.timeout(20_000),
  });
  const ends = [await outbound.promise, await inbound.promise] as const;
  for (const end of ends) onTestFinished(() => end.abort(new Error('over')));
  return ends;
}

test('[NW21] who receives says so when much has come, not at every frame', async () => {
  const [atSender, atReceiver] = await connected();
  const receiving = Promise.withResolvers<Stream>();
  guardedYamux()()
    .createStreamMuxer(atReceiver)
    .addEventListener('stream', (event) => receiving.resolve(event.detail));
  const sending = await guardedYamux()().createStreamMuxer(atSender).createStream();
  const stream = await receiving.promise;
  const taken: Uint8Array[] = [];
  stream.addEventListener('message', (event) => void taken.push(event.data.subarray()));
  const takenBytes = (): number => taken.reduce((sum, { length }) => sum + length, 0);
  const saidFrames = (): number =>
    (atReceiver as unknown as { readonly socket: net.Socket }).socket.bytesWritten / headerBytes;

  for (let i = 1; i <= 100; i += 1) {
    sending.send(new Uint8Array(1000).fill(i));
    await vi.waitFor(() => expect(takenBytes()).toBe(1000 * i));
  }
  // That the stream was opened, a ping at most, and that 64,000 have come.
  expect(saidFrames()).toBeLessThanOrEqual(4);

  const more = 4 * 1024 * 1024;
  sending.send(new Uint8Array(more));
  await vi.waitFor(() => expect(takenBytes()).toBe(100_000 + more), { timeout: 20_000 });
  expect(saidFrames()).toBeLessThanOrEqual(3 + (100_000 + more) / 64_000);
});
