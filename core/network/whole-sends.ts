import type net from 'node:net';
import type { MultiaddrConnection, Upgrader } from '@libp2p/interface';

/** What a connection of `@libp2p/tcp` is besides: the socket it writes to, and how it does. */
export interface SocketConnection {
  readonly socket: Pick<net.Socket, 'cork' | 'uncork'>;
  sendData(data: Iterable<Uint8Array>): { readonly sentBytes: number; readonly canSendMore: boolean };
}

/** Makes an upgrader's connections write what is sent at once as one piece: libp2p writes each part by itself, so that Noise's two bytes of length are a packet of their own, with an answer of its own. */
export function withWholeSends(upgrader: Upgrader): Upgrader {
  return {
    createInboundAbortSignal: (signal) => upgrader.createInboundAbortSignal(signal),
    upgradeInbound: (connection, options) => upgrader.upgradeInbound(sendingWhole(connection), options),
    upgradeOutbound: (connection: MultiaddrConnection, options: never) =>
      upgrader.upgradeOutbound(sendingWhole(connection), options),
    getStreamMuxers: () => upgrader.getStreamMuxers(),
    getConnectionEncrypters: () => upgrader.getConnectionEncrypters(),
  };
}

/** The same connection; one that is built otherwise than expected is left as it is. */
export function sendingWhole<T extends object>(connection: T): T {
  if (!isSocketConnection(connection)) return connection;
  const { socket } = connection;
  const send = connection.sendData.bind(connection);
  connection.sendData = (data) => {
    socket.cork();
    try {
      return send(data);
    } finally {
      socket.uncork();
    }
  };
  return connection;
}

function isSocketConnection(connection: object): connection is SocketConnection {
  return 'sendData' in connection && 'socket' in connection;
}
