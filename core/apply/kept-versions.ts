import { chunkFile } from '../chunker/chunker.ts';
import type { KeptVersion } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, type FileSystem } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable, isSameObserved, type Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import type { RelativePath } from '../model/path.ts';
import { type CommitContext, isSameButRenamed } from './commit.ts';

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

const withoutLinks: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EMLINK', 'ENOSYS']);

/**
 * Gives what stands at `target` a second name in the version store, for disks that cannot exchange: a hard link, so that a write through
 * a handle somebody still holds is seen there, else a copy. False if what got the name is not what base describes; the caller clears up.
 */
export function keepByLink(
  { fileSystem }: CommitContext,
  {
    target,
    before,
    version,
  }: { readonly target: DiskPath; readonly before: Observed; readonly version: DiskPath },
): boolean {
  try {
    fileSystem.link(target, version);
  } catch (error) {
    if (!(error instanceof DiskError) || !withoutLinks.has(error.code)) throw error;
    fileSystem.copy(target, version);
    // The time comes last: a copy that has it is whole.
    fileSystem.setModifiedAt(version, before.modifiedAtNs);
  }
  const stored = fileSystem.look(version);
  return stored !== undefined && isStoredWhole(stored, before);
}

/** Whether `stored` is the untouched `before` itself, or a whole copy of it. */
export function isStoredWhole(stored: Observed, before: Observed): boolean {
  if (stored.inode === before.inode) return isSameButRenamed(stored, before);
  return stored.sizeBytes === before.sizeBytes && stored.modifiedAtNs === before.modifiedAtNs;
}

/**
 * The row for a stored thing, or undefined if none is due: something that may go goes while its bytes have another name, and only then.
 * What is not as the row said is read and named by what it is; what cannot be read stays, without a row.
 */
export function versionOf(
  { fileSystem, root, clock }: CommitContext,
  { path, storedName, keep, row }: StoredFile,
  because: StoredBecause,
): Omit<KeptVersion, 'id'> | undefined {
  const at = root.versionAt(storedName);
  const stored = fileSystem.look(at);
  if (stored === undefined) return undefined;
  if (!keep && stored.links > 1) {
    fileSystem.remove(at);
    return undefined;
  }
  const isAsExpected = row?.observed !== undefined && isStoredWhole(stored, row.observed);
  const content = isAsExpected ? row.content : contentAt(fileSystem, at, stored);
  if (content === undefined) return undefined;
  return {
    path,
    content,
    storedName,
    replacedAt: clock.now(),
    executable: isExecutable((isAsExpected ? row.observed : stored).mode),
    modifiedAtNs: stored.modifiedAtNs,
    ...because,
  };
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
