import type { BaseLook, BaseRow, BaseStatus, Intent } from '../model/base-row.ts';
import type { Content, Member } from '../model/entry.ts';
import type { DeviceKey, Hash, HashPrefix, IncarnationId } from '../model/ids.ts';
import type { Dot, Past, VectorItem } from '../model/past.ts';
import type { Manifest } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';

/** Up to 1,024 entries one author signed at once. `hashes` packs all entry hashes in order, or is undefined where only single entries with their Merkle paths were received. */
export interface ChangeSet {
  /** SHA-256 of what is signed. */
  readonly id: Hash;
  readonly author: DeviceKey;
  /** How many entries the set has. */
  readonly count: number;
  /** Root of the Merkle tree over the entry hashes. */
  readonly root: Hash;
  readonly signature: Uint8Array;
  readonly hashes: Uint8Array | undefined;
}

/** An entry as it is relayed: its author's bytes and where its signature is. */
export interface SignedEntry {
  readonly member: Member;
  readonly bytes: Uint8Array;
  readonly changeSet: Hash;
  /** Its place in the change set, from 0. */
  readonly position: number;
  /** The Merkle path from the entry's hash to the set's root, packed 32-byte hashes from the leaf up; needed only while the set's hash list is unknown. */
  readonly proof?: Uint8Array;
}

/** The view of one path as the index keeps it, so that lists and counts need no recomputation. */
export interface ViewRow {
  readonly path: RelativePath;
  /** Hash of the winning entry; undefined for a directory that exists only for what lives below it. */
  readonly winner: Hash | undefined;
  /** What is at the path, undefined when nothing is. */
  readonly content: Content | undefined;
  /** How many versions stand beside the winner. */
  readonly conflicts: number;
}

/** A version that sync replaced or removed, kept in the folder's version store. */
export interface KeptVersion {
  /** Rises with every version kept. */
  readonly id: number;
  readonly path: RelativePath;
  readonly content: Content;
  /** Name in the version store, undefined for what needs no bytes (a directory, a symlink). */
  readonly storedName: string | undefined;
  /** Wall time, milliseconds. */
  readonly replacedAt: number;
  /** Who wrote what replaced it. */
  readonly replacedBy: DeviceKey | undefined;
  /** `fetched`: it was never shown here, a person wanted it. */
  readonly reason: 'replaced' | 'deleted' | 'conflict' | 'fetched';
  readonly executable: boolean;
  readonly modifiedAtNs: bigint;
}

/** A version that stood at a path once, with all that a new write of it needs. */
export interface FormerVersion {
  readonly content: Content;
  readonly executable: boolean;
  readonly modifiedAtNs: bigint;
  readonly from: readonly HashPrefix[];
  readonly author: DeviceKey;
}

/** Something that happened in the folder as this device learnt of it. */
export interface ActivityRow {
  /** Rises with everything that happens; never used twice. */
  readonly id: number;
  /** When it was learnt here: wall time, milliseconds. */
  readonly at: number;
  /** `kept`: a deletion did not count, since another device had changed the file meanwhile; `allowed`: a person let a large change go ahead; `set-aside`: what a removed device had changed unseen was taken out. */
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
  /** Undefined for what concerns the whole folder. */
  readonly path: RelativePath | undefined;
  /** Who did it. */
  readonly device: DeviceKey;
  /** The act of a person it belongs to, if that is a row of its own. */
  readonly partOf: number | undefined;
  /** For a change of one path: the versions that stood before, the one shown first, and every write that stood after, with what those had seen. Undefined for an act that only has parts. */
  readonly change: { readonly before: readonly FormerVersion[]; readonly seen: Past } | undefined;
  readonly undone: boolean;
}

/** A device's signed word on how much of the folder its disk has shown. */
export interface AppliedRow {
  readonly device: DeviceKey;
  /** Rises with every word of the device. */
  readonly serial: number;
  /** Undefined: the device does not keep the folder. */
  readonly applied: readonly VectorItem[] | undefined;
  readonly signature: Uint8Array;
}

