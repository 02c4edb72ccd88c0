import { type Clock, createLimiter, type Log, type Random } from '../base/base.ts';
import { unreachable } from '../base/pure.ts';
import type { SignedEntry } from '../file-index/file-index.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { isVectorWithin } from '../model/past.ts';
import type { Connection } from '../network/network.ts';
import {
  type Announcement,
  type AppliedStatement,
  type ByeReason,
  type ChunksAhead,
  decodeIndexMessage,
  encodeIndexMessage,
  type FrameStream,
  type IndexMessage,
  misshapen,
  type VerifySignature,
} from '../protocol/protocol.ts';
import { createAnnouncer } from './announcer.ts';
import { createAppliedGossip } from './applied-gossip.ts';
import type { StoredFrame } from './descent.ts';
import { createEntryChecker, type KnownLists, noKnownLists } from './entry-check.ts';
import type { EntryFrame } from './entry-frames.ts';
import type { FolderDoor, MayAccess } from './folder-door.ts';
import type { FolderTurns } from './folder-turns.ts';
import { createIndexServer } from './index-server.ts';
import { assembleManifest, type WantedManifest } from './manifest-request.ts';
import { createPusher } from './pusher.ts';
import { createRequests } from './requests.ts';
import { createStrikes } from './strikes.ts';
import { createTakeOver } from './take-over.ts';

/** LIMIT: folders of one peer whose announcements are kept. */
const maxAnnouncedFolders = 1024;
/** LIMIT: manifests asked of one peer at a time. */
const maxManifestRequests = 32;

/** What an index session works with. */
export interface IndexExchangeDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Shared by all sessions of this device, see {@link FolderTurns}. */
  readonly turns: FolderTurns;
  /** The folders this device syncs now. */
  folders(): readonly FolderDoor[];
  /** One of them. */
  folder(folderId: FolderId): FolderDoor | undefined;
  readonly mayAccess: MayAccess;
  /** Whether the group ever admitted this key, so that entries signed with it may be taken in. */
  isKnownAuthor(key: DeviceKey): boolean;
  readonly verify: VerifySignature;
  /** This device's word that it does not keep a folder; undefined if it does, or has nothing to say. */
  notKept?(folderId: FolderId): AppliedStatement | undefined;
  /** Told of every announcement that comes in, after it can be asked for; undefined when the peer gave the folder up. */
  announced?(peer: DeviceKey, folderId: FolderId, announcement: Announcement | undefined): void;
}

/** The conversation with one peer about folders, over one connection's `/lockstep/ctl/1` stream. */
export interface IndexSession {
  readonly peer: DeviceKey;
  /** Something in the folder's announcement changed, or the folder is new here, or is given up: tells the peer soon. */
  changed(folderId: FolderId): void;
  /** Sends entries just written or accepted here, except to the one they came from. Returns at once; what a slow peer cannot take is left to the next comparison. */
  push(folderId: FolderId, entries: readonly SignedEntry[], cameFrom?: DeviceKey): void;
  /** Tells of chunks of a file that is still being read. Returns at once. */
  tellAhead(chunks: ChunksAhead): void;
  /** What the peer last said of a folder. */
  peerAnnouncement(folderId: FolderId): Announcement | undefined;
  /** Every folder the peer spoke of and has not given up, in the order it first did. */
  peerAnnouncements(): readonly Announcement[];
  /** Whether entries are being taken over from this peer now. */
  isTakingOver(folderId: FolderId): boolean;
  /** Compares all folders again: after a membership change, or when the state lost something it had. */
  recheck(): void;
  /** Asks for a manifest and checks it; undefined if the peer does not have it now. Rejects when `signal` aborts, the session is over, or the peer misbehaves or falls silent. */
  requestManifest(wanted: WantedManifest, signal: AbortSignal): Promise<Manifest | undefined>;
  /** Tells the peer why, and ends the session; the connection stays. */
  finish(reason: ByeReason): Promise<void>;
  /** Resolves once, when the session is over, with why. */
  readonly closed: Promise<Error>;
}

