import { type Clock, createLimiter, type Log, type Random, randomFraction, sleep } from '../base/base.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { isVectorWithin, type VectorItem } from '../model/past.ts';
import type { Announcement } from '../protocol/protocol.ts';
import { createAbsence } from './absence.ts';
import { descend, type StoredFrame } from './descent.ts';
import type { KnownLists } from './entry-check.ts';
import type { EntryFrame } from './entry-frames.ts';
import type { FolderDoor, MayAccess } from './folder-door.ts';
import type { FolderTurns } from './folder-turns.ts';
import type { Requests } from './requests.ts';

/** LIMIT: folders compared with one peer at a time. */
const maxDescents = 16;
/** Milliseconds a difference must last before it is looked into again: most are gone when what was just pushed has arrived. */
const settleMs = 500;
/** LIMIT: roots of this device's own that a peer is known by to be only behind; a peer says its own once a second while much goes on. */
const maxOwnRoots = 64;
/** Milliseconds before a failed takeover is tried again, doubled each time. */
const firstRetryMs = 1000;
const lastRetryMs = 60_000;

/** What taking over needs. */
export interface TakeOverDependencies {
  readonly peer: DeviceKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly turns: FolderTurns;
  readonly requests: Requests;
  readonly signal: AbortSignal;
  folder(folderId: FolderId): FolderDoor | undefined;
  readonly mayAccess: MayAccess;
  peerAnnouncement(folderId: FolderId): Announcement | undefined;
  /** Checks and stores entries. */
  store(door: FolderDoor, frame: EntryFrame, known: KnownLists, live: boolean): Promise<StoredFrame>;
  /** Told why a takeover failed. */
  failed(error: unknown): void;
  /** A takeover began or ended. */
  changed(folderId: FolderId): void;
}

/** Brings what one peer has into this device's state, folder by folder. */
export interface TakeOver {
  /** The peer's root or ours may have changed: compares, and takes over if need be. */
  poke(folderId: FolderId): void;
  /** This device's state has grown by something the peer is told of, or has told: while the peer shows a root that was ours once, there is nothing to take over. */
  grew(folderId: FolderId): void;
  isTakingOver(folderId: FolderId): boolean;
  /** Forgets what was compared before, and waits no longer. */
  recheck(): void;
  end(): void;
}

interface FolderProgress {
  isRunning: boolean;
  /** The peer's root under which everything was taken. */
  taken: Hash | undefined;
  /** A root that was taken over once already, before its floor was here. */
  seenOnce: Hash | undefined;
  /** The peer's floor when everything here was last compared with what the peer has not. */
  cleared: readonly VectorItem[];
  /** The announcement the door was last told of as taken over. */
  told: Announcement | undefined;
  failures: number;
  cancelWait: (() => void) | undefined;
}

