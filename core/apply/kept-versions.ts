import { chunkFile } from '../chunker/chunker.ts';
import type { KeptVersion } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, type FileSystem, removeQuietly } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable, isSameObserved, type Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import type { RelativePath } from '../model/path.ts';
import { type CommitContext, isSameInode } from './commit.ts';

/** Something that lies in the version store and is in no row yet. */
export interface StoredFile {
  readonly path: RelativePath;
  readonly storedName: string;
  /** False if it need not stay as long as its bytes have another name. */
  readonly keep: boolean;
  /** The row of what it was taken for; undefined for something nobody expected there. */
  readonly row: BaseRow | undefined;
}

/** Why and by whom it was taken away. */
export type StoredBecause = Pick<KeptVersion, 'reason' | 'replacedBy'>;

/**
 * The row for a stored thing, or undefined if none is due: something that may go goes while its bytes have another name, and only then.
 * What is
 * not the file of the row is read and named by what it is; what cannot be read stays, without a row.
 */
export function versionOf(
  { fileSystem, root, clock }: CommitContext,
  { path, storedName, keep, row }: StoredFile,
  because: StoredBecause,
): Omit<KeptVersion, 'id'> | undefined {
  const at = root.versionAt(storedName);
  const stored = lookOr(fileSystem, at, keep ? row?.observed : undefined);
  if (stored === undefined) return undefined;
  if (!keep && stored.links > 1) {
    removeQuietly(fileSystem, at);
    return undefined;
  }
  // What was written to it since it was last known is told by the watch on retired files.
  const known = row?.observed !== undefined && isSameInode(stored, row.observed) ? row.observed : undefined;
  const content = known === undefined ? contentAt(fileSystem, at, stored) : row?.content;
  if (content === undefined) return undefined;
  const { mode, modifiedAtNs } = known ?? stored;
  return {
    path,
    content,
    storedName,
    replacedAt: clock.now(),
    executable: isExecutable(mode),
    modifiedAtNs,
    ...because,
  };
}

/** What is at a path, or `otherwise` if the disk cannot tell. */
function lookOr(
  fileSystem: FileSystem,
  path: DiskPath,
  otherwise: Observed | undefined,
): Observed | undefined {
  try {
    return fileSystem.look(path);
  } catch (error) {
    if (error instanceof DiskError) return otherwise;
    throw error;
  }
}

/** What lies at a path, read now; undefined where that cannot be told. */
export function contentAt(fileSystem: FileSystem, path: DiskPath, { kind }: Observed): Content | undefined {
  try {
    if (kind === 'symlink') {
      const link = fileSystem.readLink(path);
      return 'target' in link ? { kind, target: link.target } : undefined;
    }
    if (kind !== 'file') return undefined;
    const result = chunkFile({ fileSystem, path });
    if (result.kind === 'changed') return undefined;
    return { kind, content: result.content, sizeBytes: result.manifest.sizeBytes };
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}

/**
 * Gives a kept file bytes of its own if its inode still has another name, so that an edit there does not change what is kept. Where that
 * fails the two stay one.
 */
export async function separate({ fileSystem, root }: CommitContext, storedName: string): Promise<void> {
  const at = root.versionAt(storedName);
  const copied = root.stagedAt(`v-${storedName}`);
  try {
    const shared = fileSystem.look(at);
    if (shared?.kind !== 'file' || shared.links === 1) return;
    fileSystem.copy(at, copied);
    fileSystem.setModifiedAt(copied, shared.modifiedAtNs);
    await fileSystem.flushFiles([copied]);
    const after = fileSystem.look(at);
    if (after !== undefined && isSameObserved(after, shared, true)) fileSystem.rename(copied, at);
    else fileSystem.remove(copied);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}
