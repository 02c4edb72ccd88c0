import type { ChangeSet, SignedEntry, TrieNode } from '../file-index/file-index.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Span } from '../model/span.ts';
import type {
  Announcement,
  AppliedStatement,
  BlockItem,
  ChunksAhead,
  TrieName,
} from '../protocol/protocol.ts';

/** Entries a peer sent, each checked: form, place in its change set, signature, admitted author. */
export interface EntryBatch {
  /** Who sent them; the authors may be others. */
  readonly peer: DeviceKey;
  /** Sent unasked, as soon as the peer had them: what is new among them is worth passing on. Entries of a takeover are not: the others compare for themselves. */
  readonly live: boolean;
  /** Those change sets of the entries that {@link FolderDoor.changeSet} did not know, or knew without the hash list they have now; signatures and lists verified. */
  readonly sets: readonly ChangeSet[];
  /** At most 1,024. */
  readonly entries: readonly SignedEntry[];
}

/** Entries of one stretch of a trie. */
export interface EntryPage {
  /** All members of each key, in key order. */
  readonly entries: readonly SignedEntry[];
  /** The last key in the page if more keys follow under the prefix, else undefined. */
  readonly continueAfter: string | undefined;
}

/** A content that is being received: what of it is there. */
export interface Arriving {
  readonly spans: readonly Span[];
}

/**
 * Gives a block's bytes from disk, undefined if this device does not have it, or what is there of a content that it is receiving; a rejection means "not now".
 * The bytes are checked by whoever sends and whoever receives.
 */
export type BlockReader = (item: BlockItem) => Promise<Uint8Array | Arriving | undefined>;

/** One folder of this device, as the transfer of entries and blocks needs it. The synchronous calls answer from memory or the index. */
export interface FolderDoor {
  readonly folderId: FolderId;
  /** The `stateRoot` that an announcement would have now. */
  stateRoot(): Hash;
  /** What this device says of the folder to a peer that has said `theirs` of it, if it has; all of it of one moment. */
  announcement(theirs?: Announcement): Announcement;
  /** The node that covers a prefix, as the tries define it; undefined if no path lies there. */
  trieNode(trie: TrieName, prefix: string): TrieNode | undefined;
  /** The hash of exactly the paths under a prefix, undefined if there are none. */
  hashUnder(trie: TrieName, prefix: string): Hash | undefined;
  /** All members at the paths of these keys; unknown keys are left out. At most 1,024 keys. */
  entriesByKeys(keys: readonly string[]): readonly SignedEntry[];
  /** Entries under a prefix with keys after `afterKey` ('' from the start), stopping at about `maxBytes` but after one key at least. */
  entriesUnder(prefix: string, afterKey: string, maxBytes: number): EntryPage;
  changeSet(id: Hash): ChangeSet | undefined;
  /** Merges a batch, durably; entries known already change nothing. Resolves to whether some were left out of which it is not known yet if they count. A rejection stops taking over from this peer for a while and stores nothing of the batch. */
  accept(batch: EntryBatch): Promise<boolean>;
  /** The manifest of a content this device can serve, undefined if it cannot. */
  manifest(content: Hash): Manifest | undefined;
  /** A reader for the blocks of one request, which looks up only once where a content lies. */
  blockReader(): BlockReader;
  /**
   * Everything under the root in `announcement` is now in this device's state: the context and floor that came with it hold here too. `absent` are
   * entries here under that floor which the peer does not have, nor anything that has seen them. May be told of the same root again.
   */
  tookOver(peer: DeviceKey, announcement: Announcement, absent: readonly Hash[]): void;
  /** A peer told of chunks of a file that it is still reading. Throws SyncError `peer-misbehaved` if they do not go on where it ended. */
  heardAhead(peer: DeviceKey, chunks: ChunksAhead): void;
  /** What this device knows of how much devices' disks have shown: the newest word of each. */
  applied(): readonly AppliedStatement[];
  /** Takes in what a peer knows of that. Throws SyncError `peer-misbehaved` for a word that its device did not sign. */
  heardApplied(statements: readonly AppliedStatement[]): void;
}

/** Whether `peer` may have this folder now; asked for every request and every batch. */
export type MayAccess = (peer: DeviceKey, folderId: FolderId) => boolean;
