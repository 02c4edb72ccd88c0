import { invariant } from '../base/base.ts';
import { DiskError, type DiskPath, type FileSystem } from '../filesystem/filesystem.ts';
import { type CommitContext, isSameButRenamed, type PlaceCommit, type RetireCommit } from './commit.ts';
import { isSameObserved } from '../model/disk.ts';

/**
 * How far one call came. `changed`: the disk is not as base says, or was not in the last instant; what was done is to be settled.
 * `keep-first`: this disk cannot exchange, and the old file now has a second name that has to be durable before it is replaced.
 */
export type Progress = 'done' | 'changed' | 'keep-first';

/** The private names of one commit. */
export interface CommitNames {
  readonly aside: string;
  readonly version: string;
}

/**
 * Puts the staged thing at its path, and what stood there, if anything, into the version store: by one exchange; else by a second name there
 * and a rename over; else, on a disk without links too and where the name is to be spelled anew, by setting it aside first, so that for a
 * moment nothing is at the path.
 * What a user writes at any time goes to an inode that keeps a name. Throws DiskError with every thing still under some name.
 */
export function place(context: CommitContext, commit: PlaceCommit, names: CommitNames): Progress {
  const { fileSystem, root, spell } = context;
  const spelled = spell(commit.path);
  if (!root.parentIsSafe(spelled)) return 'changed';
  const target = root.at(spelled);
  const aside = root.stagedAt(names.aside);
  const version = root.versionAt(names.version);
  const before = commit.replaces?.observed;
  fileSystem.renameNew(root.stagedAt(commit.stagedName), aside);
  if (before === undefined) return isPlacedNew(fileSystem, aside, target) ? 'done' : 'changed';
  const now = fileSystem.look(target);
  // A directory is never exchanged or put away as one thing: what is in it may be known to nobody.
  if (now === undefined || now.kind === 'directory' || !isSameObserved(now, before, true)) return 'changed';
  const isRespelled = commit.replaces !== undefined && commit.replaces.path !== commit.path;
  if (!isRespelled && fileSystem.exchange(aside, target)) {
    const out = fileSystem.look(aside);
    if (out === undefined || !isSameButRenamed(out, before)) return 'changed';
    fileSystem.renameNew(aside, version);
    return 'done';
  }
  if (!isRespelled && canLink(fileSystem, target, version)) return 'keep-first';
  fileSystem.renameNew(target, version);
  const out = fileSystem.look(version);
  if (out === undefined || !isSameButRenamed(out, before)) return 'changed';
  return isPlacedNew(fileSystem, aside, target) ? 'done' : 'changed';
}

function isPlacedNew(fileSystem: FileSystem, aside: DiskPath, target: DiskPath): boolean {
  try {
    fileSystem.renameNew(aside, target);
    return true;
  } catch (error) {
    if (error instanceof DiskError && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Gives what stands at `target` a second name in the version store; false, with nothing done, where this disk has no links. */
function canLink(fileSystem: FileSystem, target: DiskPath, version: DiskPath): boolean {
  try {
    fileSystem.link(target, version);
    return true;
  } catch (error) {
    if (error instanceof DiskError && withoutLinks.has(error.code)) return false;
    throw error;
  }
}

const withoutLinks: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EMLINK', 'ENOSYS']);

/** The second half of {@link place} where it said `keep-first`, once the old file's second name is durable. */
export function replace(context: CommitContext, commit: PlaceCommit, names: CommitNames): Progress {
  const { fileSystem, root, spell } = context;
  const before = commit.replaces?.observed;
  invariant(before !== undefined, 'only what stands there is kept first');
  if (!root.parentIsSafe(spell(commit.path))) return 'changed';
  const target = root.at(spell(commit.path));
  const kept = fileSystem.look(root.versionAt(names.version));
  const now = fileSystem.look(target);
  if (
    kept === undefined ||
    !isSameButRenamed(kept, before) ||
    now === undefined ||
    !isSameObserved(now, before, true)
  )
    return 'changed';
  // RACE: a file saved by rename since the look above (tens of microseconds) is lost.
  fileSystem.rename(root.stagedAt(names.aside), target);
  return 'done';
}

/** Takes what stands at a path into the version store. Throws DiskError with every thing still under some name. */
export function retire(context: CommitContext, commit: RetireCommit, names: CommitNames): Progress {
  const { fileSystem, root, spell } = context;
  const spelled = spell(commit.path);
  if (!root.parentIsSafe(spelled)) return 'changed';
  const target = root.at(spelled);
  const version = root.versionAt(names.version);
  const before = commit.replaces.observed;
  const now = fileSystem.look(target);
  if (before === undefined || now === undefined || now.kind === 'directory') return 'changed';
  if (!isSameObserved(now, before, true)) return 'changed';
  fileSystem.renameNew(target, version);
  const out = fileSystem.look(version);
  return out !== undefined && isSameButRenamed(out, before) ? 'done' : 'changed';
}
