import { DiskError, type DiskPath, parentDisk } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { CommitContext } from './commit.ts';
import { flushEachDirectory } from './flush.ts';
import type { Outcome } from './outcome.ts';
import { nameRefused, problemOf } from './problems.ts';
import { recordOutcomes } from './record-outcomes.ts';

/**
 * Makes directories, parents first, and records them together; one that is there already becomes ours as it is.
 * A directory is made durable before its row. Something else in the way is reported as changed underneath.
 */
export async function makeDirectories(
  context: CommitContext,
  rows: readonly Omit<BaseRow, 'observed'>[],
  record: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const { root, spell } = context;
  const made = rows.map((row): Outcome => {
    const spelled = spell(row.path);
    return guarded(row.path, () => {
      if (!root.parentIsSafe(spelled)) return { kind: 'changed-underneath', path: row.path };
      const observed = makeDirectory(context, root.at(spelled));
      if (observed?.kind !== 'directory') return { kind: 'changed-underneath', path: row.path };
      return { kind: 'done', path: row.path, base: { ...row, observed } };
    });
  });
  const outcomes = await flushParents(context, made);
  recordOutcomes(context, outcomes, record);
  return outcomes;
}

function makeDirectory({ fileSystem }: CommitContext, path: DiskPath): Observed | undefined {
  try {
    if (fileSystem.look(path) === undefined) fileSystem.makeDirectory(path);
  } catch (error) {
    // Somebody made it in the last instant: then theirs is ours.
    if (!(error instanceof DiskError) || error.code !== 'EEXIST') throw error;
  }
  return fileSystem.look(path);
}

/** A directory to remove: its row now, the row it leaves, and the one it gets if something is still in it. */
export interface DirectoryRemoval {
  readonly path: RelativePath;
  readonly row: BaseRow;
  readonly leaves: BaseRow | undefined;
  readonly lingers: BaseRow;
}

/**
 * Removes directories in the order given, deepest first. One that still holds something ignored or unknown stays, with the row for
 * lingering, until it is empty. Only an empty directory is ever removed, so nothing is lost; intents are recorded first, so that a stop in
 * between is no deletion by the user, and the removals are durable before their rows.
 */
export async function removeDirectories(
  context: CommitContext,
  removals: readonly DirectoryRemoval[],
  record: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const { fileSystem, root, index, spell } = context;
  index.transaction(() => {
    for (const { path, row, leaves } of removals) {
      index.putIntent({
        path,
        stagedName: undefined,
        staged: undefined,
        replaced: row.observed,
        version: undefined,
        becomes: leaves,
      });
    }
  });
  const removed = removals.map(({ path, row, leaves, lingers }): Outcome => {
    const spelled = spell(row.path);
    return guarded(path, () => {
      const fault = root.parentFault(spelled);
      if (root.parentFault('x') !== undefined || fault === 'other-device')
        return { kind: 'changed-underneath', path };
      // What holds it is no directory any more: it is gone already.
      if (fault !== undefined) return { kind: 'done', path, base: leaves };
      try {
        fileSystem.removeDirectory(root.at(spelled));
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        if (error.code === 'ENOTDIR') return { kind: 'changed-underneath', path };
        if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')
          return { kind: 'done', path, base: lingers };
        if (error.code !== 'ENOENT') throw error;
      }
      return { kind: 'done', path, base: leaves };
    });
  });
  const outcomes = await flushParents(context, removed);
  recordOutcomes(context, outcomes, record);
  return outcomes;
}

/** What cannot be made durable is not recorded: the next scan sees what became of it. */
async function flushParents(
  context: CommitContext,
  outcomes: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const { fileSystem, root, spell } = context;
  const parentAt = (path: RelativePath): DiskPath => parentDisk(root.at(spell(path)));
  const parents = outcomes.flatMap((outcome) => (outcome.kind === 'done' ? [parentAt(outcome.path)] : []));
  const failures = await flushEachDirectory(parents, (paths) => fileSystem.flushDirectories(paths));
  return outcomes.map((outcome) => {
    const error = outcome.kind === 'done' ? failures.get(parentAt(outcome.path)) : undefined;
    return error === undefined
      ? outcome
      : { kind: 'problem', path: outcome.path, problem: problemOf(error, outcome.path) };
  });
}

function guarded(path: RelativePath, run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    // What holds it was there a moment ago: the name itself is meant.
    const isRefused = error.code === 'ENOENT' && error.call === 'makeDirectory';
    return { kind: 'problem', path, problem: isRefused ? nameRefused(error, path) : problemOf(error, path) };
  }
}