/**
 * Starts the conversation over `stream`, which the connection's dialler opened and the other side got from its network.
 * A peer that misbehaves three times has its connection aborted with SyncError `peer-misbehaved`.
 */
export function startIndexSession(
  link: { readonly connection: Connection; readonly stream: FrameStream },
  dependencies: IndexExchangeDependencies,
): IndexSession {
  const { connection, stream } = link;
  const { clock, random, log, mayAccess, turns } = dependencies;
  const folder = (folderId: FolderId) => dependencies.folder(folderId);
  const { peer } = connection;
  const over = new AbortController();
  const { signal } = over;
  const { promise: closed, resolve: close } = Promise.withResolvers<Error>();
  const announcements = new Map<FolderId, Announcement>();
  const peerAnnouncement = (folderId: FolderId) => announcements.get(folderId);
  const sending = createLimiter(1);
  const asking = createLimiter(maxManifestRequests);
  const strikes = createStrikes(connection, log);
  const checker = createEntryChecker(dependencies);

  const send = (message: IndexMessage): Promise<void> =>
    sending.run(() => stream.send(encodeIndexMessage(message)), signal);
  const requests = createRequests(clock, send);
  /** The doors the peer knows of. A folder given up and taken on again has another one, whose state is not the one that was announced. */
  const said = new Map<FolderId, FolderDoor | undefined>();
  const announcedFolder = (folderId: FolderId): FolderDoor | undefined => {
    const door = folder(folderId);
    return said.get(folderId) === door ? door : undefined;
  };
  const server = createIndexServer({ peer, log, folder: announcedFolder, mayAccess, send });
  const pusher = createPusher({ peer, clock, log, folder, mayAccess, peerAnnouncement, send });
  const takeOver = createTakeOver({
    peer,
    clock,
    random,
    log,
    turns,
    requests,
    signal,
    folder,
    mayAccess,
    peerAnnouncement,
    store,
    failed: (error) => strikes.count(error),
    changed: (folderId) => announcer.changed(folderId),
  });
  const announcer = createAnnouncer({
    peer,
    clock,
    folder,
    mayAccess,
    peerAnnouncement,
    send,
    isTakingOver: (folderId) => takeOver.isTakingOver(folderId),
    said: (folderId, door) => said.set(folderId, door),
    looked(folderId) {
      takeOver.poke(folderId);
      gossip.poke(folderId);
    },
  });
  const gossip = createAppliedGossip({
    peer,
    folder,
    notKept: (folderId) => dependencies.notKept?.(folderId),
    mayAccess,
    peerAnnouncement,
    send,
  });

  async function store(
    door: FolderDoor,
    frame: EntryFrame,
    known: KnownLists,
    live: boolean,
  ): Promise<StoredFrame> {
    const { sets, entries, leftOut } = await checker.check(frame, door, known);
    // Checking takes time, in which the peer may have been put out.
    if (signal.aborted || !mayAccess(peer, door.folderId))
      throw new SyncError('not-allowed', { what: 'folder' });
    const isUndecided = entries.length > 0 && (await door.accept({ peer, live, sets, entries }));
    return { hashes: entries.map(({ member }) => member.hash), leftOut: leftOut || isUndecided };
  }

  async function receivePush(message: Extract<IndexMessage, { type: 'entries' }>): Promise<void> {
    const door = folder(message.folderId);
    if (door === undefined || !mayAccess(peer, message.folderId)) return;
    try {
      await store(door, message, noKnownLists(), true);
    } catch (error) {
      strikes.count(error);
      log.write('info', 'pushed entries were not taken', { peer, error });
    }
  }

  async function receive(message: IndexMessage): Promise<void> {
    switch (message.type) {
      case 'announce': {
        const { announcement } = message;
        const { folderId, floor, context } = announcement;
        if (!isVectorWithin(floor, context)) throw misshapen('floor');
        if (!announcements.has(folderId) && announcements.size >= maxAnnouncedFolders)
          throw misshapen('too-many-folders');
        const before = announcements.get(folderId)?.leftOut ?? [];
        announcements.set(folderId, announcement);
        if (before.join() !== announcement.leftOut.join()) announcer.changed(folderId);
        dependencies.announced?.(peer, folderId, announcement);
        takeOver.poke(folderId);
        gossip.poke(folderId);
        return;
      }
      case 'applied':
        gossip.received(message);
        return gossip.poke(message.folderId);
      case 'withdraw':
        gossip.recheck(message.folderId);
        if (announcements.delete(message.folderId))
          dependencies.announced?.(peer, message.folderId, undefined);
        return;
      case 'get-nodes':
      case 'get-entries':
      case 'get-manifest':
        return server.take(message);
      case 'entries':
        return message.id === 0 ? receivePush(message) : requests.answered(message);
      case 'nodes':
      case 'manifest':
        return requests.answered(message);
      case 'ahead': {
        const { folderId } = message.chunks;
        if (mayAccess(peer, folderId)) folder(folderId)?.heardAhead(peer, message.chunks);
        return;
      }
      case 'bye':
        return end(new SyncError('interrupted', { reason: message.reason }));
      default:
        return unreachable(message);
    }
  }

  /** One frame after the other, each dealt with before the next is read: a device that cannot keep up slows the sender down. */
  async function readAll(): Promise<void> {
    while (!signal.aborted) {
      const frame = await stream.receive(signal);
      if (frame === undefined) return end(new SyncError('interrupted', { reason: 'finished' }));
      requests.heard();
      try {
        const message = decodeIndexMessage(frame);
        if (message !== undefined) await receive(message);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        strikes.count(error);
      }
      requests.heard();
    }
  }

  function end(reason: Error): void {
    if (signal.aborted) return;
    over.abort(reason);
    announcer.end();
    pusher.end();
    takeOver.end();
    requests.end(reason);
    close(reason);
  }

  void connection.closed.then(end);
  readAll().catch((error: unknown) => {
    const reason = error instanceof Error ? error : new Error('stream broke', { cause: error });
    end(reason);
    stream.abort(reason);
  });
  for (const door of dependencies.folders()) announcer.changed(door.folderId);

  return {
    peer,
    changed: (folderId) => announcer.changed(folderId),
    push(folderId, entries, cameFrom) {
      takeOver.grew(folderId);
      pusher.push(folderId, entries, cameFrom);
    },
    tellAhead(chunks) {
      if (signal.aborted || !mayAccess(peer, chunks.folderId)) return;
      send({ type: 'ahead', chunks }).catch((error: unknown) => {
        if (!signal.aborted) log.write('warn', 'chunks were not told ahead', { peer, error });
      });
    },
    peerAnnouncement,
    peerAnnouncements: () => [...announcements.values()],
    isTakingOver: (folderId) => takeOver.isTakingOver(folderId),
    recheck() {
      takeOver.recheck();
      gossip.recheck();
      for (const door of dependencies.folders()) announcer.changed(door.folderId);
    },
    requestManifest: (wanted, stop) =>
      asking.run(async () => {
        const assembly = assembleManifest(wanted);
        const { folderId, content } = wanted;
        try {
          await requests.ask(
            (id) => ({ type: 'get-manifest', id, folderId, content }),
            async (answer) => {
              if (answer.type !== 'manifest') throw misshapen('answer');
              return assembly.take(answer);
            },
            stop,
          );
        } catch (error) {
          strikes.count(error);
          throw error;
        }
        return assembly.result();
      }, stop),
    async finish(reason) {
      if (signal.aborted) return;
      try {
        await send({ type: 'bye', reason });
        await stream.finish();
      } finally {
        end(new SyncError('interrupted', { reason }));
      }
    },
    closed,
  };
}
