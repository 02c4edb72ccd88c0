import { abortReason, type Clock, throwIfAborted } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { FrameStream, StreamProtocol } from '../protocol/protocol.ts';
import { createMemoryConnections, type MemoryConnection } from './memory-connection.ts';
import { createMemoryLink, type MemoryLink } from './memory-link.ts';
import {
  type Admission,
  type Connection,
  type DialAddress,
  type Network,
  type Pace,
  type Sighting,
  unpaced,
} from './network-interface.ts';

const dialTimeoutMs = 10_000;

/** A network of devices in one memory: nothing is lost, reordered or left to chance, unless it is told to be. Every device of it uses the same clock. */
export interface MemoryLan {
  /** A device's way onto this lan. It speaks like the product's network; its addresses begin with `/memory/`, and no other device is near in the sense of {@link Connection.isNear}. */
  join(parts: { readonly self: DeviceKey; readonly admission: Admission; readonly pace?: Pace }): Network;
  /** Lets nothing through between two devices, both ways or only from the first to the second. Nobody is told; what is sent arrives after {@link MemoryLan.heal}. */
  cut(a: DeviceKey, b: DeviceKey, ways?: 'both' | 'one'): void;
  /** Undoes {@link MemoryLan.cut}, both ways; the two see each other anew if they share a tag. */
  heal(a: DeviceKey, b: DeviceKey): void;
  /** Breaks all connections between two devices; both notice at once. */
  drop(a: DeviceKey, b: DeviceKey): void;
  /** How long everything takes from now on between two devices, one way, milliseconds. */
  delay(a: DeviceKey, b: DeviceKey, latencyMs: number): void;
  /** Ends all streams between two devices as if the connection had just stopped in the middle; the connections stay. */
  truncate(a: DeviceKey, b: DeviceKey): void;
}

interface Node {
  readonly self: DeviceKey;
  readonly address: string;
  readonly network: Network;
  readonly admission: Admission;
  readonly pace: Pace;
  running: boolean;
  tags: readonly string[];
  readonly connections: Set<MemoryConnection>;
  opened(connection: MemoryConnection): void;
  onStream(stream: FrameStream, connection: Connection): boolean;
  sight(sighting: Sighting): void;
}

