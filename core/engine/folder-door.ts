import type { FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, type FileSystem } from '../filesystem/filesystem.ts';
import { isSameObserved, type Observed } from '../model/disk.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';
import type { Approval, BlockItem, IndexRun } from '../protocol/protocol.ts';
import type { Arriving, BlockReader, EntryBatch, EntryPage, FolderDoor } from '../transfer/transfer.ts';
import { knownManifest } from './content-sources.ts';
import type { FolderFloor } from './folder-floor.ts';
import type { FileBeingRead } from './telling-ahead.ts';

/** What the door needs from the folder behind it. */
export interface FolderDoorDependencies {
  readonly folderId: FolderId;
  readonly index: FolderIndex;
  readonly fileSystem: FileSystem;
  /** Where a held path lies, undefined while the folder's disk is not there. */
  diskPathOf(path: RelativePath): DiskPath | undefined;
  versionPathOf(storedName: string): DiskPath | undefined;
  /** The file that is being read under this name, if blocks of it are given out ahead of its entry. */
  beingRead(reading: Hash): FileBeingRead | undefined;
  heardAhead: FolderDoor['heardAhead'];
  /** A block of a file that is being received, or what is there of it. */
  readArriving(item: BlockItem): Uint8Array | Arriving | undefined;
  /** Whether changes of this device are still on their way into the state. */
  isBusy(): boolean;
  /** The latest known run of each index. */
  runs(): readonly IndexRun[];
  /** The top directories not held here by choice, as an announcement names them. */
  leftOut(): readonly string[];
  /** What persons allowed to be removed and replaced. */
  approvals(): readonly Approval[];
  accept(batch: EntryBatch): Promise<boolean>;
  tookOver: FolderDoor['tookOver'];
  /** What is known of devices' disks. */
  readonly floor: Pick<FolderFloor, 'digest' | 'applied' | 'heard'>;
}

/** LIMIT: trie keys read from the index at a time while a page of entries is filled. */
const keysAtATime = 256;

/** The folder as other devices see it, answered from its index and its disk. */
export function createFolderDoor(dependencies: FolderDoorDependencies): FolderDoor {
  const { folderId, index } = dependencies;
  const trie = (name: 'state' | 'materialised') => (name === 'state' ? index.state : index.materialised);
  return {
    folderId,
    stateRoot: () => index.stateRoot(),
    announcement(theirs) {
      const totals = index.totals();
      const leftOut = theirs?.leftOut ?? [];
      return {
        folderId,
        stateRoot: index.stateRoot(),
        floor: index.floor(),
        quarantine: undefined,
        context: index.context(),
        materialisedRoot: index.materialised.root(),
        heldPaths: index.materialised.size(),
        needPaths: totals.pendingPaths,
        needBytes: totals.pendingBytes,
        notHeld: totals.notHeld,
        busy: dependencies.isBusy(),
        approvals: dependencies.approvals(),
        applied: dependencies.floor.digest(),
        runs: dependencies.runs(),
        leftOut: dependencies.leftOut(),
        commonRoot: leftOut.length === 0 ? undefined : index.materialised.rootWithout(leftOut),
      };
    },
    trieNode: (name, prefix) => trie(name).node(prefix),
    hashUnder: (name, prefix) => trie(name).hashUnder(prefix),
    entriesByKeys: (keys) => index.pathsByKeys(keys).flatMap((path) => index.signedMembers(path)),
    entriesUnder: (prefix, afterKey, maxBytes) => pageUnder(index, prefix, afterKey, maxBytes),
    changeSet: (id) => index.changeSet(id),
    accept: (batch) => dependencies.accept(batch),
    manifest: (content) => servableManifest(index, content),
    blockReader: () => createBlockReader(dependencies),
    heardAhead: dependencies.heardAhead,
    tookOver: dependencies.tookOver,
    applied: () => dependencies.floor.applied(),
    heardApplied: (statements) => dependencies.floor.heard(statements),
  };
}

function pageUnder(index: FolderIndex, prefix: string, afterKey: string, maxBytes: number): EntryPage {
  const entries: SignedEntry[] = [];
  let bytes = 0;
  let after = afterKey;
  for (;;) {
    const paths = index.pathsUnder(prefix, after, keysAtATime);
    for (const { key, path } of paths) {
      const members = index.signedMembers(path);
      const more = members.reduce((sum, member) => sum + member.bytes.length + 48, 0);
      if (entries.length > 0 && bytes + more > maxBytes) return { entries, continueAfter: after };
      entries.push(...members);
      bytes += more;
      after = key;
    }
    if (paths.length < keysAtATime) return { entries, continueAfter: undefined };
  }
}

/** The manifest of a content that lies here, so that having it answered means being able to fetch it. */
function servableManifest(index: FolderIndex, content: Hash): Manifest | undefined {
  const here = index.pathsHolding(content, 1)[0]?.content ?? index.versionHolding(content)?.content;
  return here?.kind === 'file' ? knownManifest(index, content, here.sizeBytes) : undefined;
}

/** Reads each block from any held path with its content that is still as the index knew it when the content was first asked for, else from a file that is still being read, a kept version, or what has come of it. */
function createBlockReader(dependencies: FolderDoorDependencies): BlockReader {
  const { index, fileSystem } = dependencies;
  const rowsOf = new Map<Hash, ReturnType<FolderIndex['pathsHolding']>>();
  return async (item) => {
    const rows = rowsOf.get(item.content) ?? index.pathsHolding(item.content, 4);
    rowsOf.set(item.content, rows);
    for (const row of rows) {
      const path = dependencies.diskPathOf(row.path);
      const bytes = path === undefined ? undefined : readSpan(fileSystem, path, item, row.observed);
      if (bytes !== undefined) return bytes;
    }
    const reading = dependencies.beingRead(item.content);
    if (reading !== undefined) return readSpan(fileSystem, reading.diskPath, item, reading.observed);
    const { storedName } = index.versionHolding(item.content) ?? {};
    const path = storedName === undefined ? undefined : dependencies.versionPathOf(storedName);
    const bytes = path === undefined ? undefined : readSpan(fileSystem, path, item, undefined);
    return bytes ?? dependencies.readArriving(item);
  };
}

function readSpan(
  fileSystem: FileSystem,
  path: DiskPath,
  item: BlockItem,
  expected: Observed | undefined,
): Uint8Array | undefined {
  try {
    const handle = fileSystem.openRead(path);
    try {
      if (expected !== undefined && !isSameObserved(handle.look(), expected, true)) return undefined;
      const bytes = new Uint8Array(item.sizeBytes);
      return handle.read(bytes, item.offset) === bytes.length ? bytes : undefined;
    } finally {
      handle.close();
    }
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}
