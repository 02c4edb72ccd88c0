import { abortable, Bug, type Clock, type Log, type Random, sleep } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { Connection, Network, PeerKeeper } from '../network/network.ts';
import {
  decodeProfile,
  encodeProfile,
  type FrameStream,
  type Profile,
  trustFeatures,
} from '../protocol/protocol.ts';
import {
  type BlockFetcher,
  type FolderDoor,
  type IndexExchangeDependencies,
  type IndexSession,
  serveBlocks,
  startIndexSession,
} from '../transfer/transfer.ts';
import {
  type Consent,
  createEvidenceGate,
  evidenceLimits,
  exchangeTrust,
  type Identity,
  type Standing,
  standingBetween,
  type TrustSession,
} from '../trust/trust.ts';
import type { Group } from './group.ts';
import { createInstanceWatch } from './instance-watch.ts';

/** LIMIT: how long a connection may take to exchange trust before it is broken off. */
const trustTimeoutMs = 30_000;
/** LIMIT: how long a suspended device may take to agree to be admitted again. */
const consentTimeoutMs = 15_000;

/** One connection to a member, from its trust exchange on. */
export interface PeerLink {
  readonly peer: DeviceKey;
  readonly connection: Connection;
  readonly index: IndexSession | undefined;
  readonly profile: Profile | undefined;
}

/** All conversations with members. */
export interface PeerLinks {
  /** Links to active members whose trust exchange is done, one per connection. */
  all(): readonly PeerLink[];
  /** Whether a suspended device is connected, so that it can be asked to agree to be admitted again. */
  isWaiting(peer: DeviceKey): boolean;
  /** Asks a suspended device to agree to be admitted again. Rejects with SyncError `unreachable` if it is not connected, `timed-out` if it does not answer. */
  askConsent(peer: DeviceKey): Promise<Consent>;
  /** Whether two programs that hold a device's key were met, or of this device's own, whether a member says so. */
  isInTwoPlaces(peer: DeviceKey): boolean;
  /** Members may have changed: cuts links that are no longer welcome, in this tick. */
  cut(): void;
  /** The group changed, durably: tells the others, and goes on with those that are welcome now. */
  groupChanged(): void;
  /** This device's profile changed: tells everyone. */
  profileChanged(): void;
  /** Ends every conversation politely. */
  stop(): Promise<void>;
}

/** What the links need. */
export interface PeerLinksDependencies {
  readonly network: Network;
  readonly keeper: PeerKeeper;
  readonly identity: Identity;
  readonly instance: Uint8Array;
  readonly group: Group;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly fetcher: BlockFetcher;
  readonly index: Omit<IndexExchangeDependencies, 'mayAccess' | 'isKnownAuthor'>;
  folder(folderId: FolderId): FolderDoor | undefined;
  profile(): Profile;
  /** Who is connected, or how far the conversation has come, has changed. */
  changed(): void;
  /** A peer told of its name and folders. */
  profileTold(): void;
  /** Bytes of blocks just sent, for progress. */
  sent(folderId: FolderId, bytes: number): void;
}

interface OpenLink {
  readonly peer: DeviceKey;
  readonly connection: Connection;
  readonly ending: AbortController;
  readonly trusted: PromiseWithResolvers<void>;
  trust: TrustSession | undefined;
  isTrustBegun: boolean;
  /** Whether everything may be exchanged, and not the log alone. */
  isOpen: boolean;
  index: IndexSession | undefined;
  profile: Profile | undefined;
  profileStream: FrameStream | undefined;
}

/**
 * Runs the conversation on every connection of the keeper, in the one order that is allowed: trust, then profile, then index and blocks.
 * The dialler opens each stream. A stream that comes before trust is done waits for it, briefly; without trust it is refused.
 */
