import { DiskError, parentDisk } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isSameObserved } from '../model/disk.ts';
import type { CommitContext } from './commit.ts';
import { flushEachDirectory } from './flush.ts';
import type { Outcome } from './outcome.ts';
import { respellName } from './private-names.ts';
import { problemOf } from './problems.ts';
import { recoverCommit } from './recover.ts';

/** A thing on disk that keeps its bytes and gets another spelling in the same slot of its directory. */
export interface Respelling {
  /** Its row as it is spelled now. */
  readonly row: BaseRow;
  /** The row its old spelling leaves, if any. */
  readonly leaves: BaseRow | undefined;
  readonly becomes: Omit<BaseRow, 'observed'>;
}

/**
 * Gives a file, symlink or directory (with all it holds) another spelling, through a temporary name, since on this disk both are one. An intent is
 * recorded first and stays until the thing has a name in its directory again: what is aside is never taken for deleted, and never swept.
 */
export async function respell(
  context: CommitContext,
  { row, leaves, becomes }: Respelling,
  record: (outcomes: readonly Outcome[]) => void,
): Promise<Outcome> {
  const { fileSystem, root, index, random, spell } = context;
  const { path } = becomes;
  const { observed } = row;
  const oldSpelling = spell(row.path);
  const spelled = spell(path);
  const changed: Outcome = { kind: 'changed-underneath', path };
  if (observed === undefined) return changed;
  const from = root.at(oldSpelling);
  const to = root.at(spelled);
  const asideName = respellName(index, random, path);
  const aside = root.stagedAt(asideName);
  const intent = {
    path,
    stagedName: asideName,
    staged: observed,
    replaced: observed,
    version: undefined,
    becomes: { ...becomes, observed },
  };
  index.transaction(() => index.putIntent(intent));
  const move = (): Outcome => {
    if (!root.parentIsSafe(oldSpelling) || !root.parentIsSafe(spelled)) return changed;
    const now = fileSystem.look(from);
    if (now === undefined || !isSameObserved(now, observed, true)) return changed;
    fileSystem.renameNew(from, aside);
    try {
      fileSystem.renameNew(aside, to);
    } catch (error) {
      if (error instanceof DiskError) fileSystem.renameNew(aside, from);
      throw error;
    }
    return { kind: 'done', path, base: { ...becomes, observed: fileSystem.look(to) } };
  };
  const outcome = await durable(context, attempt(path, move), [parentDisk(to), root.staging]);
  if (outcome.kind !== 'done') {
    const isSettled = await recoverCommit(context, intent);
    if (isSettled || fileSystem.look(aside) === undefined) index.transaction(() => index.removeIntent(path));
    return outcome;
  }
  index.transaction(() => {
    index.removeIntent(path);
    if (leaves === undefined) index.removeBase(row.path);
    else index.putBase(leaves);
    if (outcome.base !== undefined) index.putBase(outcome.base);
    record([outcome]);
  });
  return outcome;
}

function attempt(path: Outcome['path'], run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { kind: 'problem', path, problem: problemOf(error, path) };
  }
}

async function durable(
  { fileSystem }: CommitContext,
  outcome: Outcome,
  directories: Parameters<typeof flushEachDirectory>[0],
): Promise<Outcome> {
  if (outcome.kind !== 'done') return outcome;
  const [error] = (
    await flushEachDirectory(directories, (paths) => fileSystem.flushDirectories(paths))
  ).values();
  return error === undefined
    ? outcome
    : { kind: 'problem', path: outcome.path, problem: problemOf(error, outcome.path) };
}
