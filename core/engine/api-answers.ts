import type { ScheduleEntry } from '../limits/limits.ts';
import type { BaseStatus } from '../model/base-row.ts';
import type { ProblemKind } from '../model/problem.ts';
import type { KeyStorage } from '../protocol/protocol.ts';
import type { RootFault } from './folder-root.ts';
import type { KeyPlace } from './key-keeping.ts';

export type { ScheduleEntry, Weekday } from '../limits/limits.ts';

/** Who this device is. */
export interface DeviceIdentity {
  readonly deviceKey: string;
  /** Six words a person can compare. */
  readonly words: string;
  readonly name: string;
  /** How the key is kept on this machine. */
  readonly keyStorage: KeyPlace;
}

/** The whole picture, true at the moment it is made. */
export interface Status {
  readonly deviceKey: string;
  readonly name: string;
  readonly state: 'idle' | 'syncing' | 'paused' | 'attention' | 'offline';
  readonly sentence: string;
  /** What the sentence is made of. */
  readonly facts: StatusFacts;
  readonly peers: readonly PeerStatus[];
  readonly folders: readonly FolderStatus[];
  /** When a pause of all folders ends; null without one, or without an end. */
  readonly pausedUntil: string | null;
  /** By whom all folders rest for that long; null while they do not. */
  readonly pausedBy: 'person' | 'schedule' | null;
  /** The rates that hold now. */
  readonly limits: Limits['now'];
  readonly questions: number;
  readonly incomplete: readonly {
    readonly what: 'watch' | 'key' | 'discovery' | 'port';
    /** Ids of the folders it concerns; none when it concerns the device. */
    readonly folders: readonly string[];
    readonly sentence: string;
  }[];
  /** Since start: file content, and wire bytes of the streams, over all folders. */
  readonly totals: { readonly sentBytes: number; readonly receivedBytes: number };
}

/** What the user lets this device use of the network. Rates are for all other devices together, bytes per second; null is as fast as it goes. */
export interface Limits {
  readonly sendBps: number | null;
  readonly receiveBps: number | null;
  /** Devices on the same local network are not held to the rates. */
  readonly lanExempt: boolean;
  /** Times of the week by the clock of this machine at which all folders rest, or rates hold; of several rates the lowest does. */
  readonly schedule: readonly ScheduleEntry[];
  /** What holds now, with the schedule; `bySchedule`: whether that makes a rate lower; `until`: when something changes by schedule, null if nothing does within eight days. */
  readonly now: {
    readonly paused: boolean;
    readonly sendBps: number | null;
    readonly receiveBps: number | null;
    readonly bySchedule: boolean;
    readonly until: string | null;
  };
}

/** What one true sentence about the whole device is made of, besides its state; counts are over all folders held here. */
export interface StatusFacts {
  readonly isRemoved: boolean;
  readonly needFiles: number;
  readonly pendingLocal: number;
  readonly isScanning: boolean;
  readonly problems: number;
  readonly conflicts: number;
  readonly questions: number;
  readonly folders: number;
  readonly members: number;
  readonly connected: number;
  /** Connected devices that have any of the folders here. */
  readonly holding: number;
  /** Connected devices that are not in step yet. */
  readonly behind: number;
  /** Those of them that are at rest with something else. */
  readonly differing: number;
}

/** Another member of the group, as seen from here. */
export interface PeerStatus {
  readonly key: string;
  readonly name: string;
  readonly state: 'connected' | 'connecting' | 'offline';
  readonly address: string | null;
  readonly rttMs: number | null;
  readonly sendBps: number;
  readonly receiveBps: number;
}

/** One folder held here. Counts equal the lengths of the lists they count. */
export interface FolderStatus {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly state: 'up-to-date' | 'scanning' | 'syncing' | 'paused' | 'attention' | 'error';
  /** When a pause of this folder alone ends; null without one, or without an end. */
  readonly pausedUntil: string | null;
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  readonly needFiles: number;
  readonly needBytes: number;
  readonly pendingLocal: number;
  readonly conflicts: number;
  readonly etaS: number | null;
  /** At most a thousand of them, by path. */
  readonly problems: readonly PathProblem[];
  /** How many there are beyond those. */
  readonly moreProblems: number;
  /** The connected devices that keep the folder. */
  readonly holders: readonly FolderHolder[];
}

