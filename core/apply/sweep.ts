import { inPages } from '../base/base.ts';
import type { KeptVersion } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, removeQuietly } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { Content } from '../model/entry.ts';
import type { Hash } from '../model/ids.ts';
import { type Manifest, oneChunkBytes } from '../model/manifest.ts';
import type { CommitContext } from './commit.ts';
import { contentAt } from './kept-versions.ts';
import { isPartName, keyOfVersionName, readCommitName } from './private-names.ts';

/** LIMIT: rows read at a time. */
const rowsAtATime = 1_000;

/** Reads a file that looks like `expected`; undefined if it does not any more, or cannot be read. */
export type HashFile = (
  path: DiskPath,
  expected: Observed,
) => Promise<{ readonly content: Hash; readonly manifest: Manifest } | undefined>;

/**
 * Removes from staging what no commit needs any more; unfinished downloads named in `keep` stay for their next try. What could be the last
 * name of somebody's bytes is not removed: it goes to the version store, or stays. Run after the commits are recovered.
 */
export function sweepStaging(context: CommitContext, keep: ReadonlySet<string>): void {
  const { fileSystem, root, index } = context;
  const needed = new Set([...keep, ...index.intents().flatMap(({ stagedName }) => stagedName ?? [])]);
  for (const listed of fileSystem.list(root.staging)) {
    if (!('name' in listed) || needed.has(listed.name)) continue;
    try {
      sweepName(context, listed.name);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
  }
}

function sweepName({ fileSystem, root }: CommitContext, name: string): void {
  const at = root.stagedAt(name);
  const left = fileSystem.look(at);
  if (left === undefined || left.kind === 'directory') return;
  const commit = readCommitName(name);
  if (left.links > 1 || isOurs(name)) fileSystem.remove(at);
  else if (commit !== undefined) fileSystem.renameNew(at, root.versionAt(commit.versionName));
}

/** Downloads, those ahead of an entry among them, links made here and copies of kept versions: never anybody's bytes. */
function isOurs(name: string): boolean {
  return isPartName(name) || /^[asv]-/.test(name);
}

/**
 * Gives a row to what lies in the version store without one, after a crash or with a new index, as far as its path is known by now.
 * A second name of something still in the folder goes. Reads each such file once; rejects with the signal's reason.
 * Resolves with how many were taken in.
 */
export async function adoptOrphans(
  context: CommitContext,
  { hash, signal }: { readonly hash: HashFile; readonly signal: AbortSignal },
): Promise<number> {
  const { fileSystem, root, index } = context;
  const needed = knownNames(context);
  let adopted = 0;
  for (const listed of fileSystem.list(root.versions)) {
    signal.throwIfAborted();
    if (!('name' in listed) || needed.has(listed.name)) continue;
    const at = root.versionAt(listed.name);
    const orphan = lookQuietly(context, at);
    if (orphan === undefined) continue;
    if (orphan.links > 1 && index.baseByInode(orphan.inode).length > 0) {
      removeQuietly(fileSystem, at);
      continue;
    }
    const key = keyOfVersionName(listed.name);
    const [path] = key === undefined ? [] : index.pathsByKeys([key]);
    if (path === undefined) continue;
    const read = orphan.kind === 'file' ? await hash(at, orphan) : undefined;
    const content: Content | undefined =
      read === undefined
        ? orphan.kind === 'symlink'
          ? contentAt(fileSystem, at, orphan)
          : undefined
        : { kind: 'file', content: read.content, sizeBytes: read.manifest.sizeBytes };
    if (content === undefined) continue;
    index.transaction(() => {
      if (read !== undefined && read.manifest.sizeBytes > oneChunkBytes)
        index.putManifest(read.content, read.manifest);
      index.addVersion({
        path,
        content,
        storedName: listed.name,
        // When it came here is the last thing that happened to it.
        replacedAt: Number(orphan.changedAtNs / 1_000_000n),
        replacedBy: undefined,
        reason: 'replaced',
        executable: (orphan.mode & 0o100) !== 0,
        modifiedAtNs: orphan.modifiedAtNs,
      });
    });
    adopted += 1;
  }
  return adopted;
}

/** Names in the version store that a row or an intent knows. */
function knownNames({ index }: CommitContext): ReadonlySet<string> {
  const names = new Set(index.intents().flatMap(({ version }) => version?.storedName ?? []));
  for (const { storedName } of inPages<KeptVersion>((last) => index.versions(last?.id ?? 0, rowsAtATime)))
    if (storedName !== undefined) names.add(storedName);
  return names;
}

function lookQuietly({ fileSystem }: CommitContext, path: DiskPath): Observed | undefined {
  try {
    return fileSystem.look(path);
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}
