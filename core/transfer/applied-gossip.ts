import type { DeviceKey, FolderId } from '../model/ids.ts';
import {
  type Announcement,
  appliedDigest,
  type AppliedStatement,
  type IndexMessage,
} from '../protocol/protocol.ts';
import type { FolderDoor, MayAccess } from './folder-door.ts';

/** LIMIT: vector items in one frame, about 160 KiB. */
const maxItems = 8_000;

/** What passing words on needs. */
export interface AppliedGossipDependencies {
  readonly peer: DeviceKey;
  folder(folderId: FolderId): FolderDoor | undefined;
  /** This device's word that it does not keep a folder; undefined if it does. */
  notKept(folderId: FolderId): AppliedStatement | undefined;
  readonly mayAccess: MayAccess;
  peerAnnouncement(folderId: FolderId): Announcement | undefined;
  readonly send: (message: IndexMessage) => Promise<void>;
}

/** Keeps one peer told of what devices have said of their disks, each word at most once. */
export interface AppliedGossip {
  /** The peer's announcement or what is known here may have changed: sends what the peer lacks. */
  poke(folderId: FolderId): void;
  /** Takes in what the peer sent. Throws SyncError `peer-misbehaved` for a word that its device did not sign. */
  received(message: Extract<IndexMessage, { type: 'applied' }>): void;
  /** What was sent may have been of no use: whoever was unknown to a side may be known now, or the peer had no such folder. Everything may be sent again, of one folder or of all. */
  recheck(folderId?: FolderId): void;
}

/** Gossip with one peer. */
export function createAppliedGossip(dependencies: AppliedGossipDependencies): AppliedGossip {
  const { peer, mayAccess } = dependencies;
  /** The newest word of each device that the peer has sent or was sent. */
  const told = new Map<FolderId, Map<DeviceKey, number>>();

  function toldOf(folderId: FolderId): Map<DeviceKey, number> {
    let serials = told.get(folderId);
    if (serials === undefined) {
      serials = new Map();
      told.set(folderId, serials);
    }
    return serials;
  }

  function markTold(serials: Map<DeviceKey, number>, statements: readonly AppliedStatement[]): void {
    for (const { device, serial } of statements)
      serials.set(device, Math.max(serial, serials.get(device) ?? 0));
  }

  /** What there is to say, once what the peer says it knows is marked as told. */
  function known(folderId: FolderId): readonly AppliedStatement[] {
    const announcement = dependencies.peerAnnouncement(folderId);
    if (announcement === undefined || !mayAccess(peer, folderId)) return [];
    const door = dependencies.folder(folderId);
    if (door === undefined) {
      const word = dependencies.notKept(folderId);
      return word === undefined ? [] : [word];
    }
    const statements = door.applied();
    if (appliedDigest(statements) === announcement.applied) markTold(toldOf(folderId), statements);
    return statements;
  }

  async function sendAll(folderId: FolderId, statements: readonly AppliedStatement[]): Promise<void> {
    let batch: AppliedStatement[] = [];
    let items = 0;
    for (const statement of statements) {
      const more = statement.applied?.length ?? 0;
      if (batch.length > 0 && items + more > maxItems) {
        await dependencies.send({ type: 'applied', folderId, statements: batch });
        batch = [];
        items = 0;
      }
      batch.push(statement);
      items += more;
    }
    await dependencies.send({ type: 'applied', folderId, statements: batch });
  }

  return {
    poke(folderId) {
      const serials = toldOf(folderId);
      const news = known(folderId).filter(({ device, serial }) => (serials.get(device) ?? 0) < serial);
      if (news.length === 0) return;
      markTold(serials, news);
      // A send that fails has ended the session, and what it told with it.
      void sendAll(folderId, news).catch(() => {});
    },
    received({ folderId, statements }) {
      const door = dependencies.folder(folderId);
      if (door === undefined || !mayAccess(peer, folderId)) return;
      markTold(toldOf(folderId), statements);
      door.heardApplied(statements);
    },
    recheck(folderId) {
      if (folderId === undefined) told.clear();
      else told.delete(folderId);
    },
  };
}