/** Another device that keeps a folder. */
export interface FolderHolder {
  readonly key: string;
  /** It holds exactly what this one does, but for top directories that either leaves out by choice. */
  readonly inStep: boolean;
  readonly needFiles: number;
  /** It leaves out top directories that this one holds. */
  readonly part: boolean;
  /** It has come to rest with something else than the group has, such as a change that is kept there. */
  readonly differs: boolean;
}

/** What keeps a path, or with the last three sorts a whole folder, from being in step. */
export type PathProblemKind = ProblemKind | RootFault | 'failed' | 'reading-first';

/** Why something is not in step, and what helps. `path` is '' when it concerns the whole folder. */
export interface PathProblem {
  readonly path: string;
  readonly kind: PathProblemKind;
  /** The system's own code, such as `EACCES`, where there is one. */
  readonly code: string | null;
  readonly cause: string;
  readonly action: string;
}

/** A folder held here, or one that another device offers (`path` null, `state` offered). */
export interface FolderListing {
  readonly id: string;
  readonly name: string;
  readonly path: string | null;
  readonly state: FolderStatus['state'] | 'offered';
  readonly mode: 'both' | 'send' | 'receive';
  /** The top directories held here; null for all. */
  readonly selection?: readonly string[] | null;
  /** From how much on is asked first, both exceeded: a share of the files, 1 for never, and a number of them. Null if offered. */
  readonly massChange: { readonly share: number; readonly count: number } | null;
  /** Whether the group lets this device change it. */
  readonly mayChange: boolean;
  /** Members that may only read it, by key: what they change is not taken. */
  readonly readers: readonly string[];
  readonly offeredBy: readonly string[];
}

/** What to accept or revert; `paths` as in `history`. */
export interface OneWayPaths {
  readonly folder: string;
  readonly paths?: readonly string[];
}

/** A pattern of the folder's ignore file and its line, from 1. */
export interface IgnoreRule {
  readonly pattern: string;
  readonly line: number;
}

/** The group of devices that trust one another. */
export interface Group {
  readonly group: string | null;
  readonly members: readonly string[];
  readonly epoch: number;
  readonly recovery: boolean;
}

/**
 * Something that happened to who belongs to the group. `at`: when this device learnt of it, null where that is not known. `devices`: who was added or removed, or, of a recovery, kept.
 * `how`: the way of pairing, or the reason. `counts`: false for what a removal of its author voids.
 */
export interface GroupEvent {
  readonly id: string;
  readonly at: string | null;
  readonly kind: 'founded' | 'added' | 'removed' | 'recovered';
  readonly by: string;
  readonly devices: readonly string[];
  readonly how: 'sas' | 'invite' | 'typed' | 'lost' | 'stolen' | 'retired' | null;
  readonly counts: boolean;
}

/** A text that lets one device join, once, within the time given. */
export interface Invitation {
  readonly invitation: string;
  readonly expiresInS: number;
  readonly recoveryCode?: string;
}

/** A device near that is no member, by its own unproved word. `claimedName` is null until it has asked to be admitted. */
export interface NearbyDevice {
  readonly key: string;
  readonly words: string;
  readonly claimedName: string | null;
  readonly address: string | null;
}

