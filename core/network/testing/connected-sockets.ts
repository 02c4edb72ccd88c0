import type { Connection, MultiaddrConnection, Upgrader } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { silentLog } from '../../base/base.ts';
import { createLibp2pLogger } from '../libp2p-logger.ts';
import { observedTcp } from '../observed-tcp.ts';

/** Both ends of a connection over a real socket, on which nothing is spoken yet: the dialler's first. */
export interface ConnectedSockets {
  readonly ends: readonly [MultiaddrConnection, MultiaddrConnection];
  close(): Promise<void>;
}

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

/** Connects two sockets of this machine by the transport that the product uses. */
export async function connectSockets(): Promise<ConnectedSockets> {
  const transport = observedTcp().create({ logger: createLibp2pLogger(silentLog) });
  const inbound = Promise.withResolvers<MultiaddrConnection>();
  const outbound = Promise.withResolvers<MultiaddrConnection>();
  const listener = transport.createListener({ upgrader: upgraderTo(inbound.resolve) });
  await listener.listen(multiaddr('/ip4/127.0.0.1/tcp/0'));
  const address = listener.getAddrs()[0];
  if (address === undefined) throw new Error('it listens nowhere');
  const signal = AbortSignal.timeout(20_000);
  await transport.dial(address, { upgrader: upgraderTo(outbound.resolve), signal });
  const ends = [await outbound.promise, await inbound.promise] as const;
  return {
    ends,
    async close() {
      for (const end of ends) end.abort(new Error('over'));
      await listener.close();
    },
  };
}