/** A node of the Merkle index: 16-way, path-compressed; an inner node stands where more than 64 paths lie below. Prefixes are lowercase hexadecimal digits, '' for the root. */
export type TrieNode =
  | {
      readonly kind: 'inner';
      readonly prefix: string;
      readonly children: readonly { readonly prefix: string; readonly hash: Hash; readonly paths: number }[];
    }
  | {
      readonly kind: 'leaf';
      readonly prefix: string;
      readonly items: readonly { readonly key: string; readonly digest: Hash }[];
    };

/** The read side of a Merkle trie over a folder's paths. */
export interface Trie {
  /** The root's hash; the same for the same set of paths and digests, whatever the order they came in. */
  root(): Hash;
  /** How many paths it holds. */
  size(): number;
  /** The node that covers `prefix`: the one standing there, or the nearest below (a compressed chain), or the leaf above it cut down to the prefix; undefined if no path lies there. */
  node(prefix: string): TrieNode | undefined;
  /** Hash over exactly the paths under `prefix`, undefined if there are none. */
  hashUnder(prefix: string): Hash | undefined;
  /** The root of a trie that holds all that this one does but the paths under these prefixes. */
  rootWithout(prefixes: readonly string[]): Hash;
}

/** Work that waits for the inward path: the view at this path may differ from what the disk shows. */
export interface PendingRow {
  readonly path: RelativePath;
  /** Bytes still to come, as far as known. */
  readonly needBytes: number;
  /** What would leave this disk for it; undefined where nothing does that anybody could miss. */
  readonly loss?: Loss | undefined;
}

/** A file or symlink that another device's change takes from a disk. */
export interface Loss {
  readonly kind: 'removed' | 'replaced';
  readonly author: DeviceKey;
  /** When its author says the change was made, wall milliseconds. */
  readonly at: number;
}

/** How many pending paths take something from this disk, by who wants it. */
export interface LossCount {
  readonly author: DeviceKey;
  readonly removed: number;
  readonly replaced: number;
}

/** Counts of living things. */
export interface FileCounts {
  readonly files: number;
  readonly directories: number;
  /** Of all the files. */
  readonly bytes: number;
}

/** Counts over the view and the pending rows, exact at any moment. */
export interface FolderTotals extends FileCounts {
  /** Paths with at least one version beside the winner. */
  readonly conflicts: number;
  readonly pendingPaths: number;
  readonly pendingBytes: number;
  /** How many base rows are not held, by why not; reasons without rows are left out. */
  readonly notHeld: readonly { readonly reason: Exclude<BaseStatus, 'held'>; readonly paths: number }[];
}

/**
 * Everything one device knows of one folder, in one SQLite file. A cache of the disk and of what peers said: losing it costs a rescan.
 * Calls are synchronous. Writes happen inside {@link FolderIndex.transaction} and are a bug elsewhere; when it returns they are durable and the tries agree with the rows.
 * Any call throws SyncError `index-unreadable`, `disk-failed`, `no-space` or `home-in-use` when the file fails under it; the open transaction is then rolled back.
 */
export interface FolderIndex {
  /** Runs `work` as one durable transaction, or as a part of the one that is open; a throw out of either rolls all of it back, rows and tries alike, and is thrown again at the end where a part's was caught. `work` must not wait. */
  transaction<T>(work: () => T): T;
  close(): void;

  /** Small named facts about the index itself, such as its incarnation. */
  fact(name: string): string | undefined;
  setFact(name: string, value: string | undefined): void;

