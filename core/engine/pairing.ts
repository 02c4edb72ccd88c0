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
  textToInvitation,
} from '../trust/trust.ts';
import type { Group } from './group.ts';

/** LIMIT: addresses in an invitation. */
const maxAddresses = 4;
/** LIMIT: devices that are no members connected at once while an invitation is open. */
const maxStrangers = 3;
/** LIMIT: how long a device that is no member may stay connected without pairing. */
const strangerMs = 30_000;
/** How long the dial of an invitation's host is tried before it is given up. */
const joinDialMs = 30_000;

/** How new devices come in, and how this one joins others. */
export interface Pairing {
  /** Whether strangers are let in far enough to pair: while an invitation is open or this device is joining. */
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
  /** Ends all invitations: they were for a group this device has left. */
  endInvitations(): void;
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
  let hosting = 0;
  let joining: DeviceKey | undefined;
  let seenHost: readonly string[] = [];

  const isInviting = (): boolean => book.hasOpen() || hosting > 0;

  /** A stranger may stay for as long as it takes to pair, and while a person is asked. */
  const strangers = new Map<DeviceKey, number>();
  const watchStranger = (connection: Connection): void => {
    const cancel = clock.after(strangerMs, () => {
      if (group.isKnown(connection.peer) || connection.peer === joining) return;
      if (waiting.has(connection.peer)) watchStranger(connection);
      else connection.abort(new SyncError('timed-out', { what: 'pairing' }));
    });
    void connection.closed.then(cancel);
  };
  network.onConnection((connection) => {
    if (group.isKnown(connection.peer)) return;
    const { peer } = connection;
    strangers.set(peer, (strangers.get(peer) ?? 0) + 1);
    void connection.closed.then(() => {
      const left = (strangers.get(peer) ?? 1) - 1;
      if (left === 0) strangers.delete(peer);
      else strangers.set(peer, left);
    });
    watchStranger(connection);
  });
  network.onSighting(({ peer, addresses }) => {
    if (peer === joining) seenHost = addresses;
  });
  network.handle('/lockstep/pair/1', (stream, connection) => {
    if (!isInviting() || group.isActive(connection.peer)) {
      stream.abort(new SyncError('not-allowed', { what: 'pairing-closed' }));
      return;
    }
    host(stream, connection).catch((error: unknown) =>
      log.write('info', 'pairing ended', { error: String(error) }),
    );
  });

  const host = async (stream: FrameStream, connection: Connection): Promise<void> => {
    hosting += 1;
    try {
      const { request } = await hostPairing({
        stream,
        joiner: connection.peer,
        identity,
        hostName: dependencies.deviceName(),
        invitations: book,
        confirm: askPerson,
        async openGroup() {
          const current = group.current();
          if (current === undefined) throw new SyncError('no-group');
          return current.log;
        },
        async commit(envelope) {
          const current = group.current();
          if (current === undefined) throw new SyncError('no-group');
          const { accepted, fault } = current.log.add(envelope);
          if (fault !== undefined) throw new SyncError('not-allowed', { what: fault });
          await group.accepted(accepted, current.log);
        },
        signal: stopping.signal,
        random,
      });
      await dependencies.met(request.deviceKey, request.claimedName, undefined);
      dependencies.joined(request.deviceKey);
    } catch (error) {
      if (!group.isActive(connection.peer))
        connection.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
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
    given: readonly string[],
    signal: AbortSignal,
  ): Promise<Connection> => {
    const startedAt = clock.monotonic();
    for (;;) {
      const addresses: DialAddress[] = [
        ...given.map((address) => ({ address, origin: 'person' as const })),
        ...seenHost.map((address) => ({ address, origin: 'sighting' as const })),
      ];
      try {
        return await network.dial(hostKey, addresses, signal);
      } catch (error) {
        if (signal.aborted || clock.monotonic() - startedAt > joinDialMs) throw error;
      }
      await abortable(new Promise<void>((resolve) => void clock.after(500, resolve)), signal);
    }
  };

  return {
    isOpen: (peer) =>
      peer === joining || (isInviting() && (strangers.has(peer) || strangers.size < maxStrangers)),
    wantsDiscovery: () => isInviting() || joining !== undefined,
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
      if (group.others().length > 0 || (group.current()?.log.members().known.size ?? 0) > 1)
        throw new SyncError('already-in-group');
      if (joining !== undefined)
        throw new SyncError('already-exists', { what: 'joining' }, { retry: 'soon' });
      joining = invitation.hostKey;
      seenHost = [];
      dependencies.changed();
      try {
        const connection = await dialHost(invitation.hostKey, invitation.addresses, signal);
        const stream = await connection.openStream('/lockstep/pair/1', signal).catch((cause: unknown) => {
          throw new SyncError('invitation-used', {}, { cause });
        });
        const result = await joinByInvitation({
          stream,
          host: invitation.hostKey,
          invitation,
          identity,
          claimedName: dependencies.deviceName(),
          signal,
          random,
        });
        await dependencies.met(invitation.hostKey, result.hostName, {
          address: connection.address,
          origin: 'person',
        });
        await group.adopt(result.log);
        return { group: result.group };
      } finally {
        joining = undefined;
        dependencies.changed();
      }
    },
    endInvitations() {
      book.clear();
      network.reconsider();
      dependencies.changed();
    },
    stop() {
      stopping.abort(new SyncError('interrupted'));
      book.clear();
    },
  };
}
