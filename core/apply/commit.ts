import { type Clock, invariant, type Random, randomHex } from '../base/base.ts';
import type { FolderIndex, KeptVersion } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, type DiskRoot, type FileSystem, parentDisk } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable, isSameObserved, type Observed } from '../model/disk.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Outcome } from './outcome.ts';
import { problemOf } from './problems.ts';

/** One path's change, with everything staged that it needs. */
export type Commit = PlaceCommit | RetireCommit;

/** Puts a staged file or symlink at a path, in place of what base says is there, or of nothing. */
export interface PlaceCommit {
  readonly kind: 'place';
  readonly path: RelativePath;
  /** Its name in the staging directory. */
  readonly stagedName: string;
  /** What staging left there, by lstat. */
  readonly staged: Observed;
  /** The row of what is there now; undefined if nothing is. */
  readonly replaces: BaseRow | undefined;
  /** What the row becomes; `observed` is filled in from the disk. */
  readonly becomes: Omit<BaseRow, 'observed'>;
  /** Who wrote what is put here. */
  readonly author: DeviceKey | undefined;
  /** Whether the version store keeps what was here; not when it is itself moved elsewhere in this group. */
  readonly keep: boolean;
}

/** Takes a file or symlink away. */
export interface RetireCommit {
  readonly kind: 'retire';
  readonly path: RelativePath;
  readonly replaces: BaseRow;
  /** Whether the version store keeps it; not for the old name of something that was moved and is now held elsewhere. */
  readonly keep: boolean;
  /** What the row becomes: undefined when nothing is known of the path any more. */
  readonly becomes: Omit<BaseRow, 'observed'> | undefined;
  readonly reason: KeptVersion['reason'];
  readonly author: DeviceKey | undefined;
}

/** What committing needs. */
export interface CommitContext {
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly index: FolderIndex;
  readonly clock: Clock;
  readonly random: Random;
  /** A path as this disk spells it. */
  readonly spell: (path: RelativePath) => string;
}

/**
 * Makes a group of changes true on disk, each all or nothing, and records them together.
 *
 * Order, so that a stop at any point loses nothing: staged data is flushed; intents are recorded; each path is checked against base and
 * changed by one rename, link or exchange while the old version gets a name in the version store; directories are flushed; base rows,
 * kept versions and the end of the intents are recorded in one transaction, together with what `record` adds.
 * A path whose disk is not as base says is left alone and reported. After a crash, {@link recoverCommits} and the next scan finish or undo.
 */
export async function commitGroup(
  context: CommitContext,
  commits: readonly Commit[],
  record: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const { fileSystem, root, index } = context;
  const files = commits.flatMap((commit) => (commit.kind === 'place' && commit.staged.kind === 'file' ? [root.stagedAt(commit.stagedName)] : []));
  await fileSystem.flushFiles(files);
  const storedNames = commits.map((commit) => (commit.replaces === undefined ? undefined : randomHex(context.random, 12)));
  index.transaction(() => {
    for (const [i, commit] of commits.entries()) {
      const storedName = storedNames[i];
      index.putIntent({
        path: commit.path,
        version: storedName === undefined ? undefined : { storedName, keep: commit.keep },
        stagedName: commit.kind === 'place' ? commit.stagedName : undefined,
        staged: commit.kind === 'place' ? commit.staged : undefined,
        replaced: commit.replaces?.observed,
        becomes: commit.becomes === undefined ? undefined : { ...commit.becomes, observed: commit.kind === 'place' ? commit.staged : undefined },
      });
    }
  });
  const kept: Omit<KeptVersion, 'id'>[] = [];
  const touched = new Set<DiskPath>([root.staging, root.versions]);
  const performed = commits.map((commit, i) => {
    touched.add(parentDisk(root.at(context.spell(commit.path))));
    return performSafely(context, { ...commit, storedName: storedNames[i] ?? '' }, kept);
  });
  await fileSystem.flushDirectories([...touched]);
  const outcomes = performed.map((outcome, i) => refreshed(context, commits[i] as Commit, outcome));
  index.transaction(() => {
    for (const version of kept) index.addVersion(version);
    for (const outcome of outcomes) {
      index.removeIntent(outcome.path);
      if (outcome.kind !== 'done') continue;
      if (outcome.base === undefined) index.removeBase(outcome.path);
      else index.putBase(outcome.base);
    }
    record(outcomes);
  });
  return outcomes;
}

/** A commit and the name its replaced file gets in the version store. */
type Named<T> = T & { readonly storedName: string };

function performSafely(context: CommitContext, commit: Named<Commit>, kept: Omit<KeptVersion, 'id'>[]): Outcome {
  try {
    if (!context.root.parentIsSafe(context.spell(commit.path))) return { kind: 'changed-underneath', path: commit.path };
    return commit.kind === 'place' ? place(context, commit, kept) : retire(context, commit, kept);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { kind: 'problem', path: commit.path, problem: problemOf(error, commit.path) };
  }
}