export function createPeerLinks(dependencies: PeerLinksDependencies): PeerLinks {
  const { network, keeper, identity, group, clock, log, fetcher } = dependencies;
  const links = new Map<Connection, OpenLink>();
  const evidence = createEvidenceGate({ clock });
  const instances = createInstanceWatch();

  const mayAccess = (peer: DeviceKey): boolean => group.isActive(peer) && group.isActive(identity.deviceKey);

  const linkOf = (connection: Connection): OpenLink => {
    const known = links.get(connection);
    if (known !== undefined) return known;
    const link: OpenLink = {
      peer: connection.peer,
      connection,
      ending: new AbortController(),
      trusted: Promise.withResolvers<void>(),
      trust: undefined,
      isTrustBegun: false,
      isOpen: false,
      index: undefined,
      profile: undefined,
      profileStream: undefined,
    };
    link.trusted.promise.catch(() => {});
    links.set(connection, link);
    void connection.closed.then((reason) => {
      links.delete(connection);
      link.ending.abort(reason);
      link.trusted.reject(reason);
      fetcher.removePeer(connection);
      dependencies.changed();
    });
    return link;
  };

  const fail = (link: OpenLink, error: unknown): void => {
    const reason = error instanceof Error ? error : new Error(String(error));
    log.write('info', 'link ended', { peer: link.peer.slice(0, 8), reason: reason.message });
    if (reason instanceof Bug)
      log.write('error', 'a link ended by a fault of the program', { error: reason.stack ?? reason.message });
    link.trusted.reject(reason);
    link.connection.abort(reason);
  };

  const runTrust = async (link: OpenLink, stream: FrameStream): Promise<void> => {
    link.isTrustBegun = true;
    const membership = group.current();
    const members = membership?.log.members();
    const standing = members && standingBetween(members, identity.deviceKey, link.peer);
    if (!link.connection.dialled && standing === 'revoked' && !evidence.admits(link.peer))
      throw new SyncError('not-member', { what: 'too-often' });
    const timeoutMs =
      standing === undefined || standing === 'active' ? trustTimeoutMs : evidenceLimits.lastsMs;
    const deadline = sleep(clock, timeoutMs, link.ending.signal).then(() => {
      throw new SyncError('timed-out', { what: 'trust' });
    });
    deadline.catch(() => {});
    const result = await Promise.race([
      exchangeTrust({
        stream,
        peer: link.peer,
        identity,
        instance: dependencies.instance,
        // Two programs with one key cannot meet: they have to be told of each other.
        features: instances.isInTwoPlaces(link.peer) ? [trustFeatures.metInTwoPlaces] : [],
        membership,
        onAccepted: (envelopes) => group.accepted(envelopes, membership?.log),
        onCut: (list) => group.acceptedCut(list, membership),
        signal: link.ending.signal,
        random: dependencies.random,
      }),
      deadline,
    ]);
    if (result.kind === 'other-group') throw new SyncError('not-member', { what: 'other-group' });
    group.met();
    if (result.kind === 'evidence' || standingNow(link.peer) === 'revoked') throw new SyncError('not-member');
    const { session } = result;
    instances.met(link.peer, session.peerInstance);
    if (session.peerFeatures.includes(trustFeatures.metInTwoPlaces)) instances.told(identity.deviceKey);
    link.trust = session;
    const following = session.follow(link.ending.signal);
    following.catch(() => {});
    if (mayAccess(link.peer)) openUp(link);
    dependencies.changed();
    // What was accepted after this side had told everything, while it still listened, is told here.
    await Promise.all([following, session.push()]);
  };

  const standingNow = (peer: DeviceKey): Standing => {
    const members = group.current()?.log.members();
    return members === undefined ? 'revoked' : standingBetween(members, identity.deviceKey, peer);
  };

  /** From here on everything is exchanged. */
  const openUp = (link: OpenLink): void => {
    link.isOpen = true;
    link.trusted.resolve();
    fetcher.addPeer(link.connection);
    if (link.connection.dialled) openStreams(link).catch((error: unknown) => fail(link, error));
  };

  const openStreams = async (link: OpenLink): Promise<void> => {
    const { connection, ending } = link;
    const [profileStream, indexStream] = await Promise.all([
      connection.openStream('/lockstep/profile/1', ending.signal),
      connection.openStream('/lockstep/ctl/1', ending.signal),
    ]);
    startIndex(link, indexStream);
    await runProfile(link, profileStream);
  };

  const runProfile = async (link: OpenLink, stream: FrameStream): Promise<void> => {
    link.profileStream = stream;
    await stream.send(encodeProfile(dependencies.profile()));
    for (;;) {
      const frame = await stream.receive(link.ending.signal);
      if (frame === undefined) return;
      link.profile = decodeProfile(frame);
      dependencies.profileTold();
    }
  };

  const startIndex = (link: OpenLink, stream: FrameStream): void => {
    if (link.index !== undefined) {
      stream.abort(new SyncError('not-allowed', { what: 'second' }));
      return;
    }
    const session = startIndexSession(
      { connection: link.connection, stream },
      { ...dependencies.index, mayAccess, isKnownAuthor: (key) => group.isKnown(key) },
    );
    link.index = session;
    dependencies.changed();
    void session.closed.then((reason) => {
      link.index = undefined;
      dependencies.changed();
      // Without this conversation the connection is of no use: the keeper makes a new one.
      if (!link.ending.signal.aborted) fail(link, reason);
    });
  };

  /** Lets a stream through once trust is done on its connection, or refuses it. */
  const whenTrusted = (
    connection: Connection,
    stream: FrameStream,
    use: (link: OpenLink) => Promise<void> | void,
  ): void => {
    const link = links.get(connection);
    // Nothing but the log is exchanged with a suspended device.
    if (link?.isTrustBegun !== true || (link.trust !== undefined && !mayAccess(link.peer))) {
      stream.abort(new SyncError('not-allowed', { what: stream.protocol }));
      return;
    }
    abortable(link.trusted.promise, link.ending.signal)
      .then(() => {
        if (!mayAccess(link.peer)) throw new SyncError('not-member');
        return use(link);
      })
      .catch((error: unknown) => {
        stream.abort(error instanceof Error ? error : new Error(String(error)));
        if (!link.ending.signal.aborted)
          log.write('debug', 'stream ended', { protocol: stream.protocol, reason: String(error) });
      });
  };

  keeper.onPeer((connection) => {
    const link = linkOf(connection);
    if (!connection.dialled || link.isTrustBegun) return;
    link.isTrustBegun = true;
    connection
      .openStream('/lockstep/trust/1', link.ending.signal)
      .then((stream) => runTrust(link, stream))
      .catch((error: unknown) => fail(link, error));
  });
  network.handle('/lockstep/trust/1', (stream, connection) => {
    const link = linkOf(connection);
    if (connection.dialled || link.isTrustBegun || !group.isKnown(connection.peer)) {
      stream.abort(new SyncError('not-allowed', { what: 'trust' }));
      return;
    }
    runTrust(link, stream).catch((error: unknown) => fail(link, error));
  });
  network.handle('/lockstep/profile/1', (stream, connection) =>
    whenTrusted(connection, stream, (link) => runProfile(link, stream)),
  );
  network.handle('/lockstep/ctl/1', (stream, connection) =>
    whenTrusted(connection, stream, (link) => startIndex(link, stream)),
  );
  network.handle('/lockstep/blk/1', (stream, connection) =>
    whenTrusted(connection, stream, () =>
      serveBlocks(
        { connection, stream },
        { log, folder: dependencies.folder, mayAccess, sent: dependencies.sent },
      ),
    ),
  );

  const suspended = (peer: DeviceKey): TrustSession | undefined =>
    [...links.values()].findLast((link) => link.peer === peer && !link.isOpen && link.trust !== undefined)
      ?.trust;
  return {
    all: () => [...links.values()].filter(({ isOpen }) => isOpen),
    isWaiting: (peer) => suspended(peer) !== undefined,
    async askConsent(peer) {
      const session = suspended(peer);
      if (session === undefined) throw new SyncError('unreachable', {}, { retry: 'soon' });
      const over = new AbortController();
      const late = sleep(clock, consentTimeoutMs, over.signal).then(() => {
        throw new SyncError('timed-out', { what: 'consent' }, { retry: 'soon' });
      });
      late.catch(() => {});
      try {
        return await Promise.race([session.askConsent(), late]);
      } finally {
        over.abort(new SyncError('interrupted'));
      }
    },
    isInTwoPlaces: (peer) => instances.isInTwoPlaces(peer),
    cut() {
      network.reconsider();
      for (const link of links.values()) {
        const isUnwelcome = link.isOpen ? !mayAccess(link.peer) : standingNow(link.peer) === 'revoked';
        if (link.trust !== undefined && isUnwelcome) fail(link, new SyncError('not-member'));
      }
    },
    groupChanged() {
      for (const link of links.values()) {
        if (link.trust === undefined || link.ending.signal.aborted) continue;
        link.trust.push().catch((error: unknown) => fail(link, error));
        if (!link.isOpen && mayAccess(link.peer)) openUp(link);
        link.index?.recheck();
      }
      dependencies.changed();
    },
    profileChanged() {
      const frame = encodeProfile(dependencies.profile());
      for (const link of links.values())
        link.profileStream?.send(frame).catch((error: unknown) => fail(link, error));
    },
    async stop() {
      await Promise.allSettled(
        [...links.values()].flatMap(({ index }) => (index === undefined ? [] : [index.finish('stopping')])),
      );
      for (const link of links.values()) link.connection.abort(new SyncError('interrupted'));
    },
  };
}
