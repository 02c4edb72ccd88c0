import { DiskError, type DiskPath, parentDisk } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isSameObserved, type Observed } from '../model/disk.ts';
import type { CommitContext } from './commit.ts';
import { flushEachDirectory } from './flush.ts';
import type { Outcome } from './outcome.ts';
import { problemOf } from './problems.ts';
import { recordOutcomes } from './record-outcomes.ts';

/** A held file's mode and time as they are to be, and the row it then has. */
export interface MetadataChange {
  readonly row: BaseRow;
  readonly mode: number;
  readonly modifiedAtNs: bigint;
  readonly becomes: Omit<BaseRow, 'observed'>;
}

/**
 * Gives held files the mode and modification time of the entries they show, where they are still what base describes. An edit in the very
 * last instant could hide behind the time that is set, so the row keeps the old change time: the next scan reads the file once.
 */
export async function setMetadata(
  context: CommitContext,
  changes: readonly MetadataChange[],
  record: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const { fileSystem, root, index, spell } = context;
  const sound = changes.filter(({ row }) => row.observed !== undefined);
  index.transaction(() => {
    for (const { row, mode, modifiedAtNs, becomes } of sound) {
      const staged = row.observed && { ...row.observed, mode, modifiedAtNs };
      const { path, observed } = row;
      index.putIntent({
        path,
        stagedName: undefined,
        staged,
        replaced: observed,
        version: undefined,
        becomes: { ...becomes, observed: staged },
      });
    }
  });
  const set = changes.map((change): Outcome => {
    const { path } = change.row;
    try {
      const observed = setOne(context, change);
      return observed === undefined
        ? { kind: 'changed-underneath', path }
        : { kind: 'done', path, base: { ...change.becomes, observed } };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return { kind: 'problem', path, problem: problemOf(error, path) };
    }
  });
  const parents = set.flatMap((outcome): DiskPath[] =>
    outcome.kind === 'done' ? [parentDisk(root.at(spell(outcome.path)))] : [],
  );
  // A failure here loses a time or a mode at worst, which the next scan then sees as it is.
  await flushEachDirectory(parents, (paths) => fileSystem.flushDirectories(paths));
  recordOutcomes(context, set, record);
  return set;
}

/** The look to record, or undefined if somebody else was at the file. */
function setOne(
  { fileSystem, root, spell }: CommitContext,
  { row, mode, modifiedAtNs }: MetadataChange,
): Observed | undefined {
  const spelled = spell(row.path);
  const before = row.observed;
  if (before?.kind !== 'file' || !root.parentIsSafe(spelled)) return undefined;
  const path = root.at(spelled);
  const now = fileSystem.look(path);
  if (now === undefined || !isSameObserved(now, before)) return undefined;
  if (mode !== before.mode) fileSystem.setMode(path, mode);
  if (modifiedAtNs !== before.modifiedAtNs) fileSystem.setModifiedAt(path, modifiedAtNs);
  const after = fileSystem.look(path);
  if (after === undefined || after.inode !== before.inode || after.sizeBytes !== before.sizeBytes)
    return undefined;
  return { ...after, changedAtNs: before.changedAtNs };
}