/** A lan on which everything takes `latencyMs` one way. */
export function createMemoryLan({
  clock,
  latencyMs = 1,
}: {
  readonly clock: Clock;
  readonly latencyMs?: number;
}): MemoryLan {
  const nodes: Node[] = [];
  const links = new Map<string, MemoryLink>();

  const link = (from: DeviceKey, to: DeviceKey): MemoryLink => {
    const name = `${from} ${to}`;
    const known = links.get(name) ?? createMemoryLink(clock, latencyMs);
    links.set(name, known);
    return known;
  };
  const between = (a: DeviceKey, b: DeviceKey): MemoryConnection[] =>
    nodes
      .filter((node) => node.self === a || node.self === b)
      .flatMap((node) => [...node.connections].filter(({ peer }) => peer === (node.self === a ? b : a)));
  const announce = (from: Node, to: Node): void => {
    const shared =
      from !== to && from.running && to.running && from.tags.some((tag) => to.tags.includes(tag));
    if (!shared) return;
    link(from.self, to.self).put(() => {
      if (to.running) to.sight({ peer: from.self, addresses: [from.address] });
    });
  };
  const meet = (node: Node): void => {
    for (const other of nodes) {
      announce(node, other);
      announce(other, node);
    }
  };

  const connect = (
    from: Node,
    to: Node,
    dial: { resolve(connection: MemoryConnection): void; givenUp(): boolean },
  ): void => {
    const there = link(from.self, to.self);
    const back = link(to.self, from.self);
    there.put(() => {
      if (!to.running) return;
      const [near, far] = createMemoryConnections(
        clock,
        {
          peer: to.self,
          address: to.address,
          dialled: true,
          out: there,
          pace: from.pace,
          onStream: (stream, connection) => from.onStream(stream, connection),
          onOver: (connection) => from.connections.delete(connection),
        },
        {
          peer: from.self,
          address: from.address,
          dialled: false,
          out: back,
          pace: to.pace,
          onStream: (stream, connection) => to.onStream(stream, connection),
          onOver: (connection) => to.connections.delete(connection),
        },
      );
      const refused = to.admission(from.self) === 'refuse';
      // The dialler learns only afterwards that it was not let in, as with the early muxer of libp2p.
      back.put(() => {
        if (!from.running || dial.givenUp()) return near.abort(new Error('nobody waits for it any more'));
        from.opened(near);
        dial.resolve(near);
      });
      if (refused) far.abort(new Error('not admitted'));
      else to.opened(far);
    });
  };

  const join: MemoryLan['join'] = ({ self, admission, pace = unpaced }) => {
    const connectionHandlers: ((connection: Connection) => void)[] = [];
    const sightingHandlers: ((sighting: Sighting) => void)[] = [];
    const streamHandlers = new Map<StreamProtocol, (stream: FrameStream, connection: Connection) => void>();
    const connections = new Set<MemoryConnection>();

    const dial = (
      peer: DeviceKey,
      candidates: readonly DialAddress[],
      signal?: AbortSignal,
    ): Promise<Connection> =>
      new Promise((resolve, reject) => {
        throwIfAborted(signal);
        const existing = [...connections].find((connection) => connection.peer === peer);
        if (existing !== undefined) return resolve(existing);
        let settled = false;
        const settle = (): void => {
          settled = true;
          cancel();
          signal?.removeEventListener('abort', stop);
        };
        const unreachable = (why: string): void => {
          settle();
          reject(new SyncError('unreachable', {}, { retry: 'soon', cause: new Error(why) }));
        };
        const stop = (): void => {
          settle();
          reject(abortReason(signal as AbortSignal));
        };
        const target = nodes.find(
          (other) => other.running && candidates.some(({ address }) => address === other.address),
        );
        const wrong = target === undefined || target === node || target.self !== peer;
        const timeoutMs = wrong ? latencyMs * 2 : dialTimeoutMs;
        const cancel = clock.after(timeoutMs, () => unreachable('no address answered'));
        signal?.addEventListener('abort', stop, { once: true });
        if (wrong || admission(peer) === 'refuse') return;
        connect(node, target, {
          givenUp: () => settled,
          resolve(connection) {
            settle();
            resolve(connection);
          },
        });
      });

    const network: Network = {
      self,
      start() {
        node.running = true;
        meet(node);
        return Promise.resolve();
      },
      stop() {
        node.running = false;
        for (const connection of connections) connection.abort(new Error('the network stopped'));
        return Promise.resolve();
      },
      addresses: () => [node.address],
      dial,
      connections: () => [...connections],
      reconsider() {
        for (const connection of connections) {
          if (admission(connection.peer) === 'refuse') connection.abort(new Error('no longer admitted'));
        }
      },
      onConnection: (handler) => void connectionHandlers.push(handler),
      handle: (protocol, handler) => void streamHandlers.set(protocol, handler),
      onSighting: (handler) => void sightingHandlers.push(handler),
      onAddressesChanged() {},
      discover(tags) {
        node.tags = tags;
        meet(node);
      },
      woke: () => meet(node),
      incomplete: () => [],
    };
    const node: Node = {
      self,
      // A device that joins again, after a restart, is found where it was.
      address: nodes.find((known) => known.self === self)?.address ?? `/memory/${nodes.length + 1}`,
      network,
      admission,
      pace,
      running: false,
      tags: [],
      connections,
      opened(connection) {
        connections.add(connection);
        for (const handler of connectionHandlers) handler(connection);
      },
      onStream(stream, connection) {
        const handler = streamHandlers.get(stream.protocol);
        handler?.(stream, connection);
        return handler !== undefined;
      },
      sight(sighting) {
        for (const handler of sightingHandlers) handler(sighting);
      },
    };
    nodes.push(node);
    return network;
  };

  return {
    join,
    cut(a, b, ways = 'both') {
      link(a, b).setCut(true);
      if (ways === 'both') link(b, a).setCut(true);
    },
    heal(a, b) {
      link(a, b).setCut(false);
      link(b, a).setCut(false);
      const [first, second] = [a, b].map((self) => nodes.find((node) => node.self === self && node.running));
      if (first === undefined || second === undefined) return;
      announce(first, second);
      announce(second, first);
    },
    drop(a, b) {
      for (const connection of between(a, b)) connection.over(new Error('the connection broke'));
    },
    delay(a, b, latency) {
      link(a, b).setLatency(latency);
      link(b, a).setLatency(latency);
    },
    truncate(a, b) {
      for (const connection of between(a, b)) connection.truncateStreams();
    },
  };
}
