import { networkInterfaces } from 'node:os';
import { noise } from '@chainsafe/libp2p-noise';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { type Connection as Libp2pConnection, FaultTolerance, type Libp2p } from '@libp2p/interface';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { abortReason, bytesToHex, type Clock, createLimiter, type Log, type Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import { deviceKey } from '../model/ids.ts';
import type { FrameStream, StreamProtocol } from '../protocol/protocol.ts';
import { readTcpAddress } from './address.ts';
import { deviceToPeerId, peerIdToDevice } from './device-peer-id.ts';
import { dialable } from './dial-policy.ts';
import { raceDials } from './dial-race.ts';
import { createDiscovery } from './discovery.ts';
import { createGatekeeper } from './gatekeeper.ts';
import { guardedYamux } from './guarded-muxer.ts';
import { createLibp2pConnection, type OpenConnection } from './libp2p-connection.ts';
import { createLibp2pLogger } from './libp2p-logger.ts';
import { interfacesFingerprint, localAddresses } from './local-addresses.ts';
import {
  type Admission,
  type Connection,
  type Network,
  type Pace,
  type Sighting,
  unpaced,
} from './network-interface.ts';
import { isNearAddress } from './near-address.ts';
import { loadSodiumNoise } from './noise-sodium.ts';
import { observedTcp } from './observed-tcp.ts';

/** LIMIT: open connections, then those half open, then new ones a second from one address, then how long a stranger may take to prove his key. */
const connectionLimits = {
  maxConnections: 64,
  maxIncomingPendingConnections: 10,
  inboundConnectionThreshold: 5,
  inboundUpgradeTimeout: 3_000,
};
/** LIMIT: streams a peer may have open on one protocol and connection; a stranger in pairing gets one. */
const inboundStreams: Readonly<Record<StreamProtocol, number>> = {
  '/lockstep/beat/1': 4,
  '/lockstep/trust/1': 8,
  '/lockstep/pair/1': 1,
  '/lockstep/profile/1': 8,
  '/lockstep/ctl/1': 8,
  '/lockstep/blk/1': 16,
};
const dialTimeoutMs = 10_000;
/** LIMIT: devices dialled at the same time. */
const maxDials = 16;
const interfacesPollMs = 5_000;
/** Any free port, on every interface. */
const listenEverywhere = ['/ip4/0.0.0.0/tcp/0', '/ip6/::/tcp/0'];

/** What {@link createLibp2pNetwork} needs. `seed` is the device's Ed25519 private key, 32 bytes; it stays in memory only. */
export interface Libp2pNetworkParts {
  readonly seed: Uint8Array;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** {@link unpaced} if not given. */
  readonly pace?: Pace;
}

/** Where to listen: TCP multiaddrs, `/ip4/0.0.0.0/tcp/0` and `/ip6/::/tcp/0` unless given; none at all for a device that only dials. */
export interface Libp2pNetworkOptions {
  readonly listen?: readonly string[];
}

/** What of libp2p's inner parts is used: its own dial queue tries one address after the other. */
interface Dialler {
  dial(address: Multiaddr, options: { signal: AbortSignal }): Promise<Libp2pConnection>;
}

/** The product's {@link Network}: libp2p over TCP, Noise and yamux, with nothing else spoken. It installs nothing process-wide; SPEC.md tells what its host must catch. */
export async function createLibp2pNetwork(
  parts: Libp2pNetworkParts,
  options: Libp2pNetworkOptions = {},
): Promise<Network> {
  const { admission, clock, random, log, pace = unpaced } = parts;
  const privateKey = await generateKeyPairFromSeed('Ed25519', parts.seed);
  const self = deviceKey(bytesToHex(privateKey.publicKey.raw));
  const listen = options.listen ?? listenEverywhere;
  const gatekeeper = createGatekeeper(admission, clock);
  const tcp = observedTcp();
  const crypto = await loadSodiumNoise();
  const open = new Map<Libp2pConnection, OpenConnection>();
  const connectionHandlers: ((connection: Connection) => void)[] = [];
  const sightingHandlers: ((sighting: Sighting) => void)[] = [];
  const addressHandlers: (() => void)[] = [];
  const streamHandlers = new Map<StreamProtocol, (stream: FrameStream, connection: Connection) => void>();
  const dials = createLimiter(maxDials);
  const stopping = new AbortController();
  let libp2p: Libp2p | undefined;
  let dialler: Dialler | undefined;
  let cancelPoll = (): void => {};

  const addresses = (): string[] => localAddresses(tcp.listening(), networkInterfaces());
  const discovery = createDiscovery({
    self: deviceToPeerId(self),
    addresses,
    onSighting: (sighting) => {
      for (const handler of sightingHandlers) guarded(() => handler(sighting));
    },
    clock,
    random,
    log,
  });
  /** Runs another room's handler: what it throws must not reach libp2p, whose event targets turn it into an uncaught exception. */
  const guarded = (run: () => void): boolean => {
    try {
      run();
      return true;
    } catch (error) {
      log.write('error', 'a network handler failed', { cause: String(error) });
      return false;
    }
  };

  const onOpen = (connection: Libp2pConnection): void => {
    const peer = peerIdToDevice(connection.remotePeer);
    // The answer may have changed while the handshake ran.
    if (peer === undefined || stopping.signal.aborted || admission(peer) === 'refuse') {
      connection.abort(new Error('not admitted'));
      return;
    }
    const opened = createLibp2pConnection(connection, {
      peer,
      isNear: isNearAddress(connection.remoteAddr.toString(), networkInterfaces()),
      meter: gatekeeper.meterOf(connection.timeline),
      pace,
    });
    open.set(connection, opened);
    connection.addEventListener('close', () => open.delete(connection));
    for (const handler of connectionHandlers) guarded(() => handler(opened));
  };
  const create = (): Promise<Libp2p> =>
    createLibp2p({
      start: false,
      privateKey,
      logger: createLibp2pLogger(log),
      addresses: { listen: [...listen] },
      transports: [tcp.create],
      connectionEncrypters: [crypto === undefined ? noise() : noise({ crypto })],
      streamMuxers: [guardedYamux()],
      connectionGater: gatekeeper.gater,
      connectionManager: connectionLimits,
      connectionMonitor: { enabled: false },
      transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
      services: {
        lockstep: (components: { readonly transportManager: Dialler }) => {
          dialler = components.transportManager;
          return {};
        },
      },
    });
  const watchInterfaces = (before: string): void => {
    cancelPoll = clock.after(interfacesPollMs, () => {
      const now = interfacesFingerprint(networkInterfaces());
      if (now === before) discovery.check();
      else {
        discovery.restart();
        for (const handler of addressHandlers) guarded(handler);
      }
      watchInterfaces(now);
    });
  };
  const attempt = async (address: string, signal: AbortSignal): Promise<OpenConnection> => {
    const connection = await (dialler as Dialler).dial(multiaddr(address), { signal });
    const opened = open.get(connection);
    if (opened === undefined || connection.status !== 'open') throw new Error('the connection was refused');
    return opened;
  };
  const toUnreachable = (cause: unknown): SyncError =>
    new SyncError('unreachable', {}, { retry: 'soon', cause });

  return {
    self,
    async start() {
      for (const address of listen) {
        if (readTcpAddress(address)?.named !== false) throw new SyncError('bad-argument', { address });
      }
      const node = await create();
      libp2p = node;
      node.addEventListener('connection:open', ({ detail }) => guarded(() => onOpen(detail)));
      for (const [protocol, handler] of streamHandlers) {
        await node.handle(
          protocol,
          (stream, connection) => {
            const opened = open.get(connection);
            if (opened === undefined) return stream.abort(new Error('not admitted'));
            const frames = opened.accept(stream, protocol);
            if (!guarded(() => handler(frames, opened))) frames.abort(new Error('its handler failed'));
          },
          { maxInboundStreams: inboundStreams[protocol] },
        );
      }
      await node.start();
      watchInterfaces(interfacesFingerprint(networkInterfaces()));
      discovery.restart();
    },
    async stop() {
      stopping.abort(new Error('the network stopped'));
      cancelPoll();
      for (const connection of open.values()) connection.abort(abortReason(stopping.signal));
      await discovery.stop();
      await libp2p?.stop();
    },
    addresses,
    async dial(peer, candidates, signal) {
      const existing = [...open.values()].find((connection) => connection.peer === peer);
      if (existing !== undefined) return existing;
      if (peer === self) throw toUnreachable(new Error('this device itself'));
      const timeout = AbortSignal.timeout(dialTimeoutMs);
      const given = signal === undefined ? [] : [signal];
      const until = AbortSignal.any([...given, stopping.signal, timeout]);
      const peerId = deviceToPeerId(peer).toString();
      const targets = dialable(candidates).map((address) => `${address}/p2p/${peerId}`);
      const discard = (late: OpenConnection): void => late.abort(new Error('another address answered first'));
      try {
        return await dials.run(() => raceDials(targets, attempt, { clock, discard, signal: until }), until);
      } catch (error) {
        if (signal?.aborted === true) throw abortReason(signal);
        throw toUnreachable(error);
      }
    },
    connections: () => [...open.values()],
    reconsider() {
      for (const connection of open.values()) {
        if (admission(connection.peer) === 'refuse') connection.abort(new Error('no longer admitted'));
      }
    },
    onConnection: (handler) => void connectionHandlers.push(handler),
    onSighting: (handler) => void sightingHandlers.push(handler),
    onAddressesChanged: (handler) => void addressHandlers.push(handler),
    handle: (protocol, handler) => void streamHandlers.set(protocol, handler),
    discover: discovery.discover,
    woke: discovery.restart,
    incomplete: () => [
      ...[...new Set(tcp.failures())].map((cause) => ({ what: 'port' as const, cause })),
      ...[discovery.problem()].flatMap((cause) =>
        cause === undefined ? [] : [{ what: 'discovery' as const, cause }],
      ),
    ],
  };
}
