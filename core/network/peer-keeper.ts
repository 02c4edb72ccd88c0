import { type Clock, type Log, type Random, randomFraction } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import { backoffMs } from './backoff.ts';
import { type Beat, createBeat } from './beat.ts';
import { maxAddressesPerPeer } from './dial-policy.ts';
import type { Connection, DialAddress, Network, Sighting } from './network-interface.ts';

/** How long a connection that is one too many may still be used for what runs on it. */
const duplicateGraceMs = 1_500;
/** How long a device that another one is seen to come near leaves the first move to that one, which dials at once where it has been before. */
const leewayMs = 200;
/** How long the device with the larger key leaves the first move to the other, and up to half as much more. */
const politenessMs = 1_000;
/** LIMIT: sightings, true or invented, make a device dial no more often than this. */
const dialSpacingMs = 1_000;
/** A connection that lasted this long was a good one: the next try is soon again. */
const steadyMs = 10_000;

/** A device to stay connected to, and where it may be: `addresses` a person gave or that worked before, the likeliest first. */
export interface WantedPeer {
  readonly peer: DeviceKey;
  readonly addresses: readonly DialAddress[];
}

/** How it stands with one wanted device. `nextTryAt` is wall time in milliseconds, for display. */
export interface PeerState {
  readonly peer: DeviceKey;
  readonly state: 'connected' | 'connecting' | 'waiting';
  readonly address: string | undefined;
  readonly nextTryAt: number | undefined;
  readonly rttMs: number | undefined;
}

/** Keeps one living connection to each wanted device, and watches over every connection that has a heartbeat. */
export interface PeerKeeper {
  /** Which devices to stay connected to, in place of those before; connections kept for one that is gone are broken off. A connection that is open already is taken over. */
  want(peers: readonly WantedPeer[]): void;
  /** Addresses of a device learnt elsewhere than from the network's own sightings, as little trusted as those. */
  sighted(sighting: Sighting): void;
  /** Tries a wanted device at once, if it is not connected. */
  tryNow(peer: DeviceKey): void;
  /** The machine slept: tries every wanted device that is not connected, and gives up each connection on which nothing is heard at once. */
  woke(): void;
  /** Begins to dial. The keeper must be made before the network starts, this may come after. */
  start(): void;
  /** Stops dialling and watching; connections are left to the network. */
  stop(): void;
  /** Calls `handler` with the connection to use for a wanted device, once it has answered: its first, or a better one. The one before lives a moment longer and its `closed` tells when it is over. */
  onPeer(handler: (connection: Connection) => void): void;
  /** Every wanted device, in the order given. */
  states(): readonly PeerState[];
}

/** What {@link createPeerKeeper} works with. */
export interface PeerKeeperParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

interface Tracked {
  readonly connection: Connection;
  readonly beat: Beat;
  readonly order: number;
  heardAt: number | undefined;
}

interface Kept {
  readonly peer: DeviceKey;
  given: readonly DialAddress[];
  sighted: readonly string[];
  attempt: number;
  lastDialAt: number;
  nextTryAt: number | undefined;
  cancelTry: () => void;
  dialling: AbortController | undefined;
  current: Tracked | undefined;
}