  // State: path → antichain
  /** The members at a path, smallest hash first; empty if none. */
  members(path: RelativePath): readonly Member[];
  /** The same with bytes and signature. */
  signedMembers(path: RelativePath): readonly SignedEntry[];
  entry(hash: Hash): SignedEntry | undefined;
  /** Sets the members of a path: `keep` are hashes already stored, `add` are new; everything else at the path goes. Updates the state trie. */
  setMembers(path: RelativePath, keep: readonly Hash[], add: readonly SignedEntry[]): void;
  putChangeSet(set: ChangeSet): void;
  changeSet(id: Hash): ChangeSet | undefined;
  /** Highest counter ever stored for an incarnation, 0 if none; it does not fall when the entry goes. */
  highestCounter(incarnation: string): number;
  /** The same for every incarnation of an author, by incarnation. An incarnation is the author's who was first seen to use it. */
  countersOf(author: DeviceKey): readonly Dot[];
  /** Every write of an author that stands, by path. Reads all entries. */
  entriesBy(author: DeviceKey): readonly (Dot & { readonly path: RelativePath })[];
  /** Every write of an incarnation that was ever a member of the path, whether it still stands or not, by counter. */
  ownDots(path: RelativePath, incarnation: IncarnationId): readonly Dot[];

  // Forgetting
  /** Per incarnation the counter up to which this device holds every write, or one that has seen it, or has forgotten it. */
  context(): readonly VectorItem[];
  /** Joins the context with a vector; beyond 4,096 incarnations it stays as it is. */
  raiseContext(vector: readonly VectorItem[]): void;
  /** Up to where deletions are forgotten: never beyond the context. */
  floor(): readonly VectorItem[];
  /** Joins the floor with a vector that is within the context; anything else is a bug. */
  raiseFloor(vector: readonly VectorItem[]): void;
  /** Paths after `after` that have members and where nothing stands, or a directory only for what lives below it; by the UTF-8 bytes of the path, at most `limit`. */
  pathsOfNothing(after: RelativePath | undefined, limit: number): readonly RelativePath[];
  /** The newest known word of each device, by key. */
  applied(): readonly AppliedRow[];
  /** Keeps a word in place of the device's last. */
  putApplied(row: AppliedRow): void;
  removeApplied(device: DeviceKey): void;

  /** What devices compare: the root of the state's trie, and the floor once there is one. */
  stateRoot(): Hash;
  readonly state: Trie;
  /** What this disk holds and can serve. */
  readonly materialised: Trie;
  /** The trie key of a path: 8 hexadecimal digits of its top component's hash, then 32 of folder id and path. */
  keyOf(path: RelativePath): string;
  /** Paths of the state by trie key; unknown keys are left out. */
  pathsByKeys(keys: readonly string[]): readonly RelativePath[];
  /** Paths of the state under a trie prefix after key `after`, in key order, at most `limit`. */
  pathsUnder(
    prefix: string,
    after: string,
    limit: number,
  ): readonly { readonly key: string; readonly path: RelativePath }[];

  // View
  view(path: RelativePath): ViewRow | undefined;
  putView(row: ViewRow): void;
  removeView(path: RelativePath): void;
  /** Whether the view has anything living below `path` (at any depth). */
  hasLivingBelow(path: RelativePath): boolean;
  /** What lives below `path`, at any depth; takes time by how much that is. */
  countBelow(path: RelativePath): FileCounts;
  /** Living view rows directly in a directory (undefined: the top), by path. */
  viewChildren(directory: RelativePath | undefined): readonly ViewRow[];
  /** Rows with conflicts after `after`, by the UTF-8 bytes of their path, at most `limit`. */
  conflicts(after: RelativePath | undefined, limit: number): readonly ViewRow[];

  // Base
  base(path: RelativePath): BaseRow | undefined;
  /** Rows directly in a directory (undefined: the top), by path. */
  baseChildren(directory: RelativePath | undefined): readonly BaseRow[];
  /** What listings are compared with of the same rows: read in half the time. */
  baseLooks(directory: RelativePath | undefined): readonly BaseLook[];
  /** Rows anywhere below a directory, by path. */
  baseBelow(directory: RelativePath): readonly BaseRow[];
  /** Rows that are not held for this reason, after `after`, by the UTF-8 bytes of their path, at most `limit`. */
  baseByStatus(
    status: Exclude<BaseStatus, 'held'>,
    after: RelativePath | undefined,
    limit: number,
  ): readonly BaseRow[];
  /** Records a row and what it lets this device serve. */
  putBase(row: BaseRow): void;
  removeBase(path: RelativePath): void;
  /** Held files with this content, by the UTF-8 bytes of their path, at most `limit`. */
  pathsHolding(content: Hash, limit: number): readonly BaseRow[];
  /** Whether a held file has this size; never for files below {@link largeFileBytes}. */
  hasFileOfSize(sizeBytes: number): boolean;
  /** Held paths with this inode on disk, by path. */
  baseByInode(inode: bigint): readonly BaseRow[];

