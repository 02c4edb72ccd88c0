import {
  commitGroup,
  type Commit,
  type CommitContext,
  type DirectoryRemoval,
  makeDirectories,
  modeFor,
  type Outcome,
  problemOf,
  removeDirectories,
  respell,
  type Retired,
  setMetadata,
} from '../apply/apply.ts';
import type { Clock, Log, Random } from '../base/base.ts';
import type { FolderIndex, PendingRow } from '../file-index/file-index.ts';
import { DiskError, type DiskRoot, type FileSystem, type Watch } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable } from '../model/disk.ts';
import type { DeviceKey } from '../model/ids.ts';
import { parentOf, type RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { type BaseLookup, type Operation, planFolder } from '../plan/plan.ts';
import type { Decision } from '../reconcile/reconcile.ts';
import { ignoreFile } from '../scanner/scanner.ts';
import type { FileFetching } from './file-fetching.ts';
import type { FolderState } from './folder-state.ts';
import type { MassChangeStop } from './mass-change.ts';
import { groupsOf } from './operation-groups.ts';
import type { Problems } from './problems.ts';
import { createRecentPaths } from './recent-paths.ts';
import type { Retries } from './retries.ts';
import type { Spelling } from './spelling.ts';
import { createStagedOperations } from './staged-operations.ts';

/** LIMIT: pending paths decided on at a time; moves are recognised within one such set. */
const pathsAtATime = 5_000;
/** LIMIT: pending rows read from the index at a time. */
const rowsAtATime = 1_000;
/** LIMIT: pending paths are read this often though nothing asked for it. */
const lookAtLeastEveryMs = 60_000;
/** LIMIT: paths committed together: one flush, one transaction. */
const commitsAtATime = 256;
/** LIMIT: a device that has a file may be about to say so; after this many tries in vain a person is told that nobody here has it. */
const triesBeforeToldMissing = 4;
/** LIMIT: what is left free on the disk for everything else. */
const reserveBytes = 64 * 1024 * 1024;

/** The inward path: the disk is made to show the view. */
export interface Inward {
  /** Decides, plans and carries out what can be done at once; files that must be fetched go on by themselves. Rejects with the signal's reason. */
  step(signal: AbortSignal): Promise<void>;
  /** Whether a commit is under way at a path. */
  isCommitting(path: RelativePath): boolean;
  /** Another device wrote these paths just now: they come before what has waited longer. */
  prefer(paths: readonly RelativePath[]): void;
}

/** What the inward path works with. */
export interface InwardDependencies {
  readonly index: FolderIndex;
  readonly state: FolderState;
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly spell: Spelling;
  readonly watch: Watch | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly problems: Problems;
  readonly retries: Retries;
  readonly fetching: FileFetching;
  readonly massChange: MassChangeStop;
  /** Whether others' changes at a path are made here: not in a folder that only sends, unless a person asked for it. */
  takes(path: RelativePath): boolean;
  /** How this disk folds names; undefined where every spelling is a name of its own. */
  readonly foldName: ((name: string) => string) | undefined;
  isRootHealthy(): boolean;
  /** The disk is not as base says: the outward path shall look at this directory. */
  lookAgain(directory: RelativePath | undefined, path?: RelativePath): void;
  /** A file went into the version store; whoever has it open may still write to it. */
  retired(retired: Retired): void;
  /** A path's new state is on disk. */
  shown(path: RelativePath, what: 'written' | 'deleted', author: DeviceKey | undefined): void;
}

/** Makes the inward path of one folder under one healthy root. */
export function createInward(dependencies: InwardDependencies): Inward {
  const { index, state, fileSystem, root, spell, random, clock, problems, retries, fetching, massChange } =
    dependencies;
  const committing = new Set<RelativePath>();
  const context: CommitContext = { fileSystem, root, index, clock, random, spell };
  const staged = createStagedOperations({
    ...dependencies,
    failed: (path, problem) => failed(path, problem),
  });

  const recent = createRecentPaths(index);

  const lookup: BaseLookup = {
    at: (path) => index.base(path),
    children: (directory) => index.baseChildren(directory),
    holding: (content, limit) => index.pathsHolding(content, limit),
  };

  const decide = (path: RelativePath): Decision => state.decisionAt(path, () => isEmptyNow(path));
  const isEmptyNow = (path: RelativePath): boolean => {
    try {
      return fileSystem.list(root.at(spell(path))).length === 0;
    } catch (error) {
      if (error instanceof DiskError) return false;
      throw error;
    }
  };

  const isComing = (path: RelativePath, stopped: ReadonlySet<DeviceKey>): boolean => {
    const row = index.pendingAt(path);
    const isHeld = row?.loss !== undefined && stopped.has(row.loss.author);
    return row !== undefined && !isHeld && retries.failures(path) < triesBeforeToldMissing;
  };

  const isUnderWay = (path: RelativePath): boolean => fetching.isUnderWay(path) || committing.has(path);

  /** Whether something put together for a path may lie in staging for another try, also one before this start, which a newer version has made needless. */
  let mayHaveLeftovers = true;
  const dropLeftovers = (): void => {
    if (!mayHaveLeftovers || index.totals().pendingPaths > 0 || fetching.progress().files > 0) return;
    mayHaveLeftovers = false;
    fetching.dropLeftovers();
  };

  const pendingDecisions = (): Decision[] => {
    const decisions: Decision[] = [];
    const stopped = massChange.check();
    // What the ignore file leaves out should not come before it.
    const rulesFirst = isComing(ignoreFile, stopped);
    const mayBeDecided = ({ path, loss }: PendingRow): boolean =>
      !(loss !== undefined && stopped.has(loss.author)) &&
      dependencies.takes(path) &&
      !(rulesFirst && path !== ignoreFile) &&
      !isUnderWay(path) &&
      retries.mayTry(path);
    const preferred = recent.pending().filter(mayBeDecided);
    for (const { path } of preferred) decisions.push(decide(path));
    const isPreferred = new Set(preferred.map(({ path }) => path));
    let after: RelativePath | undefined;
    const room = pathsAtATime - fetching.progress().files;
    wasCut = false;
    for (;;) {
      const rows = index.pending(after, rowsAtATime);
      for (const row of rows) {
        const { path } = row;
        after = path;
        if (isPreferred.has(path) || !mayBeDecided(row)) continue;
        if (decisions.length - preferred.length >= room) {
          wasCut = true;
          return decisions;
        }
        decisions.push(decide(path));
      }
      if (rows.length < rowsAtATime) return decisions;
    }
  };

  let seenRevision = -1;
  let lastLookAt = Number.NEGATIVE_INFINITY;
  let wasCut = false;
  let isAskedFor = false;
  /** Whether the pending paths are worth reading again: there may be a hundred thousand, and most turns change none. */
  const isDue = (): boolean => {
    const hasRoomAgain = wasCut && fetching.progress().files < pathsAtATime / 2;
    const isLongAgo = clock.monotonic() - lastLookAt > lookAtLeastEveryMs;
    return (
      retries.takeDue((path) => !isUnderWay(path)) ||
      isAskedFor ||
      seenRevision !== state.pendingRevision ||
      hasRoomAgain ||
      isLongAgo
    );
  };

  /** Settles what each outcome means for the folder; called inside the transaction that records it. */
  const record =
    (authors: ReadonlyMap<RelativePath, DeviceKey | undefined>) =>
    (outcomes: readonly Outcome[]): void => {
      for (const outcome of outcomes) {
        if (outcome.kind === 'done') {
          noteLoss(outcome);
          problems.clear(outcome.path);
          retries.succeeded(outcome.path);
          state.reconsider(outcome.path);
        }
      }
      queueMicrotask(() => {
        for (const outcome of outcomes) tell(outcome, authors.get(outcome.path));
      });
    };

  /** What was moved, or stands elsewhere too, is not lost. */
  const noteLoss = ({ path, retired }: Extract<Outcome, { kind: 'done' }>): void => {
    const content = retired?.row.content;
    const loss = content && index.pendingAt(path)?.loss;
    if (loss === undefined || content === undefined) return;
    if (content.kind === 'file' && index.pathsHolding(content.content, 1).length > 0) return;
    massChange.carriedOut(path, loss);
  };

  const tell = (outcome: Outcome, author: DeviceKey | undefined): void => {
    switch (outcome.kind) {
      case 'done':
        if (outcome.retired !== undefined) dependencies.retired(outcome.retired);
        dependencies.shown(outcome.path, outcome.base?.content === undefined ? 'deleted' : 'written', author);
        return;
      case 'changed-underneath':
        mayHaveLeftovers = true;
        dependencies.log.write('debug', 'disk changed before a commit', { path: outcome.path });
        retries.failed(outcome.path);
        dependencies.lookAgain(parentOf(outcome.path), outcome.path);
        return;
      case 'problem':
        mayHaveLeftovers = true;
        retries.failed(outcome.path);
        problems.put(outcome.problem);
    }
  };

  const commit = async (commits: readonly Commit[]): Promise<void> => {
    for (let at = 0; at < commits.length; at += commitsAtATime) {
      const group = commits.slice(at, at + commitsAtATime);
      for (const { path } of group) committing.add(path);
      try {
        await commitGroup(context, group, record(new Map(group.map(({ path, author }) => [path, author]))));
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        for (const { path } of group)
          tell({ kind: 'problem', path, problem: problemOf(error, path) }, undefined);
      } finally {
        for (const { path } of group) committing.delete(path);
      }
    }
  };

  /** Runs `work` with `paths` marked as being committed. */
  const guarded = async (paths: readonly RelativePath[], work: () => Promise<void>): Promise<void> => {
    for (const path of paths) committing.add(path);
    try {
      await work();
    } finally {
      for (const path of paths) committing.delete(path);
    }
  };

  const noAuthors: ReadonlyMap<RelativePath, DeviceKey | undefined> = new Map();

  const run = async (operations: readonly Operation[], signal: AbortSignal): Promise<void> => {
    for (const group of groupsOf(operations)) {
      signal.throwIfAborted();
      if (!dependencies.isRootHealthy()) return;
      await runGroup(group, signal);
      // The rest was planned upon the old spelling's rows: it is planned anew.
      if (group[0]?.kind === 'respell') return dependencies.lookAgain(undefined);
    }
  };

  const runGroup = async (group: readonly Operation[], signal: AbortSignal): Promise<void> => {
    const [first] = group;
    const paths = group.map((operation) => operation.path);
    switch (first?.kind) {
      case 'adopt':
      case 'hold-back':
        index.transaction(() => {
          for (const operation of group) adopt(operation);
        });
        return;
      case 'make-directory':
        await guarded(paths, async () => {
          const rows = group.flatMap((operation) =>
            operation.kind === 'make-directory' && isCleared(operation.path) ? [operation.becomes] : [],
          );
          const outcomes = await makeDirectories(context, rows, record(noAuthors));
          for (const outcome of outcomes)
            if (outcome.kind === 'done') dependencies.watch?.add(root.at(spell(outcome.path)));
        });
        return;
      case 'set-metadata':
        await guarded(paths, async () => {
          await setMetadata(context, group.flatMap(metadataChange), record(noAuthors));
        });
        return;
      case 'remove-directory':
        await guarded(paths, async () => {
          await removeDirectories(context, group.flatMap(directoryRemoval), record(noAuthors));
        });
        return;
      case 'retire':
        await commit(group.flatMap(retirement));
        return;
      case 'place-symlink':
        await commit(group.flatMap((operation) => staged.symlink(operation)));
        return;
      case 'place-file': {
        const spelledAnew = group.flatMap(respellingOf);
        for (const operation of spelledAnew) await respellWhole(operation);
        const others = group.filter(({ path }) => !spelledAnew.some((operation) => operation.path === path));
        await commit(staged.moves(others));
        fetching.begin(
          others.flatMap((operation) =>
            operation.kind === 'place-file' && index.pendingAt(operation.path) !== undefined
              ? [operation]
              : [],
          ),
          {
            commit: (commits) => commitIfStillWanted(commits),
            arriving: (path) => problems.clear(path),
            failed: (path, problem) => failed(path, problem),
            released(path) {
              isAskedFor = true;
              dependencies.lookAgain(parentOf(path));
            },
            signal,
          },
          recent.all(),
        );
        return;
      }
      case 'respell':
        for (const operation of group) if (operation.kind === 'respell') await respellWhole(operation);
        return;
      case undefined:
    }
  };

  /** A file that moves to another spelling of its own name: on this disk it is there already, and a second name of it could not be. */
  const respellingOf = (operation: Operation): Extract<Operation, { kind: 'respell' }>[] => {
    if (operation.kind !== 'place-file' || operation.source.kind !== 'move') return [];
    const { path, wanted, becomes } = operation;
    const { from } = operation.source;
    if (slotOf(path) !== slotOf(from.row.path)) return [];
    const { observed } = from.row;
    const isSame =
      observed !== undefined &&
      isExecutable(observed.mode) === wanted.executable &&
      observed.modifiedAtNs === wanted.modifiedAtNs;
    return [{ kind: 'respell', path, from, becomes: isSame ? becomes : { ...becomes, shown: undefined } }];
  };
  const slotOf = (path: RelativePath): string =>
    path
      .split('/')
      .map((name) => dependencies.foldName?.(name) ?? name)
      .join('/');

  /** Whether what stood in a directory's place has gone: if the disk was found changed, what is there now is the user's. */
  const isCleared = (path: RelativePath): boolean => {
    const standing = index.base(path)?.observed;
    return standing === undefined || standing.kind === 'directory';
  };

  /** Another spelling of a thing, and of the rows of all it holds: on this disk the old and the new name are one. */
  const respellWhole = async ({
    path,
    from,
    becomes,
  }: Extract<Operation, { kind: 'respell' }>): Promise<void> => {
    const old = from.row.path;
    const before = root.at(spell(old));
    await guarded([path, old], async () => {
      const outcome = await respell(context, { row: from.row, leaves: from.leaves, becomes }, (outcomes) => {
        record(noAuthors)(outcomes);
        for (const below of index.baseBelow(old)) {
          const moved = `${path}${below.path.slice(old.length)}` as RelativePath;
          if (below.observed === undefined) continue;
          index.removeBase(below.path);
          index.putBase({ ...below, path: moved });
          state.reconsider(below.path);
          state.reconsider(moved);
        }
        state.reconsider(old);
      });
      if (outcome.kind !== 'done') return tell(outcome, undefined);
      // What is watched under the old spelling would be told by it, and no row has that any more.
      dependencies.watch?.remove(before);
      for (const row of [outcome.base, ...index.baseBelow(path)])
        if (row?.observed?.kind === 'directory') dependencies.watch?.add(root.at(spell(row.path)));
    });
  };

  const adopt = (operation: Operation): void => {
    if (operation.kind !== 'adopt' && operation.kind !== 'hold-back') return;
    if (operation.becomes === undefined) index.removeBase(operation.path);
    else index.putBase(operation.becomes);
    // What is held back is asked for again: the reason may go.
    if (operation.kind === 'adopt') index.clearPending(operation.path);
  };

  const failed = (path: RelativePath, problem: Problem | undefined): void => {
    mayHaveLeftovers = true;
    const times = retries.failed(path);
    if (problem !== undefined) problems.put(problem);
    else if (times >= triesBeforeToldMissing) problems.put({ kind: 'no-holder', path, where: path });
  };

  /** Fetching takes time: what is committed is decided upon again, so that nothing older than the view reaches the disk. */
  const commitIfStillWanted = async (
    commits: readonly Extract<Commit, { kind: 'place' }>[],
  ): Promise<void> => {
    const wanted: Commit[] = [];
    for (const ready of commits) {
      const decision = decide(ready.path);
      const author = index.pendingAt(ready.path)?.loss?.author;
      const mayBe = author === undefined || !massChange.isStopped(author);
      const isWanted = mayBe && decision.kind === 'place' && decision.becomes.shown === ready.becomes.shown;
      if (isWanted && decision.kind === 'place')
        wanted.push({
          ...ready,
          replaces: decision.replaces ?? otherSpelling(ready),
          becomes: decision.becomes,
        });
      else {
        staged.remove(ready.stagedName);
        isAskedFor = true;
      }
    }
    if (dependencies.isRootHealthy()) await commit(wanted);
    // A plan made later may have no use for it.
    else mayHaveLeftovers = true;
  };

  /** On a folding disk the thing replaced may stand under another spelling, with a row of its own. */
  const otherSpelling = ({ path, replaces }: Extract<Commit, { kind: 'place' }>): BaseRow | undefined =>
    replaces === undefined || replaces.path === path ? undefined : index.base(replaces.path);

  const retirement = (operation: Operation): Commit[] => {
    if (operation.kind !== 'retire') return [];
    const { from, reason, member } = operation;
    return [
      {
        kind: 'retire',
        path: operation.path,
        replaces: from.row,
        keep: true,
        becomes: from.leaves,
        reason,
        author: member?.author,
      },
    ];
  };

  const directoryRemoval = (operation: Operation): DirectoryRemoval[] => {
    if (operation.kind !== 'remove-directory') return [];
    const { path, from, lingers } = operation;
    return [{ path, row: from.row, leaves: from.leaves, lingers }];
  };

  const metadataChange = (operation: Operation): Parameters<typeof setMetadata>[1][number][] => {
    if (operation.kind !== 'set-metadata') return [];
    const { replaces, wanted, becomes } = operation;
    const mode = modeFor(replaces.observed?.mode ?? 0o644, wanted.executable);
    return [{ row: replaces, mode, modifiedAtNs: wanted.modifiedAtNs, becomes }];
  };

  return {
    async step(signal) {
      dropLeftovers();
      if (!isDue()) return;
      isAskedFor = false;
      seenRevision = state.pendingRevision;
      lastLookAt = clock.monotonic();
      const decisions = pendingDecisions();
      if (decisions.length === 0) return;
      const { totalBytes, doneBytes } = fetching.progress();
      const promisedBytes = totalBytes - doneBytes + reserveBytes;
      const freeBytes = Math.max(0, fileSystem.space(root.root).freeBytes - promisedBytes);
      const plan = planFolder({ decisions, base: lookup, foldName: dependencies.foldName, freeBytes });
      for (const problem of plan.problems) {
        problems.put(problem);
        if (problem.path !== undefined) retries.failed(problem.path);
      }
      for (const path of plan.deferred) retries.failed(path);
      dependencies.log.write('debug', 'planned', {
        decisions: decisions.length,
        operations: plan.operations.length,
        deferred: plan.deferred.length,
        problems: plan.problems.length,
      });
      const planned = new Set(plan.operations.map((operation) => operation.path));
      index.transaction(() => {
        for (const decision of decisions)
          if (decision.kind === 'nothing' && !planned.has(decision.path)) {
            index.clearPending(decision.path);
            retries.succeeded(decision.path);
          }
      });
      await run(plan.operations, signal);
    },
    isCommitting: (path) => committing.has(path),
    prefer: (paths) => recent.note(paths),
  };
}
