import type {
  ActivityItem,
  ConflictListing,
  DeviceChange,
  DeviceIdentity,
  DeviceListing,
  DirectoryItem,
  EngineEvent,
  FolderListing,
  Group,
  GroupEvent,
  HistoryVersion,
  IgnoreRule,
  Invitation,
  Limits,
  NearbyDevice,
  OneWayPaths,
  PairStep,
  PathExplanation,
  Question,
  QuestionAnswer,
  RemovalPreview,
  RestoreResult,
  ScheduleEntry,
  Status,
} from './api-answers.ts';

export type * from './api-answers.ts';

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
  /** Goes on with all folders, also while the schedule pauses them: it pauses them again the next time it means to. */
  resume(): Promise<{ readonly until: null }>;
  /** What the user lets this device use of the network, and when. */
  limits(): Promise<Limits>;
  /**
   * Sets what is given, which holds at once, and resolves to all of it; a `schedule` replaces the one before. Rejects with SyncError `bad-argument`, `what` naming the place, such as
   * `limits.sendBps` or `schedule.1.to`, and `text` what stood there.
   */
  limitsSet(options: {
    readonly sendBps?: number | null;
    readonly receiveBps?: number | null;
    readonly lanExempt?: boolean;
    readonly schedule?: readonly ScheduleEntry[];
  }): Promise<Limits>;

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
  /** Joins the group an invitation names; resolves when admitted. Rejects, with nothing changed, with SyncError `invitation-used` and `invitation-refused` (`what`: `declined`, `failed`, `wrong-proof`, or `not-heard` where the host lets this device not even ask: no invitation is open there, or as many strangers as may are there). */
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
   * `declined-here`, `closed`, `busy`, `failed`), `not-found` if there is no such pairing, or `interrupted`, and the pairing is over with nothing changed.
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
  /** The first change of every path that a device made since a moment (ISO 8601), by folder and path; without paths where what stood before stands again. */
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
  settingsList(): Promise<Readonly<Record<string, string | number | boolean>>>;
  /** Changes one of them; resolves to it alone. */
  settingsSet(options: {
    readonly key: string;
    readonly value: string;
  }): Promise<Readonly<Record<string, string | number | boolean>>>;

  /** Calls `listener` for each event from now on; the returned function ends it. */
  onEvent(listener: (event: EngineEvent) => void): () => void;
}

/** The names of the methods a remote caller may use: all but the listener. */
export type ApiMethod = Exclude<keyof EngineApi, 'onEvent'>;
