import { abortable, type Clock } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { Connection, Network, Sighting } from '../network/network.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What goes wrong around a network; nothing by default. Inside one stream frames keep their order, as the product's streams promise. */
export interface NetworkTroubles {
  /** Probability that a sighting is lost, and that it comes twice. */
  lost: number;
  doubled: number;
  /** Probability that a dial fails. */
  refused: number;
  /** Each frame, stream and sighting is late by up to this much, so that what is sent on different streams overtakes. Milliseconds. */
  lateMs: number;
}

/** No troubles yet. */
export function noNetworkTroubles(): NetworkTroubles {
  return { lost: 0, doubled: 0, refused: 0, lateMs: 0 };
}

interface Around {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly troubles: NetworkTroubles;
}

/** The same network seen through troubles, which may change at any time. */
export function troubleNetwork(network: Network, around: Around): Network {
  const { clock, random, troubles } = around;
  const wrapped = new WeakMap<Connection, Connection>();
  const of = (connection: Connection): Connection => {
    const known = wrapped.get(connection) ?? troubleConnection(connection, around);
    wrapped.set(connection, known);
    return known;
  };
  return {
    ...network,
    async dial(peer, addresses, signal) {
      if (random.chance(troubles.refused)) throw new SyncError('unreachable', {}, { retry: 'soon' });
      return of(await network.dial(peer, addresses, signal));
    },
    connections: () => network.connections().map(of),
    onConnection: (handler) => network.onConnection((connection) => handler(of(connection))),
    handle: (protocol, handler) =>
      network.handle(protocol, (stream, connection) =>
        handler(troubleStream(stream, around), of(connection)),
      ),
    onSighting(handler) {
      network.onSighting((sighting: Sighting) => {
        if (random.chance(troubles.lost)) return;
        handler(sighting);
        if (random.chance(troubles.doubled))
          clock.after(random.below(1 + troubles.lateMs), () => handler(sighting));
      });
    },
  };
}

function troubleConnection(connection: Connection, around: Around): Connection {
  return Object.assign(Object.create(connection) as Connection, {
    async openStream(...[protocol, signal]: Parameters<Connection['openStream']>) {
      await late(around);
      return troubleStream(await connection.openStream(protocol, signal), around);
    },
  });
}

function troubleStream(stream: FrameStream, around: Around): FrameStream {
  let coming: Promise<Uint8Array | undefined> | undefined;
  return Object.assign(Object.create(stream) as FrameStream, {
    async receive(signal?: AbortSignal) {
      coming ??= stream.receive().then(async (frame) => {
        await late(around);
        return frame;
      });
      const frame = await (signal === undefined ? coming : abortable(coming, signal));
      coming = undefined;
      return frame;
    },
  });
}

function late({ clock, random, troubles }: Around): Promise<void> | undefined {
  if (troubles.lateMs === 0) return undefined;
  return new Promise((resolve) => void clock.after(random.below(troubles.lateMs), resolve));
}