/** A step of pairing with a device near by. `pairing` names it for {@link EngineApi.devicePairNext}. */
export type PairStep =
  /** On the joiner: six digits, to be typed at the host. */
  | { readonly pairing: string; readonly step: 'code'; readonly code: string }
  /** On the joiner: a person has to say whether the host itself, which calls itself `name`, says that the two are paired; nobody between can make it say so. */
  | { readonly pairing: string; readonly step: 'confirm'; readonly name: string }
  /** On the host: the digits that the joiner shows are asked for. */
  | {
      readonly pairing: string;
      readonly step: 'digits';
      readonly name: string;
      readonly triesLeft: number;
    }
  /** On the host: the digits were right. It must say that the two are paired from now on, and not before. */
  | { readonly pairing: string; readonly step: 'matched'; readonly name: string }
  /** The end: `deviceKey` was admitted. `recoveryCode` where this founded the group, this once. */
  | {
      readonly pairing: string;
      readonly step: 'paired';
      readonly deviceKey: string;
      readonly group: string;
      readonly recoveryCode?: string;
    };

/** A device of the group, or one that asks to join. */
export interface DeviceListing {
  readonly key: string;
  readonly name: string;
  readonly words: string;
  readonly state: 'self' | 'connected' | 'offline' | 'pending' | 'suspended' | 'revoked';
  readonly active?: boolean;
  readonly addresses: readonly string[];
  readonly lastSeen: string | null;
  readonly addedBy: string | null;
  readonly method: 'founder' | 'sas' | 'invite' | 'typed' | null;
  readonly heardOfRemovals: boolean;
  readonly notHeard: readonly string[];
  /** Where it says it keeps its key, when it was last connected. */
  readonly keyStorage: KeyStorage;
  readonly alarms: readonly string[];
}

/** What is asked before devices are removed. */
export interface RemovalPreview {
  readonly devices: readonly string[];
  readonly added: readonly { readonly key: string; readonly name: string; readonly addedBy: string }[];
}

/** A change that a device made to a file. `previousVersion` is null where nothing stood before. */
export interface DeviceChange {
  readonly folderId: string;
  readonly path: string;
  readonly kind: 'written' | 'deleted';
  readonly changedAt: string;
  readonly previousVersion: string | null;
}

/** A path at which versions stand that did not know of each other. `id` is the same on every device while the versions are. */
export interface ConflictListing {
  readonly id: string;
  readonly folderId: string;
  readonly path: string;
  /** The one shown first, then by rank. */
  readonly versions: readonly ConflictVersion[];
}

/** One version of a conflict. */
export interface ConflictVersion {
  /** Its name, the same on every device. */
  readonly version: string;
  /** Who wrote it; empty for a directory that exists only for what lies in it. */
  readonly device: string;
  readonly changedAt: string;
  readonly size: number;
  /** Of a file's content. */
  readonly hash: string | null;
  readonly kind: 'file' | 'symlink' | 'directory';
  /** Of a symlink. */
  readonly target: string | null;
  /** Whether it is the one shown. */
  readonly winner: boolean;
  /** Whether its bytes lie on this device. */
  readonly here: boolean;
}

/** Something in a directory, as it is now or was at a moment. */
export interface DirectoryItem {
  readonly name: string;
  readonly kind: 'file' | 'symlink' | 'directory';
  /** Of a file. */
  readonly size: number;
  /** When it was written, as its author's clock has it, or went, as this device learnt; null where that is not known. */
  readonly changedAt: string | null;
  /** Who wrote it, or made it go; empty where that is not known. */
  readonly device: string;
  /** How it stands now: there as listed (perhaps again), changed since (of a directory: something in it), or gone. */
  readonly state: 'there' | 'changed' | 'gone';
}

/** A version that was at a path. */
export interface HistoryVersion {
  readonly version: string;
  /** Who replaced or deleted it; empty if that is not known. */
  readonly device: string;
  readonly replacedAt: string;
  readonly size: number;
  readonly hash: string | null;
  readonly kind: 'file' | 'symlink' | 'directory';
  readonly reason: 'replaced' | 'deleted' | 'conflict' | 'fetched';
  /** Whether its bytes lie on this device. */
  readonly here: boolean;
  /** The connected devices that say they can give it; only the newest versions are asked about. */
  readonly holders: readonly string[];
  /** Whether it is what is at the path now. */
  readonly current: boolean;
}

