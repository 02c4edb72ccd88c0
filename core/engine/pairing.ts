import { abortable, type Clock, compareText, type Log, type Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection, DialAddress, Network } from '../network/network.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import {
  createInvitationBook,
  hostPairing,
  type Identity,
  joinByInvitation,
  type JoinRequest,
  type JoinResult,
  textToInvitation,
} from '../trust/trust.ts';
import type { Group } from './group.ts';
import { createAllowedPairing, type AllowedPairing } from './pairing-allowed.ts';
import { nearDevices, type NearDevice } from './near-devices.ts';
import { createApproach } from './pairing-approach.ts';
import { createFounding } from './pairing-founding.ts';
import { createNearbyPairing, type NearbyPairing, pairingError } from './pairing-nearby.ts';
import { limitStrangers } from './pairing-strangers.ts';

/** LIMIT: addresses in an invitation. */
const maxAddresses = 4;
/** How long the dial of an invitation's host is tried before it is given up. */
const joinDialMs = 30_000;
/** How long a connection outlives the pairing on it that admitted nobody. */
const farewellMs = 1_000;

/** How new devices come in, and how this one joins others. */
export interface Pairing {
  /** Whether a device that is no member is let in far enough to pair: while pairing is open, or if a person here named it. */
  isOpen(peer: DeviceKey): boolean;
  /** Whether discovery should find and be found by strangers. */
  wantsDiscovery(): boolean;
  invite(options: { readonly preapproved: boolean }): { readonly text: string; readonly expiresInMs: number };
  /** Devices that proved an invitation and wait for a person here; `since` in wall milliseconds. */
  waiting(): readonly (JoinRequest & { readonly since: number })[];
  /** Answers a waiting device; throws SyncError `not-found`. */
  answer(device: DeviceKey, isWelcome: boolean): void;
  /** Joins by an invitation's text; resolves when the group's log is stored here. */
  join(text: string, signal: AbortSignal): Promise<{ readonly group: string }>;
  readonly nearby: Pick<NearbyPairing, 'open' | 'asking'> & {
    /** As {@link NearbyPairing.pair}; throws SyncError `already-in-group` too, for a device that was removed from its group. */
    readonly pair: NearbyPairing['pair'];
    /** Devices seen near that look for a group or have one, by their own word, and those whose address a person told; no member that knows it is one, and none that was removed. */
    near(): readonly NearDevice[];
  };
  readonly allow: AllowedPairing['allow'];
  /** Closes pairing in every way: it was for a group this device has left. */
  close(): void;
  stop(): void;
}

/** What pairing needs. */
export interface PairingDependencies {
  readonly network: Network;
  readonly identity: Identity;
  readonly group: Group;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  deviceName(): string;
  /** A device's own name and where it was reached, to be remembered. */
  met(device: DeviceKey, name: string, address: DialAddress | undefined): Promise<void>;
  /** Devices that a person told the address of, or that were met, with where. */
  known(): readonly { readonly key: DeviceKey; readonly addresses: readonly DialAddress[] }[];
  asks(request: JoinRequest): void;
  joined(device: DeviceKey): void;
  /** `isOpen` or `wantsDiscovery` may answer otherwise now. */
  changed(): void;
}

