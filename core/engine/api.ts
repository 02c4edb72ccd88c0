import type { KeyStorage } from '../protocol/protocol.ts';
import type { KeyPlace } from './key-keeping.ts';

/**
 * What a device can be asked and told, as plain JSON values: the command sends these over its socket, the window over its port.
 * Names and fields are a contract: they are added to, never changed. Device keys are printed keys, times ISO 8601 UTC with milliseconds,
 * sizes bytes, rates bytes per second, durations seconds. Every method rejects with SyncError and then has changed nothing, unless it says so.
 */
export interface EngineApi {
  id(): Promise<DeviceIdentity>;
  status(): Promise<Status>;
  /** Resolves when the folder (or all) is in step with the connected devices, or with the named ones; rejects `timed-out` after `timeoutS`. */
  wait(options: {
    readonly folder?: string;
    readonly devices?: readonly string[];
    readonly timeoutS?: number;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly inStep: true }>;
  /** Pauses all folders until a moment (ISO 8601), or until `resume`. */
  pause(options: { readonly until?: string }): Promise<{ readonly until: string | null }>;
  resume(): Promise<{ readonly until: null }>;

  groupCreate(options: {
    readonly recovery: boolean;
  }): Promise<{ readonly group: string; readonly recoveryCode?: string }>;
  groupShow(): Promise<Group>;
  /** What happened to who belongs to the group, newest first; empty in no group. */
  groupHistory(): Promise<readonly GroupEvent[]>;
  /** Leaves the group; folders stay attached here and are announced again in the next group. */
  groupLeave(): Promise<Record<string, never>>;

  folderAdd(options: {
    readonly path: string;
    readonly name?: string;
  }): Promise<{ readonly folderId: string }>;
  folderList(): Promise<readonly FolderListing[]>;
  folderJoin(options: { readonly folder: string; readonly path: string }): Promise<FolderListing>;
  /** Detaches a folder; its files stay. */
  folderRemove(options: { readonly folder: string }): Promise<Record<string, never>>;
  folderPause(options: { readonly folder: string; readonly until?: string }): Promise<FolderListing>;
  folderResume(options: { readonly folder: string }): Promise<FolderListing>;

  /** Sets what is set per folder on this device: its name, which way changes go, which top directories are held (null: all), and from how much on other devices' removals and replacements are asked about (null: as the device says). */
  folderSet(options: {
    readonly folder: string;
    readonly name?: string;
    readonly mode?: FolderListing['mode'];
    readonly select?: readonly string[] | null;
    readonly massChange?: { readonly share?: number | null; readonly count?: number | null };
  }): Promise<FolderListing>;
  /**
   * Says on all devices whether another may change a folder or only read it; durable here when it resolves. What a device had changed before it was allowed only to read, and
   * this one had not heard of, is set aside. Rejects with SyncError `not-member`, and `not-allowed` where this device itself may only read the folder.
   */
  folderPermit(options: {
    readonly folder: string;
    readonly device: string;
    readonly may: 'change' | 'read';
  }): Promise<FolderListing>;
  /** Looks at all of a folder's disk now. */
  folderRescan(options: { readonly folder: string }): Promise<FolderListing>;
  /** Attaches a folder where its directory was moved to. */
  folderMove(options: { readonly folder: string; readonly path: string }): Promise<FolderListing>;
  /** In a folder that goes one way: makes what is here count for all, or puts what the group has in its place; at `paths` and below, or everywhere. */
  folderAccept(options: OneWayPaths): Promise<{ readonly paths: number }>;
  folderRevert(options: OneWayPaths): Promise<{ readonly paths: number }>;

  /** The folder's ignore rules, in the order they apply: the last that fits decides. */
  ignoreList(options: { readonly folder: string }): Promise<readonly IgnoreRule[]>;
  /** Adds or takes away a pattern, here and, as the ignore file is kept in step, everywhere; resolves to the rules afterwards. */
  ignoreAdd(options: { readonly folder: string; readonly pattern: string }): Promise<readonly IgnoreRule[]>;
  ignoreRemove(options: {
    readonly folder: string;
    readonly pattern: string;
  }): Promise<readonly IgnoreRule[]>;
  /** Whether a path is left out, and by which pattern. */
  ignoreTest(options: {
    readonly path: string;
  }): Promise<{ readonly ignored: boolean; readonly rule: string | null }>;

  /** Opens an invitation; founds a group first where there is none, and then returns its recovery code once unless `recovery` is false. */
  deviceInvite(options: { readonly admit: 'ask' | 'any'; readonly recovery: boolean }): Promise<Invitation>;
  /** Joins the group an invitation names; resolves when admitted. */
  deviceJoin(options: {
    readonly invitation: string;
    readonly timeoutS?: number;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly deviceKey: string; readonly group: string }>;
  /**
   * Opens pairing for five minutes, or another five, and looks for devices near that are no members: until some were seen for two seconds, or for `timeoutS`, by default 10.
   * What they say of themselves is unproved.
   */
  deviceNearby(options: {
    readonly timeoutS?: number;
    readonly signal?: AbortSignal;
  }): Promise<readonly NearbyDevice[]>;
  /**
   * Begins to pair with a device near by, named by its key or the beginning of it, and resolves to the first step; {@link EngineApi.devicePairNext} leads to the others. A device
   * in a group hosts, one in none joins; of two in none the one with the smaller key hosts, and founds the group, with a recovery code if `recovery`. `signal` ends it, also after this has
   * resolved. Rejects with SyncError `not-found`, `already-exists`, `already-in-group`, or as a step does.
   */
  devicePair(options: {
    readonly device: string;
    readonly recovery: boolean;
    readonly signal?: AbortSignal;
  }): Promise<PairStep>;
  /**
   * The next step of a pairing, when it comes; one call at a time. Rejects with SyncError `pairing-refused` (`what`: `wrong-code` after three wrong ones, `unverified` if pairing was closed after three that failed, `expired`, `declined`,
   * `declined-here`, `closed`, `failed`), `not-found` if there is no such pairing, or `interrupted`, and the pairing is over with nothing changed.
   */
  devicePairNext(options: { readonly pairing: string }): Promise<PairStep>;
  /**
   * Answers a step that asks: `digits` with what a person typed, null to give up, `confirm` with `agrees`. What comes of it is the next step. An answer that comes too late
   * changes nothing; one that does not fit rejects with SyncError `bad-argument`.
   */
  devicePairAnswer(options: {
    readonly pairing: string;
    readonly digits?: string | null;
    readonly agrees?: boolean;
  }): Promise<Record<string, never>>;
  /**
   * Lets a device in that has this one's key typed too, once, within a day of running, without a question; its whole key is needed. A device in no group comes to be in the other one's.
   * Where the two are in none, and this one is to found it, its recovery code is told with the first such key.
   */
  deviceAllow(options: {
    readonly device: string;
    readonly recovery: boolean;
  }): Promise<{ readonly expiresInS: number; readonly recoveryCode?: string }>;
  deviceList(): Promise<readonly DeviceListing[]>;
  /** Admits the device that waits with a valid invitation, or a suspended one that is connected, once more. */
  deviceApprove(options: { readonly device: string }): Promise<Record<string, never>>;
  /** Refuses it. */
  deviceRefuse(options: { readonly device: string }): Promise<Record<string, never>>;
  deviceConnect(options: {
    readonly device: string;
    readonly address: string;
  }): Promise<Record<string, never>>;
  /** What removing devices would leave: those that are in the group by their doing and that nobody else vouches for. */
  deviceRemovalPreview(options: { readonly devices: readonly string[] }): Promise<RemovalPreview>;
  /**
   * Removes devices from the group, durably, before it resolves; from then on nothing is told to them or taken from them. `withAdded` says what becomes of those they let in and has to be
   * given if there are any, or it rejects `person-needed`. `voidSince` and `undoSince` are moments (ISO 8601) from which on what they did to the group counts no more, and what they did to
   * files is taken back. On a device that was itself removed: removes those who did it. If taking back files fails, the removal stands.
   */
  deviceRemove(options: {
    readonly devices: readonly string[];
    readonly reason?: 'lost' | 'stolen' | 'retired';
    readonly withAdded?: boolean;
    readonly voidSince?: string;
    readonly undoSince?: string;
    readonly signal?: AbortSignal;
  }): Promise<{
    readonly revoked: readonly string[];
    readonly addedBy: readonly string[];
    readonly undone: number;
    readonly notHeard: readonly string[];
  }>;
  /** The first change of every path that a device made since a moment (ISO 8601), by folder and path. */
  deviceChanges(options: {
    readonly device: string;
    readonly since: string;
  }): Promise<readonly DeviceChange[]>;
  /** Puts back what stood before those changes, at all paths or only at `paths` (`FOLDER:relative/path`); `undoIds` take that back. A folder that cannot be changed now stops it, with what was done before done. */
  deviceChangesUndo(options: {
    readonly device: string;
    readonly since: string;
    readonly paths?: readonly string[];
    readonly signal?: AbortSignal;
  }): Promise<{
    readonly undone: number;
    readonly missing: readonly string[];
    readonly undoIds: readonly string[];
  }>;
  /** With the recovery code: keeps exactly these devices (by default all that are active here), whatever was decided before. */
  recover(options: { readonly code: string; readonly keep?: readonly string[] }): Promise<{
    readonly epoch: number;
    readonly kept: readonly string[];
    readonly removed: readonly string[];
  }>;
  deviceRename(options: { readonly device: string; readonly name: string }): Promise<Record<string, never>>;

  /** The open conflicts of a folder, or of all, by folder and path. */
  conflictList(options: { readonly folder?: string }): Promise<readonly ConflictListing[]>;
  /** Settles a conflict on every device by the version named; without one the version shown stays and the others are put beside it. */
  conflictResolve(options: {
    readonly id: string;
    readonly keep?: string;
  }): Promise<{ readonly undoId: string; readonly keptBoth: boolean; readonly added: readonly string[] }>;
  /** Settles a conflict of files on every device by a new version with these bytes (base64, at most 512 KiB of them); every version that stood is kept in the history. */
  conflictMerge(options: {
    readonly id: string;
    readonly bytes: string;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly undoId: string }>;
  /** The versions of a path that are known here, newest first. `path` is a disk path or `FOLDER:relative/path`, here and below. */
  history(options: {
    readonly path: string;
    readonly signal?: AbortSignal;
  }): Promise<readonly HistoryVersion[]>;
  /**
   * What is in a directory of a folder, or with `at` (ISO 8601) was there at that moment, by the bytes of its name: after the name `after`, at most `limit` and never
   * more than 10,000. Without `at` also what is gone and remembered. `path` is that of the directory; `FOLDER:` is the folder's own.
   */
  browse(options: {
    readonly path: string;
    readonly at?: string;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<readonly DirectoryItem[]>;
  /**
   * Bytes of a version of a file from `offset` on, at most `lengthBytes` and never more than 3 MiB, in base64; empty at the end. Reading from offset 0 brings the
   * content here first where only others have it; rejects `not-found` when nobody connected has.
   */
  versionRead(options: {
    readonly path: string;
    readonly version: string;
    readonly offset?: number;
    readonly lengthBytes?: number;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly bytes: string; readonly size: number }>;
  /** Brings back one version of a path, or a path and all below it as it was at a moment (ISO 8601); `to` is another place in the same folder where nothing is. */
  restore(options: {
    readonly path: string;
    readonly version?: string;
    readonly at?: string;
    readonly to?: string;
    readonly dryRun?: boolean;
    readonly signal?: AbortSignal;
  }): Promise<RestoreResult>;
  /** Takes back what `id` names, by default the last resolution or restore made here. `missing` are paths whose former bytes no connected device has. */
  undo(options: {
    readonly id?: string;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly undone: string; readonly undoId: string; readonly missing: readonly string[] }>;
  /** What happened, newest first: not before `since`, after the item `after`, at most `limit` and never more than 10,000. */
  activity(options: {
    readonly folder?: string;
    readonly since?: string;
    readonly limit?: number;
    readonly after?: string;
  }): Promise<readonly ActivityItem[]>;
  /** What waits for a person, oldest first. */
  questions(): Promise<readonly Question[]>;
  /** Answers one; `later` leaves it open. `undoId` is what `undo` knows it by. What `apply` and `undo` do is in {@link Question}. */
  answer(options: {
    readonly id: string;
    readonly answer: QuestionAnswer;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly undoId: string | null }>;
  /** Why a path is not in step here, or that it is. */
  why(options: { readonly path: string }): Promise<PathExplanation>;

  /** The settings that have a name. */
  settingsList(): Promise<Readonly<Record<string, string | number>>>;
  /** Changes one of them; resolves to it alone. */
  settingsSet(options: {
    readonly key: string;
    readonly value: string;
  }): Promise<Readonly<Record<string, string | number>>>;

  /** Calls `listener` for each event from now on; the returned function ends it. */
  onEvent(listener: (event: EngineEvent) => void): () => void;
}

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
  readonly peers: readonly PeerStatus[];
  readonly folders: readonly FolderStatus[];
  readonly pausedUntil: string | null;
  readonly questions: number;
  readonly incomplete: readonly {
    readonly what: 'watch' | 'key' | 'discovery' | 'port';
    readonly sentence: string;
  }[];
  /** Since start: file content, and wire bytes of the streams, over all folders. */
  readonly totals: { readonly sentBytes: number; readonly receivedBytes: number };
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
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  readonly needFiles: number;
  readonly needBytes: number;
  readonly pendingLocal: number;
  readonly conflicts: number;
  readonly etaS: number | null;
  readonly problems: readonly PathProblem[];
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

/** Why something is not in step, and what helps. `path` is '' when it concerns the whole folder. */
export interface PathProblem {
  readonly path: string;
  readonly kind: string;
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
  readonly sentence: string;
  readonly answers: readonly QuestionAnswer[];
}

/** How a person may answer. */
export type QuestionAnswer = 'apply' | 'undo' | 'later';

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
      readonly undoable: boolean;
    }
  | {
      readonly cursor: number;
      readonly kind: 'problem';
      readonly folderId: string;
      readonly path: string;
      readonly problem: string;
    };

/** The names of the methods a remote caller may use: all but the listener. */
export type ApiMethod = Exclude<keyof EngineApi, 'onEvent'>;
