import type { FolderIndex, KeptVersion } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, parentDisk, removeQuietly } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { Problem } from '../model/problem.ts';
import { type Commit, type CommitContext, isSameButRenamed } from './commit.ts';
import { flushEach, flushEachDirectory } from './flush.ts';
import { separate, type StoredFile, versionOf } from './kept-versions.ts';
import type { Outcome, Retired } from './outcome.ts';
import { type CommitNames, place, type Progress, replace, retire } from './place-and-retire.ts';
import { commitName, versionName } from './private-names.ts';
import { nameRefused, problemOf } from './problems.ts';
import { recoverCommit } from './recover.ts';
import { settleIntent } from './settle-intent.ts';

/** One commit on its way. `unsettled`: it failed and so did clearing up after it; its intent stays. */
interface Step {
  readonly commit: Commit;
  readonly names: CommitNames;
  readonly intent: Intent;
  state: 'begun' | Progress | 'failed' | 'unsettled';
  problem: Problem | undefined;
  stored: readonly StoredFile[];
}

/**
 * Makes a group of changes true on disk, each all or nothing, and records them together.
 *
 * Order, so that a stop at any point loses nothing: staged data is flushed; intents are recorded; each path is checked against base and
 * changed by one exchange or rename, while what it replaces goes to the version store; directories are flushed; base rows, kept versions
 * and the end of the intents are recorded in one transaction, together with what `record` adds. Nothing loses its last name before that flush.
 * A path whose disk is not as base says is left as it is and reported. Resolves with an outcome per commit, in order; throws SyncError when the
 * index fails. After a crash or a throw, `recoverCommits` and the next scan finish or undo.
 */
export async function commitGroup(
  context: CommitContext,
  commits: readonly Commit[],
  record: (outcomes: readonly Outcome[]) => void,
): Promise<readonly Outcome[]> {
  const { index } = context;
  const steps = commits.map((commit) => stepOf(context, commit));
  if (index.hasIntents()) for (const step of steps) await clearOldIntent(context, step);
  await flushStaged(context, steps);
  index.transaction(() => {
    for (const step of steps) if (step.state === 'begun') index.putIntent(step.intent);
  });
  for (const step of steps) {
    const { commit, names } = step;
    advance(context, step, 'begun', () =>
      commit.kind === 'place' ? place(context, commit, names) : retire(context, commit, names),
    );
  }
  await flushKept(context, steps);
  for (const step of steps) {
    const { commit, names } = step;
    if (commit.kind === 'place') advance(context, step, 'keep-first', () => replace(context, commit, names));
  }
  await flushNames(context, steps);
  for (const step of steps) {
    if (step.state !== 'done') continue;
    for (const { storedName, keep } of step.stored) if (keep) await separate(context, storedName);
  }
  const endings = steps.map((step) => endingOf(context, step));
  return index.transaction(() => {
    const outcomes = endings.map((ending) => recordEnding(index, ending));
    record(outcomes);
    return outcomes;
  });
}

function stepOf({ index, random }: CommitContext, commit: Commit): Step {
  const { path, replaces, becomes } = commit;
  const stagedName = commit.kind === 'place' ? commitName(index, random, path, commit.stagedName) : undefined;
  const version = versionName(index, random, path);
  const staged = commit.kind === 'place' ? commit.staged : undefined;
  const intent: Intent = {
    path,
    version: replaces?.observed === undefined ? undefined : { storedName: version, keep: commit.keep },
    stagedName,
    staged,
    replaced: replaces?.observed,
    becomes: becomes === undefined ? undefined : { ...becomes, observed: staged },
  };
  return {
    commit,
    names: { aside: stagedName ?? '', version },
    intent,
    state: 'begun',
    problem: undefined,
    stored: [],
  };
}

/** An intent left by a commit that could not be settled is settled before its path is touched again. */
async function clearOldIntent(context: CommitContext, step: Step): Promise<void> {
  const { path } = step.commit;
  const old = context.index.intent(path);
  if (old === undefined) return;
  if (await recoverCommit(context, old)) {
    step.state = 'changed';
    settle(context, step);
  } else fail(step, { kind: 'disk-error', path, where: path }, 'unsettled');
}

async function flushStaged(context: CommitContext, steps: readonly Step[]): Promise<void> {
  const { fileSystem, root } = context;
  const files = new Map<DiskPath, Step>();
  for (const step of steps) {
    const { commit } = step;
    if (step.state === 'begun' && commit.kind === 'place' && commit.staged.kind === 'file')
      files.set(root.stagedAt(commit.stagedName), step);
  }
  const failures = await flushEach(files.keys(), (paths) => fileSystem.flushFiles(paths));
  for (const [path, error] of failures) {
    const step = files.get(path);
    if (step === undefined) continue;
    fail(step, problemOf(error, step.commit.path), 'failed');
    // What the system could not write it may have dropped from memory too: another try begins with other bytes.
    removeQuietly(fileSystem, path);
  }
}

/** What a call says when somebody else was at the path since the last look. */
const goneOrOther: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ELOOP']);

/** Takes a step one call further if it stands at `from`; what does not end well is settled at once. */
function advance(context: CommitContext, step: Step, from: Step['state'], run: () => Progress): void {
  if (step.state !== from) return;
  try {
    step.state = run();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (isNameRefused(context, step, error)) fail(step, nameRefused(error, step.commit.path), 'failed');
    else if (goneOrOther.has(error.code)) step.state = 'changed';
    else fail(step, problemOf(error, step.commit.path), 'failed');
  }
  const { version, path } = { ...step.intent };
  if (step.state === 'done' && version !== undefined) {
    step.stored = [{ path, storedName: version.storedName, keep: version.keep, row: step.commit.replaces }];
  }
  if (step.state === 'changed' || step.state === 'failed') settle(context, step);
}