  // Inward work
  markPending(row: PendingRow): void;
  clearPending(path: RelativePath): void;
  /** Pending paths after `after`, by the UTF-8 bytes of their path, at most `limit`. */
  pending(after: RelativePath | undefined, limit: number): readonly PendingRow[];
  pendingAt(path: RelativePath): PendingRow | undefined;
  /** Pending losses by author, in the order of their keys. */
  lossCounts(): readonly LossCount[];
  /** Pending paths with a loss by this author, by the UTF-8 bytes of their path, at most `limit`. */
  pendingLosses(author: DeviceKey, limit: number): readonly (PendingRow & { readonly loss: Loss })[];

  // Commits under way
  putIntent(intent: Intent): void;
  intent(path: RelativePath): Intent | undefined;
  intents(): readonly Intent[];
  hasIntents(): boolean;
  removeIntent(path: RelativePath): void;

  // Content
  putManifest(content: Hash, manifest: Manifest): void;
  manifest(content: Hash): Manifest | undefined;
  addVersion(version: Omit<KeptVersion, 'id'>): number;
  removeVersion(id: number): void;
  /** All kept versions, oldest first, after number `after` (0: from the start), at most `limit`. */
  versions(after: number, limit: number): readonly KeptVersion[];
  /** The kept versions of one path, newest first. */
  versionsOf(path: RelativePath): readonly KeptVersion[];
  /** The newest kept version whose bytes lie in the version store and are this content. */
  versionHolding(content: Hash): KeptVersion | undefined;
  /** All of those, newest first. */
  versionsHolding(content: Hash): readonly KeptVersion[];

  // What happened
  addActivity(row: Omit<ActivityRow, 'id' | 'undone'>): number;
  activity(id: number): ActivityRow | undefined;
  /** Rows that are no part of another, newest first, with numbers below `before` (undefined: from the newest), at most `limit`. */
  activities(before: number | undefined, limit: number): readonly ActivityRow[];
  /** The parts of a row, oldest first. */
  partsOfActivity(id: number): readonly ActivityRow[];
  /** Changes of one path, newest first, at most `limit`. */
  changesOf(path: RelativePath, limit: number): readonly ActivityRow[];
  /** Every path below `under` (undefined: all) at which a row says that something happened, once each, by the UTF-8 bytes of the path. */
  pathsWithActivity(under: RelativePath | undefined): readonly RelativePath[];
  /** Of every path at or below `under` (undefined: of all) the first change learnt after the moment `at`, by the UTF-8 bytes of the path: what stood before it is what was there at that moment. */
  firstChangesSince(at: number, under: RelativePath | undefined): readonly ActivityRow[];
  /** The same of the changes of one device only, in the whole folder, each with what all the device's changes there since had seen: what is written upon that takes the place of them all. */
  firstChangesBy(device: DeviceKey, at: number): readonly ActivityRow[];
  /** Makes the changes a device made since a moment, itself included, parts of a row, those that are parts of others left out. */
  adoptChanges(id: number, device: DeviceKey, since: number): void;
  setUndone(id: number, undone: boolean): void;
  /** Forgets all up to the last row that is older than a moment or beyond the newest `keepNewest`; returns the time of the newest it forgot, undefined if none. */
  trimActivities(limits: { readonly olderThan: number; readonly keepNewest: number }): number | undefined;

  /**
   * Forgets manifests of contents that no entry, base row, intent or kept version names, change sets without an entry, and for {@link FolderIndex.ownDots}
   * the writes of any incarnation but `incarnation`, this device's own, that no longer stand. Reads every row: for quiet times.
   */
  sweep(incarnation: IncarnationId): void;

  totals(): FolderTotals;
}