/** Takes over from one peer. */
export function createTakeOver(dependencies: TakeOverDependencies): TakeOver {
  const { peer, clock, random, log, turns, requests, signal } = dependencies;
  const folders = new Map<FolderId, FolderProgress>();
  const limiter = createLimiter(maxDescents);
  let ownRoots = new WeakMap<FolderDoor, Hash[]>();

  function progressOf(folderId: FolderId): FolderProgress {
    let progress = folders.get(folderId);
    if (progress === undefined) {
      progress = {
        isRunning: false,
        taken: undefined,
        seenOnce: undefined,
        cleared: [],
        told: undefined,
        failures: 0,
        cancelWait: undefined,
      };
      folders.set(folderId, progress);
    }
    return progress;
  }

  /** The folder and the announcement to be taken over; undefined if nothing is to be done now. */
  function difference(folderId: FolderId, progress: FolderProgress) {
    const announcement = dependencies.peerAnnouncement(folderId);
    const door = dependencies.folder(folderId);
    if (announcement === undefined || door === undefined) return undefined;
    if (signal.aborted || !dependencies.mayAccess(peer, folderId)) return undefined;
    const { stateRoot } = announcement;
    const isHere =
      progress.taken === stateRoot ||
      door.stateRoot() === stateRoot ||
      ownRoots.get(door)?.includes(stateRoot) === true;
    if (!isHere) return { door, announcement };
    tookOver(door, announcement, progress, []);
    return undefined;
  }

  function tookOver(
    door: FolderDoor,
    announcement: Announcement,
    progress: FolderProgress,
    absent: readonly Hash[],
  ): void {
    progress.taken = announcement.stateRoot;
    progress.failures = 0;
    if (progress.told === announcement && absent.length === 0) return;
    progress.told = announcement;
    door.tookOver(peer, announcement, absent);
  }

  /** Whether the peer has gone on from what it announced: a folder that it gave up meanwhile and took on again begins anew, and says less. */
  function isStillSaid({ folderId, context, floor }: Announcement): boolean {
    const now = dependencies.peerAnnouncement(folderId);
    return now !== undefined && isVectorWithin(context, now.context) && isVectorWithin(floor, now.floor);
  }

  /**
   * Takes over one root. While the peer's floor is not here yet, something old may be pushed by a third device at a path that was compared before;
   * nothing of that kind comes in any more once the floor is, so the root is then compared once more.
   */
  async function takeOver(
    door: FolderDoor,
    announcement: Announcement,
    progress: FolderProgress,
    made: () => void,
  ): Promise<boolean> {
    const { floor, stateRoot } = announcement;
    const isFloorHere = isVectorWithin(floor, door.announcement().floor);
    const absence = createAbsence(door, floor, !isVectorWithin(floor, progress.cleared));
    const isComplete = await descend({
      door,
      requests,
      signal,
      absence,
      store: (frame, known) => dependencies.store(door, frame, known, false),
      progress: made,
    });
    if (!isComplete || !isStillSaid(announcement)) return false;
    tookOver(door, announcement, progress, await absence.found(() => sleep(clock, 0, signal)));
    if (isFloorHere) progress.cleared = floor;
    else if (progress.seenOnce !== stateRoot) {
      progress.seenOnce = stateRoot;
      progress.taken = undefined;
    }
    return true;
  }

  async function run(folderId: FolderId, progress: FolderProgress): Promise<boolean> {
    if (difference(folderId, progress) === undefined) return true;
    const turn = await turns.take(folderId, signal);
    try {
      // What another peer sent while this one waited may be all there was.
      const found = difference(folderId, progress);
      if (found === undefined) return true;
      const { door, announcement } = found;
      return await takeOver(door, announcement, progress, () => turn.progress());
    } finally {
      turn.release();
    }
  }

  function start(folderId: FolderId, progress: FolderProgress): void {
    progress.isRunning = true;
    dependencies.changed(folderId);
    limiter
      .run(() => run(folderId, progress), signal)
      .catch((error: unknown) => {
        if (!signal.aborted) {
          log.write('info', 'taking over failed', { peer, folderId, error });
          dependencies.failed(error);
        }
        return false;
      })
      .then((isComplete) => {
        progress.isRunning = false;
        if (signal.aborted) return;
        dependencies.changed(folderId);
        if (isComplete) poke(folderId);
        else wait(folderId, progress, retryDelay(progress.failures++));
      })
      .catch((error: unknown) => dependencies.failed(error));
  }

  function wait(folderId: FolderId, progress: FolderProgress, delayMs: number): void {
    progress.cancelWait = clock.after(delayMs, () => {
      progress.cancelWait = undefined;
      if (!progress.isRunning && difference(folderId, progress) !== undefined) start(folderId, progress);
    });
  }

  function retryDelay(failures: number): number {
    return (
      Math.min(firstRetryMs * 2 ** Math.min(failures, 16), lastRetryMs) * (0.75 + randomFraction(random) / 2)
    );
  }

  function poke(folderId: FolderId): void {
    const progress = progressOf(folderId);
    if (progress.isRunning || difference(folderId, progress) === undefined) return;
    if (progress.cancelWait !== undefined) return;
    if (progress.taken === undefined) start(folderId, progress);
    else wait(folderId, progress, settleMs);
  }

  return {
    poke,
    grew(folderId) {
      const door = dependencies.folder(folderId);
      if (door === undefined || dependencies.peerAnnouncement(folderId) === undefined) return;
      const before = ownRoots.get(door) ?? [];
      ownRoots.set(door, [...before.slice(1 - maxOwnRoots), door.stateRoot()]);
    },
    isTakingOver: (folderId) => folders.get(folderId)?.isRunning === true,
    recheck() {
      ownRoots = new WeakMap();
      for (const [folderId, progress] of folders) {
        progress.cancelWait?.();
        progress.cancelWait = undefined;
        progress.taken = undefined;
        progress.seenOnce = undefined;
        progress.cleared = [];
        progress.failures = 0;
        poke(folderId);
      }
    },
    end() {
      for (const progress of folders.values()) progress.cancelWait?.();
    },
  };
}
