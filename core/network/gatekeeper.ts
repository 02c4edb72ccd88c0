import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface';
import type { Clock } from '../base/base.ts';
import { readTcpAddress } from './address.ts';
import { peerIdToDevice } from './device-peer-id.ts';
import type { Admission } from './network-interface.ts';

/** LIMIT: connections from one address that are not encrypted yet; silent ones would otherwise use up all ten places. */
const maxPendingPerHost = 2;

/** When a connection last brought a byte, whatever it belonged to. */
export interface WireMeter {
  lastReceivedAt: number;
}

/** libp2p's gate: who gets in, and what passes it on the wire. */
export interface Gatekeeper {
  readonly gater: ConnectionGater;
  /** The meter of the connection with this timeline, the one object libp2p hands on from the socket to the connection. */
  meterOf(timeline: object): WireMeter;
}

export function createGatekeeper(admission: Admission, clock: Clock): Gatekeeper {
  const pending = new Map<string, number>();
  const leave = new WeakMap<MultiaddrConnection, () => void>();
  const meters = new WeakMap<object, WireMeter>();

  const enter = (connection: MultiaddrConnection): boolean => {
    const host = readTcpAddress(connection.remoteAddr.toString())?.host ?? '';
    const count = pending.get(host) ?? 0;
    if (count >= maxPendingPerHost) return false;
    pending.set(host, count + 1);
    let left = false;
    const leaveOnce = (): void => {
      if (left) return;
      left = true;
      const rest = (pending.get(host) ?? 1) - 1;
      if (rest === 0) pending.delete(host);
      else pending.set(host, rest);
    };
    leave.set(connection, leaveOnce);
    connection.addEventListener('close', leaveOnce);
    return true;
  };
  const refuses = (peerId: PeerId): boolean => {
    const peer = peerIdToDevice(peerId);
    return peer === undefined || admission(peer) === 'refuse';
  };
  const meter = (connection: MultiaddrConnection): void => {
    const kept: WireMeter = { lastReceivedAt: clock.monotonic() };
    meters.set(connection.timeline, kept);
    // Only now that Noise listens for good: a listener added earlier could swallow bytes meant for the handshake.
    connection.addEventListener('message', () => {
      kept.lastReceivedAt = clock.monotonic();
    });
  };
  const denyEncrypted = (peerId: PeerId, connection: MultiaddrConnection): boolean => {
    leave.get(connection)?.();
    if (refuses(peerId)) return true;
    meter(connection);
    return false;
  };

  return {
    gater: {
      denyInboundConnection: (connection) => !enter(connection),
      denyInboundEncryptedConnection: denyEncrypted,
      denyOutboundEncryptedConnection: denyEncrypted,
    },
    meterOf: (timeline) => meters.get(timeline) ?? { lastReceivedAt: clock.monotonic() },
  };
}
