import { invariant } from '../base/base.ts';
import { DiskError } from '../filesystem/filesystem.ts';
import { type CommitContext, isSameButRenamed, type PlaceCommit, type RetireCommit } from './commit.ts';
import { isStoredWhole, keepByLink } from './kept-versions.ts';
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

/** Puts the staged thing at its path, and what stood there, if anything, into the version store. Throws DiskError with every thing still under some name. */
export function place(context: CommitContext, commit: PlaceCommit, names: CommitNames): Progress {
  const { fileSystem, root, spell } = context;
  const spelled = spell(commit.path);
  if (!root.parentIsSafe(spelled)) return 'changed';
  const target = root.at(spelled);
  const aside = root.stagedAt(names.aside);
  const version = root.versionAt(names.version);
  const before = commit.replaces?.observed;
  fileSystem.renameNew(root.stagedAt(commit.stagedName), aside);
  const now = fileSystem.look(target);
  if (before === undefined) {
    if (now !== undefined) return 'changed';
    try {
      fileSystem.renameNew(aside, target);
    } catch (error) {
      if (error instanceof DiskError && error.code === 'EEXIST') return 'changed';
      throw error;
    }
    return 'done';
  }
  if (now === undefined || !isSameObserved(now, before, true)) return 'changed';
  if (!fileSystem.exchange(aside, target)) return keepByLink(context, { target, before, version }) ? 'keep-first' : 'changed';
  const out = fileSystem.look(aside);
  if (out === undefined || !isSameButRenamed(out, before)) return 'changed';
  fileSystem.renameNew(aside, version);
  return 'done';
}

/** The second half of {@link place} where it said `keep-first`, once the old file's second name is durable. */
export function replace(context: CommitContext, commit: PlaceCommit, names: CommitNames): Progress {
  const { fileSystem, root, spell } = context;
  const before = commit.replaces?.observed;
  invariant(before !== undefined, 'only what stands there is kept first');
  if (!root.parentIsSafe(spell(commit.path))) return 'changed';
  const target = root.at(spell(commit.path));
  const kept = fileSystem.look(root.versionAt(names.version));
  const now = fileSystem.look(target);
  if (kept === undefined || !isStoredWhole(kept, before) || now === undefined || !isSameObserved(now, before, true)) return 'changed';
  // RACE: a file saved by rename since the look above (tens of microseconds) is lost, and one saved in place too where there are no links.
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
  if (before === undefined || now === undefined || !isSameObserved(now, before, true)) return 'changed';
  fileSystem.renameNew(target, version);
  const out = fileSystem.look(version);
  return out !== undefined && isSameButRenamed(out, before) ? 'done' : 'changed';
}