export function createPeerKeeper({ network, clock, random, log }: PeerKeeperParts): PeerKeeper {
  const kept = new Map<DeviceKey, Kept>();
  const tracked = new Map<Connection, Tracked>();
  const handlers: ((connection: Connection) => void)[] = [];
  let running = false;
  let order = 0;

  // --- Dialling
  const schedule = (device: Kept, delayMs: number): void => {
    device.cancelTry();
    if (!running || device.current !== undefined || device.dialling !== undefined) return;
    device.nextTryAt = clock.now() + delayMs;
    const cancel = clock.after(delayMs, () => dial(device));
    device.cancelTry = () => {
      cancel();
      device.nextTryAt = undefined;
      device.cancelTry = () => {};
    };
  };
  const scheduleAgain = (device: Kept): void => {
    if (addressesOf(device).length > 0) schedule(device, backoffMs(device.attempt++, random));
  };
  const scheduleFresh = (device: Kept, delayMs: number): void => {
    device.attempt = 0;
    const spacing = device.lastDialAt + dialSpacingMs - clock.monotonic();
    schedule(device, Math.max(delayMs, spacing, 0));
  };
  /** On news both sides get at once, the larger key waits, so that mostly one connection arises. */
  const politely = (device: Kept, smallerMs: number): number =>
    network.self < device.peer ? smallerMs : politenessMs * (1 + 0.5 * randomFraction(random));
  const dial = (device: Kept): void => {
    device.cancelTry();
    const addresses = addressesOf(device);
    if (!running || device.current !== undefined || device.dialling !== undefined || addresses.length === 0)
      return;
    const dialling = new AbortController();
    device.dialling = dialling;
    device.lastDialAt = clock.monotonic();
    const settle = (why?: Error): void => {
      if (device.dialling !== dialling) return;
      device.dialling = undefined;
      if (why !== undefined)
        log.write('debug', 'a device did not answer', { peer: device.peer, cause: why.message });
      // An open connection that has not answered yet is waited for; when it ends, `forget` tries again.
      const pending = [...tracked.keys()].some((connection) => connection.peer === device.peer);
      if (!pending) scheduleAgain(device);
    };
    network.dial(device.peer, addresses, dialling.signal).then(
      () => settle(),
      (error: Error) => settle(error),
    );
  };

  // --- Connections
  const track = (connection: Connection): Tracked => {
    const known = tracked.get(connection);
    if (known !== undefined) return known;
    const beat = createBeat(connection, clock, () => {
      entry.heardAt = clock.monotonic();
      choose(connection.peer);
    });
    order += 1;
    const entry: Tracked = { connection, beat, order, heardAt: undefined };
    tracked.set(connection, entry);
    void connection.closed.then((reason) => forget(entry, reason));
    return entry;
  };
  const adopt = (connection: Connection): void => {
    const entry = track(connection);
    if (connection.dialled) entry.beat.open();
    else entry.beat.expect();
    choose(connection.peer);
  };
  const forget = (entry: Tracked, reason: Error): void => {
    entry.beat.stop();
    tracked.delete(entry.connection);
    const { peer } = entry.connection;
    const device = kept.get(peer);
    log.write('debug', 'a connection is over', { peer, cause: reason.message });
    if (device === undefined) return;
    if (device.current === entry) {
      device.current = undefined;
      if (clock.monotonic() - (entry.heardAt ?? 0) >= steadyMs) device.attempt = 0;
    }
    choose(peer);
    const idle =
      device.current === undefined && device.dialling === undefined && device.nextTryAt === undefined;
    if (idle) scheduleAgain(device);
  };
  const dialler = ({ connection }: Tracked): DeviceKey =>
    connection.dialled ? network.self : connection.peer;
  /** Both sides come to the same: the smaller dialler's; of one dialler's the newest, for he dials again only when he has lost the one before. */
  const isBetter = (a: Tracked, b: Tracked): boolean =>
    dialler(a) === dialler(b) ? a.order > b.order : dialler(a) < dialler(b);
  const heardOf = (peer: DeviceKey): Tracked[] =>
    [...tracked.values()].filter((entry) => entry.connection.peer === peer && entry.heardAt !== undefined);
  const choose = (peer: DeviceKey): void => {
    const device = kept.get(peer);
    if (device === undefined) return;
    const living = heardOf(peer);
    const best = living.reduce<Tracked | undefined>(
      (a, b) => (a === undefined || isBetter(b, a) ? b : a),
      undefined,
    );
    if (best === undefined) return;
    device.cancelTry();
    for (const entry of living) if (entry !== best) closeLater(entry, best);
    if (device.current === best) return;
    device.current = best;
    for (const handler of handlers) {
      try {
        handler(best.connection);
      } catch (error) {
        log.write('error', 'a peer handler failed', { cause: String(error) });
      }
    }
  };
  const closeLater = (loser: Tracked, winner: Tracked): void => {
    clock.after(duplicateGraceMs, () => {
      // Only if the other one still lives; else this one has become the one to keep.
      if (running && tracked.has(winner.connection))
        loser.connection.abort(new Error('another connection is kept'));
    });
  };

  const onSighting = ({ peer, addresses }: Sighting): void => {
    const device = kept.get(peer);
    if (device === undefined) return;
    device.sighted = [...new Set([...addresses, ...device.sighted])].slice(0, maxAddressesPerPeer);
    if (device.current === undefined) scheduleFresh(device, politely(device, leewayMs));
  };
  network.onConnection((connection) => {
    if (kept.has(connection.peer)) adopt(connection);
  });
  network.onSighting(onSighting);
  const tryAnew = (): void => {
    for (const device of kept.values())
      if (device.current === undefined) scheduleFresh(device, politely(device, 0));
  };
  network.onAddressesChanged(tryAnew);
  // Whoever opens a heartbeat gets an answer; being wanted decides only about dialling and telling.
  network.handle('/lockstep/beat/1', (stream, connection) => track(connection).beat.accept(stream));

  return {
    want(peers) {
      const names = new Set(peers.map(({ peer }) => peer));
      for (const [peer, device] of kept) {
        if (names.has(peer)) continue;
        kept.delete(peer);
        device.cancelTry();
        device.dialling?.abort(new Error('no longer wanted'));
        for (const { connection } of tracked.values()) {
          if (connection.peer === peer) connection.abort(new Error('no longer wanted'));
        }
      }
      for (const { peer, addresses } of peers) {
        const device = kept.get(peer);
        if (device !== undefined) device.given = addresses;
        else kept.set(peer, newKept(peer, addresses));
      }
      for (const connection of network.connections()) if (names.has(connection.peer)) adopt(connection);
      for (const device of kept.values()) if (isIdle(device)) scheduleFresh(device, 0);
    },
    sighted: onSighting,
    tryNow(peer) {
      const device = kept.get(peer);
      if (device === undefined || device.current !== undefined) return;
      device.attempt = 0;
      dial(device);
    },
    woke() {
      tryAnew();
      for (const { beat } of tracked.values()) beat.doubt();
    },
    start() {
      running = true;
      for (const device of kept.values()) scheduleFresh(device, 0);
    },
    stop() {
      running = false;
      for (const device of kept.values()) {
        device.cancelTry();
        device.dialling?.abort(new Error('the keeper stopped'));
      }
      for (const { beat } of tracked.values()) beat.stop();
    },
    onPeer: (handler) => void handlers.push(handler),
    states: () => [...kept.values()].map(stateOf),
  };
}

const newKept = (peer: DeviceKey, given: readonly DialAddress[]): Kept => ({
  peer,
  given,
  sighted: [],
  attempt: 0,
  lastDialAt: Number.NEGATIVE_INFINITY,
  nextTryAt: undefined,
  cancelTry: () => {},
  dialling: undefined,
  current: undefined,
});

const isIdle = (device: Kept): boolean =>
  device.current === undefined && device.dialling === undefined && device.nextTryAt === undefined;

/** What is near first, for it is fresh and quick to try; but invented sightings must not crowd out what is known. */
const addressesOf = ({ sighted, given }: Kept): DialAddress[] => {
  const near = sighted.map((address): DialAddress => ({ address, origin: 'sighting' }));
  const half = maxAddressesPerPeer / 2;
  return [...near.slice(0, half), ...given, ...near.slice(half)];
};

const stateOf = ({ peer, current, dialling, nextTryAt }: Kept): PeerState => ({
  peer,
  state: current !== undefined ? 'connected' : dialling !== undefined ? 'connecting' : 'waiting',
  address: current?.connection.address,
  nextTryAt,
  rttMs: current?.beat.rttMs(),
});
