import type { Clock } from '../base/base.ts';
import { equalBytes } from '../base/pure.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import { type Announcement, encodeIndexMessage, type IndexMessage } from '../protocol/protocol.ts';
import type { FolderDoor, MayAccess } from './folder-door.ts';

/** LIMIT: milliseconds between looks at what there is to announce. */
const lookEveryMs = 100;
/** LIMIT: milliseconds between announcements of a folder in which much is going on. */
const hurriedEveryMs = 1000;

/** What announcing needs. */
export interface AnnouncerDependencies {
  readonly peer: DeviceKey;
  readonly clock: Clock;
  folder(folderId: FolderId): FolderDoor | undefined;
  readonly mayAccess: MayAccess;
  peerAnnouncement(folderId: FolderId): Announcement | undefined;
  isTakingOver(folderId: FolderId): boolean;
  readonly send: (message: IndexMessage) => Promise<void>;
  /** The peer knows, or hears next, what this door says of itself; undefined: that there is none. */
  said(folderId: FolderId, door: FolderDoor | undefined): void;
  /** Told after each look, with what the folder would say now. */
  looked(folderId: FolderId): void;
}

/** Keeps one peer told of this device's folders. */
export interface Announcer {
  /** The folder may have something new to say: says it at once when all is quiet, about once a second while much goes on, never the same twice. */
  changed(folderId: FolderId): void;
  end(): void;
}

interface Told {
  cancel: (() => void) | undefined;
  /** Monotonic time at which the pending look happens. */
  dueAt: number;
  lookedAt: number;
  sentAt: number;
  sent: Uint8Array | undefined;
  isSending: boolean;
  isDirty: boolean;
}

/** An announcer for one peer. */
export function createAnnouncer(dependencies: AnnouncerDependencies): Announcer {
  const { peer, clock, mayAccess, send } = dependencies;
  const folders = new Map<FolderId, Told>();
  let isOver = false;

  function toldOf(folderId: FolderId): Told {
    let told = folders.get(folderId);
    if (told === undefined) {
      told = {
        cancel: undefined,
        dueAt: 0,
        lookedAt: Number.NEGATIVE_INFINITY,
        sentAt: Number.NEGATIVE_INFINITY,
        sent: undefined,
        isSending: false,
        isDirty: false,
      };
      folders.set(folderId, told);
    }
    return told;
  }

  function lookAt(folderId: FolderId, told: Told, dueAt: number): void {
    if (isOver || (told.cancel !== undefined && told.dueAt <= dueAt)) return;
    told.cancel?.();
    told.cancel = undefined;
    const delayMs = dueAt - clock.monotonic();
    if (delayMs <= 0) {
      look(folderId, told);
      return;
    }
    told.dueAt = dueAt;
    told.cancel = clock.after(delayMs, () => {
      told.cancel = undefined;
      look(folderId, told);
    });
  }

  function look(folderId: FolderId, told: Told): void {
    if (told.isSending) {
      told.isDirty = true;
      return;
    }
    told.lookedAt = clock.monotonic();
    const message = say(folderId, told);
    const frame = message && encodeIndexMessage(message);
    if (message !== undefined && frame !== undefined) {
      const soonest = told.sentAt + hurriedEveryMs;
      const isNews = !isSame(frame, told.sent);
      if (isNews && isHurried(message, folderId) && told.lookedAt < soonest) lookAt(folderId, told, soonest);
      else {
        dependencies.said(folderId, dependencies.folder(folderId));
        if (isNews) tell(folderId, told, message, frame);
      }
    }
    dependencies.looked(folderId);
  }

  /** What the peer should be told; undefined if nothing. */
  function say(folderId: FolderId, told: Told): IndexMessage | undefined {
    const door = dependencies.folder(folderId);
    if (door !== undefined && mayAccess(peer, folderId))
      return { type: 'announce', announcement: door.announcement(dependencies.peerAnnouncement(folderId)) };
    return told.sent === undefined ? undefined : { type: 'withdraw', folderId };
  }

  function isHurried(message: IndexMessage, folderId: FolderId): boolean {
    if (message.type !== 'announce') return false;
    return isUnderWay(message.announcement) || dependencies.isTakingOver(folderId);
  }

  function tell(folderId: FolderId, told: Told, message: IndexMessage, frame: Uint8Array): void {
    told.sent = frame;
    told.sentAt = clock.monotonic();
    told.isSending = true;
    void send(message)
      .catch(() => {})
      .then(() => {
        told.isSending = false;
        if (!told.isDirty) return;
        told.isDirty = false;
        lookAt(folderId, told, told.lookedAt + lookEveryMs);
      });
  }

  return {
    changed(folderId) {
      const told = toldOf(folderId);
      lookAt(folderId, told, told.lookedAt + lookEveryMs);
    },
    end() {
      isOver = true;
      for (const told of folders.values()) told.cancel?.();
    },
  };
}

function isUnderWay(announcement: Announcement): boolean {
  return announcement.busy || announcement.needPaths > 0;
}

function isSame(frame: Uint8Array, sent: Uint8Array | undefined): boolean {
  return sent !== undefined && equalBytes(frame, sent);
}