/** Whether "nothing is there" was said of a name that was to be new, though all that it takes is there. */
function isNameRefused(
  { fileSystem, root, spell }: CommitContext,
  { commit, names }: Step,
  { code, call }: DiskError,
): boolean {
  if (code !== 'ENOENT' || call !== 'renameNew' || commit.kind !== 'place' || commit.replaces !== undefined)
    return false;
  try {
    return root.parentIsSafe(spell(commit.path)) && fileSystem.look(root.stagedAt(names.aside)) !== undefined;
  } catch (error) {
    if (error instanceof DiskError) return false;
    throw error;
  }
}

function settle(context: CommitContext, step: Step): void {
  try {
    const { verdict, stored } = settleIntent(context, step.intent);
    step.stored = stored;
    if (verdict === 'happened') step.state = 'done';
    if (verdict === 'unknown') step.state = 'unsettled';
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    fail(step, problemOf(error, step.commit.path), 'unsettled');
  }
}

function fail(step: Step, problem: Problem, state: 'failed' | 'unsettled'): void {
  step.state = state;
  step.problem ??= problem;
}

/** Where the disk cannot exchange, the second names of what is about to be replaced. */
async function flushKept(context: CommitContext, steps: readonly Step[]): Promise<void> {
  const { fileSystem, root } = context;
  const waiting = steps.filter((step) => step.state === 'keep-first');
  if (waiting.length === 0) return;
  const [error] = (await flushEach([root.versions], (paths) => fileSystem.flushDirectories(paths))).values();
  if (error === undefined) return;
  for (const step of waiting) {
    fail(step, problemOf(error, step.commit.path), 'failed');
    settle(context, step);
  }
}

/** What cannot be made durable is not recorded: its intent stays, since a crash may yet show either side. */
async function flushNames(context: CommitContext, steps: readonly Step[]): Promise<void> {
  const { fileSystem, root, spell } = context;
  const done = steps.filter((step) => step.state === 'done');
  if (done.length === 0) return;
  const parentOfStep = ({ commit }: Step): DiskPath => parentDisk(root.at(spell(commit.path)));
  const directories = [root.staging, root.versions, ...done.map(parentOfStep)];
  const failures = await flushEachDirectory(directories, (paths) => fileSystem.flushDirectories(paths));
  for (const step of done) {
    const error =
      failures.get(parentOfStep(step)) ?? failures.get(root.staging) ?? failures.get(root.versions);
    if (error !== undefined) fail(step, problemOf(error, step.commit.path), 'unsettled');
  }
}

interface Ending {
  readonly step: Step;
  readonly outcome: Outcome;
  readonly versions: readonly Omit<KeptVersion, 'id'>[];
  readonly retired: Omit<Retired, 'versionId'> | undefined;
}

function endingOf(context: CommitContext, step: Step): Ending {
  const { commit, stored, state } = step;
  const { path } = commit;
  if (state === 'unsettled')
    return { step, outcome: outcomeOf(context, step), versions: [], retired: undefined };
  const because = {
    reason: commit.kind === 'retire' ? commit.reason : 'replaced',
    replacedBy: commit.author,
  } as const;
  const versions = stored.flatMap((file) => versionOf(context, file, because) ?? []);
  const isKept = state === 'done' && versions.some(({ storedName }) => storedName === step.names.version);
  const retired = isKept && commit.replaces !== undefined ? { path, row: commit.replaces } : undefined;
  return { step, outcome: outcomeOf(context, step), versions, retired };
}

function outcomeOf({ fileSystem, root, spell }: CommitContext, { commit, state, problem }: Step): Outcome {
  const { path } = commit;
  if (state !== 'done')
    return problem === undefined ? { kind: 'changed-underneath', path } : { kind: 'problem', path, problem };
  if (commit.kind === 'retire')
    return { kind: 'done', path, base: commit.becomes && { ...commit.becomes, observed: undefined } };
  // The disk's own account of what was placed, unless somebody has changed it since: then the scan shall see a difference.
  const now = attempt(() => fileSystem.look(root.at(spell(path))));
  const observed = now !== undefined && isSameButRenamed(now, commit.staged) ? now : commit.staged;
  return { kind: 'done', path, base: { ...commit.becomes, observed } };
}

function recordEnding(index: FolderIndex, { step, outcome, versions, retired }: Ending): Outcome {
  if (step.state === 'unsettled') return outcome;
  let versionId: number | undefined;
  for (const version of versions) {
    const id = index.addVersion(version);
    if (version.storedName === step.names.version) versionId = id;
  }
  index.removeIntent(outcome.path);
  if (outcome.kind !== 'done') return outcome;
  if (outcome.base === undefined) index.removeBase(outcome.path);
  else index.putBase(outcome.base);
  const { replaces } = step.commit;
  if (replaces !== undefined && replaces.path !== outcome.path) index.removeBase(replaces.path);
  return retired === undefined || versionId === undefined
    ? outcome
    : { ...outcome, retired: { ...retired, versionId } };
}

/** What `run` gives, or undefined where the disk fails: nothing depends on it that a scan does not find out again. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}