/** What a restore did, or with `dryRun` would do. */
export interface RestoreResult {
  /** Paths written. */
  readonly restored: number;
  /** Contents that came from other devices for it. */
  readonly fetched: number;
  /** Paths left as they are, since no connected device has their bytes. */
  readonly missing: readonly string[];
  readonly undoId: string | null;
}

/** Something that happened in a folder. `kept`: a deletion did not count, since the file had been changed elsewhere meanwhile; `allowed`: a person let a large change go ahead; `set-aside`: what a removed device had changed unseen was taken out. */
export interface ActivityItem {
  readonly id: string;
  readonly at: string;
  readonly kind:
    | 'written'
    | 'deleted'
    | 'conflict'
    | 'resolved'
    | 'kept'
    | 'restored'
    | 'undone'
    | 'allowed'
    | 'set-aside';
  readonly folderId: string;
  /** Empty for the whole folder. */
  readonly path: string;
  readonly device: string;
  /** Whether nothing stood at the path before. */
  readonly isNew: boolean;
  readonly undoable: boolean;
}

/**
 * Something that waits for a person. `mass-change`: another device (`device`) removed or replaced a large part of a folder, or, where `device`
 * is this one, it was found gone at the start; `apply` lets it go ahead, `undo` brings the files back. `removed-device`:
 * changes that a device had made unseen before it was removed, or allowed only to read the folder, were taken out; `apply` takes them in again, `undo` leaves them out. `pending-device`: a device asks to join;
 * `apply` lets it in, `undo` refuses it.
 */
export interface Question {
  readonly id: string;
  readonly kind: 'mass-change' | 'removed-device' | 'pending-device';
  readonly folderId: string | null;
  readonly device: string;
  readonly since: string;
  readonly counts: { readonly removed: number; readonly replaced: number };
  /** Of `removed-device`: it was not removed, but allowed only to read. */
  readonly isReader: boolean;
  readonly sentence: string;
  readonly answers: readonly QuestionAnswer[];
}

/** How a person may answer. */
export type QuestionAnswer = 'apply' | 'undo' | 'later';

/** Why a path stands where it does: a problem, what keeps it from this disk, or one of the rest. */
export type PathReason =
  | PathProblemKind
  | Exclude<BaseStatus, 'held' | 'implied'>
  | 'paused'
  | 'looking'
  | 'conflict'
  | 'changed-here'
  | 'receiving'
  | 'deleted'
  | 'never-seen'
  | 'alone'
  | 'everywhere'
  | 'not-everywhere';

/** Where a path stands. */
export interface PathExplanation {
  readonly path: string;
  readonly state:
    | 'in-step'
    | 'receiving'
    | 'changed-here'
    | 'conflict'
    | 'problem'
    | 'not-kept'
    | 'absent'
    | 'looking'
    | 'paused';
  readonly reason: PathReason;
  /** Who deleted it, where that is the reason. */
  readonly device: string | null;
  readonly cause: string;
  readonly action: string;
}

/** Something that happened. `cursor` rises. */
export type EngineEvent =
  | { readonly cursor: number; readonly kind: 'status' }
  | {
      readonly cursor: number;
      readonly kind: 'device-asks';
      readonly device: string;
      readonly name: string;
      readonly words: string;
    }
  | { readonly cursor: number; readonly kind: 'device-joined'; readonly device: string }
  | {
      readonly cursor: number;
      readonly kind: 'folder-offered';
      readonly folderId: string;
      readonly name: string;
      readonly device: string;
    }
  | {
      readonly cursor: number;
      readonly kind: 'change';
      readonly folderId: string;
      readonly path: string;
      readonly device: string;
      readonly what: 'written' | 'deleted';
    }
  | {
      readonly cursor: number;
      readonly kind: 'activity';
      readonly id: string;
      readonly at: string;
      readonly what: ActivityItem['kind'];
      readonly folderId: string;
      readonly path: string;
      readonly device: string;
      readonly isNew: boolean;
      readonly undoable: boolean;
    }
  | {
      readonly cursor: number;
      readonly kind: 'problem';
      readonly folderId: string;
      readonly path: string;
      readonly problem: string;
    };