/** Makes the pairing of one device and answers `/lockstep/pair/1`. */
export function createPairing(dependencies: PairingDependencies): Pairing {
  const { network, identity, group, clock, random, log } = dependencies;
  const book = createInvitationBook({ hostKey: identity.deviceKey, clock, random });
  const waiting = new Map<
    DeviceKey,
    {
      readonly request: JoinRequest & { readonly since: number };
      readonly answer: (isWelcome: boolean) => void;
    }
  >();
  const stopping = new AbortController();
  const approach = createApproach({ network, clock, random });
  const self = identity.deviceKey;
  let hosting = 0;
  const hostedOn = new WeakMap<Connection, number>();
  let joining: { readonly peer: DeviceKey; readonly giveWay: AbortController | undefined } | undefined;

  const isInviting = (): boolean => book.hasOpen() || hosting > 0;
  const addressesOf = (peer: DeviceKey): readonly DialAddress[] =>
    dependencies.known().find(({ key }) => key === peer)?.addresses ?? [];
  const reach = (peer: DeviceKey, signal: AbortSignal): Promise<Connection> =>
    approach.reach(peer, addressesOf(peer), signal);
  const known = (): number => group.current()?.log.members().known.size ?? 0;

  const mayComeIn = (peer: DeviceKey): boolean =>
    !group.isKnown(peer) || (group.isActive(peer) && !group.isAware(peer));

  const isPersonJoining = (): boolean =>
    (joining !== undefined && joining.giveWay === undefined) || nearby.isPairing();
  /** One joining at a time; a person's deed makes one that goes on by itself give way. */
  const whileJoining = async <T>(
    peer: DeviceKey,
    giveWay: AbortController | undefined,
    join: () => Promise<T>,
  ): Promise<T> => {
    if (isPersonJoining()) throw new SyncError('already-exists', { what: 'joining' }, { retry: 'soon' });
    joining?.giveWay?.abort(new SyncError('interrupted'));
    const mine = { peer, giveWay };
    joining = mine;
    dependencies.changed();
    try {
      return await join();
    } finally {
      if (joining === mine) joining = undefined;
      dependencies.changed();
    }
  };
  const joined = async ({ log: theirs, hostName }: JoinResult, connection: Connection): Promise<void> => {
    const { address, peer } = connection;
    const isTold = addressesOf(peer).some((each) => each.address === address && each.origin === 'person');
    await dependencies.met(
      peer,
      hostName,
      connection.dialled ? { address, origin: isTold ? 'person' : 'sighting' } : undefined,
    );
    await group.adopt(theirs);
  };

  const nearby = createNearbyPairing({
    identity,
    clock,
    random,
    approach,
    hasGroup: () => group.current() !== undefined,
    deviceName: () => dependencies.deviceName(),
    reach,
    joined,
    changed: () => dependencies.changed(),
  });
  const allowed = createAllowedPairing({
    identity,
    clock,
    random,
    log,
    approach,
    hasGroup: () => group.current() !== undefined,
    draft: (options) => group.draft(options),
    deviceName: () => dependencies.deviceName(),
    reach,
    async whileNobodyJoins(peer, join) {
      if (joining !== undefined || nearby.isPairing()) return undefined;
      const giveWay = new AbortController();
      return whileJoining(peer, giveWay, () => join(AbortSignal.any([giveWay.signal, stopping.signal])));
    },
    joined,
    changed: () => dependencies.changed(),
  });

  const isNamed = (peer: DeviceKey): boolean =>
    peer === joining?.peer || allowed.has(peer) || nearby.isNamed(peer);
  const strangers = limitStrangers({
    network,
    clock,
    isMember: (peer) => group.isKnown(peer),
    isExpected: isNamed,
    isAsked: (peer) =>
      peer === joining?.peer ||
      waiting.has(peer) ||
      nearby.isNamed(peer) ||
      nearby.asking().some(({ deviceKey }) => deviceKey === peer),
  });
  network.handle('/lockstep/pair/1', (stream, connection) => {
    const isOpen = isInviting() || nearby.isOpen() || allowed.has(connection.peer);
    if (!isOpen || group.isAware(connection.peer)) {
      stream.abort(new SyncError('not-allowed', { what: 'pairing-closed' }));
      return;
    }
    host(stream, connection).catch((error: unknown) =>
      log.write('info', 'pairing ended', { error: String(error) }),
    );
  });

  /** A refusal has to arrive before the connection of who is no member goes; another pairing on it keeps it. */
  const endLater = (connection: Connection): void => {
    const others = (hostedOn.get(connection) ?? 1) - 1;
    hostedOn.set(connection, others);
    if (others > 0 || group.isActive(connection.peer)) return;
    clock.after(farewellMs, () => {
      if (hostedOn.get(connection) === 0 && !group.isActive(connection.peer))
        connection.abort(new SyncError('not-allowed', { what: 'pairing-over' }));
    });
  };
  const host = async (stream: FrameStream, connection: Connection): Promise<void> => {
    const { peer } = connection;
    const ending = new AbortController();
    const near = nearby.host(peer, ending);
    const founding = createFounding(group, () => {
      const wish = near.wish();
      return wish === undefined ? allowed.draftFor(peer) : group.draft({ recovery: wish.recovery });
    });
    hosting += 1;
    hostedOn.set(connection, (hostedOn.get(connection) ?? 0) + 1);
    try {
      const { request } = await hostPairing({
        stream,
        joiner: peer,
        identity,
        hostName: dependencies.deviceName(),
        invitations: book,
        nearby: near.nearby,
        allowed: allowed.hostFor(peer),
        confirm: askPerson,
        openGroup: () => group.untilMet().then(() => founding.openGroup()),
        commit: (envelope) => founding.commit(envelope),
        signal: AbortSignal.any([stopping.signal, ending.signal]),
        random,
      });
      await dependencies.met(request.deviceKey, request.claimedName, undefined);
      near.over({
        result: { group: group.current()?.log.group ?? '', recoveryCode: founding.recoveryCode() },
      });
      dependencies.joined(request.deviceKey);
    } catch (error) {
      near.over({ error });
      throw error;
    } finally {
      endLater(connection);
      hosting -= 1;
      dependencies.changed();
      network.reconsider();
    }
  };

  const askPerson = (request: JoinRequest, signal: AbortSignal): Promise<boolean> => {
    const answered = new Promise<boolean>((resolve) =>
      waiting.set(request.deviceKey, { request: { ...request, since: clock.now() }, answer: resolve }),
    );
    dependencies.asks(request);
    dependencies.changed();
    return abortable(answered, signal).finally(() => {
      waiting.delete(request.deviceKey);
      dependencies.changed();
    });
  };

  const dialHost = async (
    hostKey: DeviceKey,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<Connection> => {
    const startedAt = clock.monotonic();
    const given = addresses.map((address) => ({ address, origin: 'person' as const }));
    for (;;) {
      try {
        return await approach.reach(hostKey, given, signal);
      } catch (error) {
        if (signal.aborted || clock.monotonic() - startedAt > joinDialMs) throw error;
      }
      await abortable(new Promise<void>((resolve) => void clock.after(500, resolve)), signal);
    }
  };

  return {
    isOpen: (peer) => isNamed(peer) || ((isInviting() || nearby.isOpen()) && strangers.hasRoomFor(peer)),
    wantsDiscovery: () => isInviting() || joining !== undefined || nearby.isOpen() || allowed.isAny(),
    invite({ preapproved }) {
      const addresses = network.addresses().slice(0, maxAddresses);
      const { text, expiresInMs } = book.issue({ addresses, preapproved });
      clock.after(expiresInMs + 1, () => {
        network.reconsider();
        dependencies.changed();
      });
      dependencies.changed();
      return { text, expiresInMs };
    },
    waiting: () =>
      [...waiting.values()]
        .map(({ request }) => request)
        .sort((a, b) => compareText(a.deviceKey, b.deviceKey)),
    answer(device, isWelcome) {
      const asked = waiting.get(device);
      if (asked === undefined) throw new SyncError('not-found', { what: 'device' });
      asked.answer(isWelcome);
    },
    async join(text, signal) {
      const invitation = textToInvitation(text);
      if (invitation.hostKey === identity.deviceKey)
        throw new SyncError('invitation-unreadable', { what: 'own' });
      if (known() > 1) throw new SyncError('already-in-group');
      return whileJoining(invitation.hostKey, undefined, async () => {
        const connection = await dialHost(invitation.hostKey, invitation.addresses, signal);
        const stream = await connection.openStream('/lockstep/pair/1', signal).catch((cause: unknown) => {
          if (signal.aborted) throw cause;
          // Whoever listens to nobody, or to enough others, says not even that.
          throw new SyncError('invitation-refused', { what: 'not-heard' }, { retry: 'soon', cause });
        });
        const result = await joinByInvitation({
          stream,
          host: invitation.hostKey,
          invitation,
          identity,
          claimedName: dependencies.deviceName(),
          signal,
          random,
        }).catch((error: unknown) => {
          throw signal.aborted ? error : pairingError(error);
        });
        await dependencies.met(invitation.hostKey, result.hostName, {
          address: connection.address,
          origin: 'person',
        });
        await group.adopt(result.log);
        return { group: result.group };
      });
    },
    nearby: {
      open: nearby.open,
      asking: nearby.asking,
      pair(peer, wish) {
        if (group.current() !== undefined && !group.isActive(self)) throw new SyncError('already-in-group');
        if (isPersonJoining()) throw new SyncError('already-exists', { what: 'joining' }, { retry: 'soon' });
        joining?.giveWay?.abort(new SyncError('interrupted'));
        return nearby.pair(peer, wish);
      },
      near: () =>
        nearDevices({
          seen: approach.seen(),
          known: dependencies.known(),
          asking: nearby.asking(),
          connections: network.connections(),
        }).filter(({ key }) => key !== self && mayComeIn(key)),
    },
    allow: allowed.allow,
    close() {
      book.clear();
      nearby.close();
      allowed.clear();
      network.reconsider();
      dependencies.changed();
    },
    stop() {
      stopping.abort(new SyncError('interrupted'));
      allowed.clear();
      book.clear();
    },
  };
}