function place(context: CommitContext, commit: Named<PlaceCommit>, kept: Omit<KeptVersion, 'id'>[]): Outcome {
  const { fileSystem, root } = context;
  const target = root.at(context.spell(commit.path));
  const staged = root.stagedAt(commit.stagedName);
  const changed: Outcome = { kind: 'changed-underneath', path: commit.path };
  const before = commit.replaces?.observed;
  const now = fileSystem.look(target);
  if (before === undefined) {
    if (now !== undefined) return changed;
    try {
      fileSystem.renameNew(staged, target);
    } catch (error) {
      if (error instanceof DiskError && error.code === 'EEXIST') return changed;
      throw error;
    }
  } else {
    if (now === undefined || !isSameObserved(now, before, true)) return changed;
    const version = root.versionAt(commit.storedName);
    if (!keepByLink(fileSystem, { target, before, version })) return changed;
    if (!swapIn(fileSystem, { staged, target, before })) {
      fileSystem.remove(version);
      return changed;
    }
    if (commit.keep) kept.push(keptVersion(context, commit, 'replaced'));
    else fileSystem.remove(version);
  }
  return { kind: 'done', path: commit.path, base: { ...commit.becomes, observed: commit.staged } };
}

/** The row with the disk's present account of what was placed, unless somebody has changed it since: then the scan shall see a difference. */
function refreshed(context: CommitContext, commit: Commit, outcome: Outcome): Outcome {
  if (commit.kind !== 'place' || outcome.kind !== 'done' || outcome.base === undefined) return outcome;
  const now = context.fileSystem.look(context.root.at(context.spell(commit.path)));
  if (now === undefined || !isSameButRenamed(now, commit.staged)) return outcome;
  return { ...outcome, base: { ...outcome.base, observed: now } };
}

/**
 * Gives the present file a name in the version store: a hard link, so that a write through a handle somebody still holds is seen there,
 * else a copy. False (nothing left behind) if what got the name is not what base describes.
 */
function keepByLink(
  fileSystem: FileSystem,
  { target, before, version }: { readonly target: DiskPath; readonly before: Observed; readonly version: DiskPath },
): boolean {
  let linked = true;
  try {
    fileSystem.link(target, version);
  } catch (error) {
    if (!(error instanceof DiskError) || !withoutLinks.has(error.code)) throw error;
    linked = false;
    fileSystem.copy(target, version);
  }
  const link = fileSystem.look(version);
  const again = fileSystem.look(target);
  const isSameLink = linked ? link !== undefined && isSameButRenamed(link, before) : link?.sizeBytes === before.sizeBytes;
  if (isSameLink && again !== undefined && isSameObserved(again, before, true)) return true;
  fileSystem.remove(version);
  return false;
}

const withoutLinks = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EMLINK', 'ENOSYS']);

/** Puts `staged` at `target` in one step; false if what stood there in the last instant was not what base describes (then it stands there still). */
function swapIn(
  fileSystem: FileSystem,
  { staged, target, before }: { readonly staged: DiskPath; readonly target: DiskPath; readonly before: Observed },
): boolean {
  if (!fileSystem.exchange(staged, target)) {
    // RACE: without an exchange, a file saved by rename between the second look and this one (tens of microseconds) is lost.
    fileSystem.rename(staged, target);
    return true;
  }
  const out = fileSystem.look(staged);
  if (out !== undefined && isSameButRenamed(out, before)) {
    fileSystem.remove(staged);
    return true;
  }
  fileSystem.exchange(staged, target);
  return false;
}

function retire(context: CommitContext, commit: Named<RetireCommit>, kept: Omit<KeptVersion, 'id'>[]): Outcome {
  const { fileSystem, root } = context;
  const target = root.at(context.spell(commit.path));
  const before = commit.replaces.observed;
  const now = fileSystem.look(target);
  const base = commit.becomes === undefined ? undefined : { ...commit.becomes, observed: undefined };
  if (before === undefined || now === undefined || !isSameObserved(now, before, true)) return { kind: 'changed-underneath', path: commit.path };
  const version = root.versionAt(commit.storedName);
  fileSystem.renameNew(target, version);
  const out = fileSystem.look(version);
  if (out === undefined || !isSameButRenamed(out, before)) {
    putBack(fileSystem, version, target);
    return { kind: 'changed-underneath', path: commit.path };
  }
  if (commit.keep) kept.push(keptVersion(context, commit, commit.reason));
  else fileSystem.remove(version);
  return { kind: 'done', path: commit.path, base };
}

/** Returns what was taken by mistake; if something newer stands there by now, both are kept: the one taken stays in the version store. */
function putBack(fileSystem: FileSystem, version: DiskPath, target: DiskPath): void {
  try {
    fileSystem.renameNew(version, target);
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== 'EEXIST') throw error;
  }
}

/** A rename moves the change time of the inode on most systems, nothing else. */
export function isSameButRenamed(a: Observed, b: Observed): boolean {
  return isSameObserved({ ...a, changedAtNs: b.changedAtNs }, b, true);
}

function keptVersion(context: CommitContext, commit: Named<Commit>, reason: KeptVersion['reason']): Omit<KeptVersion, 'id'> {
  const { content, observed } = commit.replaces ?? {};
  invariant(content !== undefined && observed !== undefined, 'only what base describes is kept as a version');
  return {
    path: commit.path,
    content,
    storedName: commit.storedName,
    replacedAt: context.clock.now(),
    replacedBy: commit.author,
    reason,
    executable: isExecutable(observed.mode),
    modifiedAtNs: observed.modifiedAtNs,
  };
}
