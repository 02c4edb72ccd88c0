import type { Clock, Log } from '../base/base.ts';
import type { SignedEntry } from '../file-index/file-index.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { Announcement, IndexMessage } from '../protocol/protocol.ts';
import { createEntryPacker, inFrames } from './entry-frames.ts';
import type { FolderDoor, MayAccess } from './folder-door.ts';

/** LIMIT: entries waiting to be pushed to one peer in one folder; beyond it comparing tries is cheaper than catching up. */
export const maxBacklog = 4096;
/** Milliseconds that relayed entries wait, in which most peers say that they have them from their author. */
const relayDelayMs = 150;

/** What pushing needs. */
export interface PusherDependencies {
  readonly peer: DeviceKey;
  readonly clock: Clock;
  readonly log: Log;
  folder(folderId: FolderId): FolderDoor | undefined;
  readonly mayAccess: MayAccess;
  peerAnnouncement(folderId: FolderId): Announcement | undefined;
  readonly send: (message: IndexMessage) => Promise<void>;
}

/** Sends one peer new entries without being asked. */
export interface Pusher {
  push(folderId: FolderId, entries: readonly SignedEntry[], cameFrom: DeviceKey | undefined): void;
  end(): void;
}

interface Backlog {
  entries: SignedEntry[];
  isSending: boolean;
  cancelDelay: (() => void) | undefined;
}

/** A pusher for one peer. */
export function createPusher(dependencies: PusherDependencies): Pusher {
  const { peer, clock, log } = dependencies;
  const backlogs = new Map<FolderId, Backlog>();
  let isOver = false;

  function start(folderId: FolderId, backlog: Backlog): void {
    if (isOver || backlog.isSending) return;
    backlog.isSending = true;
    sendAll(folderId, backlog)
      .catch((error: unknown) => {
        backlog.entries = [];
        if (!isOver) log.write('warn', 'entries were not pushed', { peer, error });
      })
      .finally(() => {
        backlog.isSending = false;
      });
  }

  async function sendAll(folderId: FolderId, backlog: Backlog): Promise<void> {
    while (backlog.entries.length > 0) {
      const door = dependencies.folder(folderId);
      const theirs = dependencies.peerAnnouncement(folderId);
      const isPointless =
        door === undefined ||
        !dependencies.mayAccess(peer, folderId) ||
        theirs === undefined ||
        theirs.stateRoot === door.stateRoot();
      if (isPointless) {
        backlog.entries = [];
        return;
      }
      // What was written over while it waited may have lost its signature, and nobody needs it.
      const sets = new Set(backlog.entries.map(({ changeSet }) => changeSet));
      for (const id of sets) if (door.changeSet(id) === undefined) sets.delete(id);
      const held = backlog.entries.filter(({ changeSet }) => sets.has(changeSet));
      const [batch = []] = inFrames(held);
      backlog.entries = held.slice(batch.length);
      if (batch.length === 0) return;
      const frame = createEntryPacker((id) => door.changeSet(id)).pack(batch, false);
      await dependencies.send({ type: 'entries', id: 0, folderId, ...frame, ending: 'end' });
    }
  }

  return {
    push(folderId, entries, cameFrom) {
      if (isOver || cameFrom === peer || entries.length === 0) return;
      if (dependencies.peerAnnouncement(folderId) === undefined) return;
      let backlog = backlogs.get(folderId);
      if (backlog === undefined) {
        backlog = { entries: [], isSending: false, cancelDelay: undefined };
        backlogs.set(folderId, backlog);
      }
      const waiting = backlog;
      if (waiting.entries.length + entries.length > maxBacklog) {
        waiting.entries = [];
        return;
      }
      waiting.entries.push(...entries);
      if (cameFrom === undefined) {
        waiting.cancelDelay?.();
        waiting.cancelDelay = undefined;
        start(folderId, waiting);
      } else
        waiting.cancelDelay ??= clock.after(relayDelayMs, () => {
          waiting.cancelDelay = undefined;
          start(folderId, waiting);
        });
    },
    end() {
      isOver = true;
      for (const backlog of backlogs.values()) backlog.cancelDelay?.();
    },
  };
}
