import type net from 'node:net';
import type { Connection, MultiaddrConnection, Upgrader } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { Uint8ArrayList } from 'uint8arraylist';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../base/base.ts';
import { createLibp2pLogger } from './libp2p-logger.ts';
import { observedTcp } from './observed-tcp.ts';

/** Hands over connections as they come, before anything is spoken on them. */
function upgraderTo(upgraded: (connection: MultiaddrConnection) => void): Upgrader {
  return {
    async upgradeOutbound(connection: MultiaddrConnection): Promise<Connection> {
      upgraded(connection);
      return {} as Connection;
    },
    async upgradeInbound(connection) {
      upgraded(connection);
    },
    createInboundAbortSignal: (signal) => Object.assign(signal, { clear() {} }),
    getStreamMuxers: () => new Map(),
    getConnectionEncrypters: () => new Map(),
  };
}

/** Sends a message of two parts and returns how its socket was told to write. */
async function writesOf(connection: MultiaddrConnection): Promise<readonly string[]> {
  const { socket } = connection as unknown as { readonly socket: net.Socket };
  const writes: string[] = [];
  for (const name of ['_write', '_writev'] as const) {
    const original = socket[name]?.bind(socket) as (...args: unknown[]) => void;
    socket[name] = (...args: unknown[]) => {
      writes.push(name);
      original(...args);
    };
  }
  connection.send(new Uint8ArrayList(Uint8Array.of(0, 3), Uint8Array.of(1, 2, 3)));
  return writes;
}

test('[NW20] a message and its length are written together, by who dials and by who is dialled', async () => {
  const { create } = observedTcp();
  const transport = create({ logger: createLibp2pLogger(silentLog) });
  const inbound = Promise.withResolvers<MultiaddrConnection>();
  const listener = transport.createListener({ upgrader: upgraderTo(inbound.resolve) });
  await listener.listen(multiaddr('/ip4/127.0.0.1/tcp/0'));
  onTestFinished(() => listener.close());
  const outbound = Promise.withResolvers<MultiaddrConnection>();
  const address = listener.getAddrs()[0];
  if (address === undefined) throw new Error('it listens nowhere');
  const signal = AbortSignal.timeout(20_000);
  await transport.dial(address, { upgrader: upgraderTo(outbound.resolve), signal });
  for (const connection of [await outbound.promise, await inbound.promise]) {
    onTestFinished(() => connection.abort(new Error('over')));
    expect(await writesOf(connection)).toEqual(['_writev']);
  }
  const { socket } = (await inbound.promise) as unknown as { readonly socket: net.Socket };
  expect(socket.writableCorked).toBe(0);
});
