import { networkInterfaces } from 'node:os';
import type { PeerDiscovery, PeerId, Startable } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { type Clock, invariant, type Log, type Random, randomHex } from '../base/base.ts';
import { peerIdToDevice } from './device-peer-id.ts';
import { createLibp2pLogger } from './libp2p-logger.ts';
import { announcedAddresses, hasNeighbours, type Interfaces } from './local-addresses.ts';
import { mdnsGroup, type MulticastGroup, multicastProblem } from './multicast-route.ts';
import { pairingTag, type Sighting } from './network-interface.ts';
import { createSightingCache } from './sighting-cache.ts';

/** LIMIT: how often this device asks who is there; a lost answer costs this much. */
const queryIntervalMs = 10_000;
/** LIMIT: tags at once, each with a socket of its own. */
const maxTags = 4;

/** Finding devices on the local network by multicast DNS. */
export interface Discovery {
  /** Replaces the tags; see Network.discover. */
  discover(tags: readonly string[]): void;
  /** Opens the sockets anew, for they are bound to the interfaces there were; looks again whether anything can be sent. */
  restart(): void;
  /** Looks again whether anything can be sent, and leaves the sockets alone. */
  check(): void;
  stop(): Promise<void>;
  /** Why nobody can be found, in a closed word; undefined if all is well, or silence is wanted. */
  problem(): string | undefined;
}

/** What {@link createDiscovery} works with: `addresses` are told to the neighbours, as they are at that moment. */
export interface DiscoveryParts {
  readonly self: PeerId;
  readonly addresses: () => readonly string[];
  readonly onSighting: (sighting: Sighting) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Where devices are looked for: all interfaces and the group that mDNS has, unless a test stays on its own machine. */
export interface DiscoveryPlace {
  readonly group: MulticastGroup;
  readonly interfaces: () => Interfaces;
}

const localNetwork: DiscoveryPlace = { group: mdnsGroup, interfaces: networkInterfaces };

type Service = PeerDiscovery & Partial<Startable>;

/** mDNS by @libp2p/mdns, one service a tag. It sends on one interface only, the one the multicast route leads to, and knows IPv4 only. */
export function createDiscovery(parts: DiscoveryParts, place = localNetwork): Discovery {
  const { self, onSighting, clock, random, log } = parts;
  const running = new Map<string, Service>();
  const cache = createSightingCache(clock);
  let wanted: readonly string[] = [];
  let problem: string | undefined;
  let socketProblem: string | undefined;
  let stopped = false;
  let work: Promise<void> = Promise.resolve();

  const components = {
    logger: createLibp2pLogger(log, (_component, error) => {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== undefined) socketProblem = code;
    }),
    addressManager: {
      getAddresses: (): Multiaddr[] =>
        announcedAddresses(parts.addresses()).map((address) =>
          multiaddr(`${address}/p2p/${self.toString()}`),
        ),
    },
  } as unknown as Parameters<ReturnType<typeof mdns>>[0];

  const begin = async (tag: string): Promise<void> => {
    const service: Service = mdns({
      serviceTag: serviceTag(tag),
      peerName: randomHex(random, 8),
      interval: queryIntervalMs,
      ip: place.group.address,
      port: place.group.port,
    })(components);
    service.addEventListener('peer', ({ detail }) => {
      try {
        const peer = peerIdToDevice(detail.id);
        if (peer === undefined || detail.id.equals(self) || !running.has(tag)) return;
        const sighting = cache.note(peer, detail.multiaddrs.map(String));
        if (sighting !== undefined) onSighting(sighting);
      } catch (error) {
        log.write('warn', 'an announcement was not understood', { cause: String(error) });
      }
    });
    running.set(tag, service);
    await service.start?.();
  };
  const end = async (tag: string): Promise<void> => {
    const service = running.get(tag);
    running.delete(tag);
    await service?.stop?.();
  };
  const look = async (): Promise<void> => {
    if (wanted.length === 0) problem = undefined;
    else if (!hasNeighbours(place.interfaces())) problem = 'no-interface';
    else problem = await multicastProblem(place.group);
  };
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    work = work.then(task).catch((error: unknown) => {
      log.write('warn', 'discovery failed', { cause: String(error) });
    });
    return work;
  };
  const apply = async (anew: boolean): Promise<void> => {
    for (const tag of running.keys()) if (anew || stopped || !wanted.includes(tag)) await end(tag);
    if (anew) socketProblem = undefined;
    await look();
    for (const tag of wanted) if (!stopped && !running.has(tag)) await begin(tag);
  };

  return {
    discover(tags) {
      for (const tag of tags) invariant(tag === pairingTag || /^[0-9a-f]{8}$/.test(tag), 'a discovery tag');
      wanted = [...new Set(tags)].slice(0, maxTags);
      void inTurn(() => apply(false));
    },
    restart: () => void inTurn(() => apply(true)),
    check: () => void inTurn(look),
    stop() {
      stopped = true;
      return inTurn(() => apply(true));
    },
    problem: () => (wanted.length === 0 ? undefined : (problem ?? socketProblem)),
  };
}

const serviceTag = (tag: string): string =>
  tag === pairingTag ? '_lockstep._udp.local' : `_lockstep-${tag}._udp.local`;
