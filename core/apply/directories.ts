import { DiskError, parentDisk } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isSameObserved } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { CommitContext } from './commit.ts';
import type { Outcome } from './outcome.ts';
import { problemOf } from './problems.ts';

/**
 * Makes directories, parents first, and records them together; one that is there already becomes ours as it is.
 * A directory is made durable before its row. Something else in the way is reported as changed underneath.
 */
export async function makeDirectories(
  context: CommitContext,
  rows: readonly Omit<BaseRow, 'observed'>[],
  record: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const { fileSystem, root, index, spell } = context;
  const outcomes = rows.map((row): Outcome => {
    const spelled = spell(row.path);
    const path = root.at(spelled);
    try {
      if (!root.parentIsSafe(spelled)) return { kind: 'changed-underneath', path: row.path };
      if (fileSystem.look(path) === undefined) fileSystem.makeDirectory(path);
      const observed = fileSystem.look(path);
      if (observed?.kind !== 'directory') return { kind: 'changed-underneath', path: row.path };
      return { kind: 'done', path: row.path, base: { ...row, observed } };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return { kind: 'problem', path: row.path, problem: problemOf(error, row.path) };
    }
  });
  await fileSystem.flushDirectories([...new Set(rows.map((row) => parentDisk(root.at(spell(row.path)))))]);
  recordOutcomes(context, outcomes, record);
  return outcomes;
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
 * lingering, until it is empty. Only an empty directory is ever removed, so nothing is lost.
 */
export function removeDirectories(
  context: CommitContext,
  removals: readonly DirectoryRemoval[],
  record: (outcomes: readonly Outcome[]) => void,
): readonly Outcome[] {
  const { fileSystem, root, spell } = context;
  const outcomes = removals.map(({ path, row, leaves, lingers }): Outcome => {
    const spelled = spell(row.path);
    const removed: Outcome = { kind: 'done', path, base: leaves };
    try {
      if (!root.parentIsSafe(spelled)) return { kind: 'changed-underneath', path };
      fileSystem.removeDirectory(root.at(spelled));
      return removed;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (error.code === 'ENOENT') return removed;
      if (error.code === 'ENOTDIR') return { kind: 'changed-underneath', path };
      if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return { kind: 'done', path, base: lingers };
      return { kind: 'problem', path, problem: problemOf(error, path) };
    }
  });
  recordOutcomes(context, outcomes, record);
  return outcomes;
}

/**
 * Gives a held file the mode and modification time of the entry it shows, if it is still what base describes.
 */
export function setMetadata(
  context: CommitContext,
  changes: readonly { readonly row: BaseRow; readonly mode: number; readonly modifiedAtNs: bigint; readonly becomes: Omit<BaseRow, 'observed'> }[],
  record: (outcomes: readonly Outcome[]) => void,
): readonly Outcome[] {
  const { fileSystem, root, spell } = context;
  const outcomes = changes.map(({ row, mode, modifiedAtNs, becomes }): Outcome => {
    const spelled = spell(row.path);
    const path = root.at(spelled);
    try {
      if (!root.parentIsSafe(spelled) || !isUntouched(context, row)) return { kind: 'changed-underneath', path: row.path };
      if (row.observed?.kind === 'file' && mode !== row.observed.mode) fileSystem.setMode(path, mode);
      if (modifiedAtNs !== row.observed?.modifiedAtNs) fileSystem.setModifiedAt(path, modifiedAtNs);
      return { kind: 'done', path: row.path, base: { ...becomes, observed: fileSystem.look(path) } };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return { kind: 'problem', path: row.path, problem: problemOf(error, row.path) };
    }
  });
  recordOutcomes(context, outcomes, record);
  return outcomes;
}

function isUntouched(context: CommitContext, row: BaseRow): boolean {
  const now = context.fileSystem.look(context.root.at(context.spell(row.path)));
  return now !== undefined && row.observed !== undefined && isSameObserved(now, row.observed);
}

function recordOutcomes(context: CommitContext, outcomes: readonly Outcome[], record: (outcomes: readonly Outcome[]) => void): void {
  context.index.transaction(() => {
    for (const outcome of outcomes) {
      if (outcome.kind !== 'done') continue;
      if (outcome.base === undefined) context.index.removeBase(outcome.path);
      else context.index.putBase(outcome.base);
    }
    record(outcomes);
  });
}
