import { type CommitContext, recoverCommits, sweepStaging } from '../apply/apply.ts';
import { abortReason, Bug, type Clock, type Log, type Random } from '../base/base.ts';
import type { ActivityRow, FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import {
  DiskError,
  type DiskRoot,
  type FileSystem,
  foldName,
  probeDisk,
  type Watch,
  type Watcher,
} from '../filesystem/filesystem.ts';
import { type DiskKind, isSameObserved } from '../model/disk.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash, IncarnationId } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { MassChangeLimits } from '../plan/plan.ts';
import type { ScanService } from '../scanner/scanner.ts';
import {
  type BlockFetcher,
  type FolderDoor,
  fetchManifest,
  type IndexSession,
} from '../transfer/transfer.ts';
import type { Identity } from '../trust/trust.ts';
import { createFileFetching, type FileFetching } from './file-fetching.ts';
import { createFolderContents, type FolderContents } from './folder-contents.ts';
import { createFolderDoor } from './folder-door.ts';
import { createFolderFloor, type Quorum } from './folder-floor.ts';
import {
  createFolderRules,
  type FolderChoices,
  type FolderRules,
  readIgnoreFile,
  writeIgnoreFile,
} from './folder-rules.ts';
import { createFolderState, type DecidedWrite } from './folder-state.ts';
import { faultOfRoot, openFolderRoot, type RootFault } from './folder-root.ts';
import { createLateWrites, type LateWrites } from './late-writes.ts';
import { createInward, type Inward } from './inward.ts';
import { type Act, createJournal } from './journal.ts';
import { openLossApprovals } from './loss-approvals.ts';
import { createLosses, type Losses } from './losses.ts';
import { createMoveFollower } from './move-follower.ts';
import { oneWayProblems } from './one-way-problems.ts';
import { createOutward, type Outward } from './outward.ts';
import { createProblems } from './problems.ts';
import type { Retention } from './retention.ts';
import type { RemovedAuthors } from './removed-authors.ts';
import { openRemovedChanges, type RemovedChanges } from './removed-changes.ts';
import { createRetries } from './retries.ts';
import { showsDeletions } from './shown-deletions.ts';
import { createSpelling } from './spelling.ts';
import { createVersionUpkeep, hashOne, type VersionUpkeep } from './version-upkeep.ts';
import { createWakeUp } from './wake-up.ts';

/** How often the root is looked at although nothing happens, so that a missing disk is noticed and its return too. */
const healthPollMs = 3_000;
/** How often everything is looked at although no watch told of anything; more often where watching is incomplete. */
const rescanMs = 60 * 60_000;
const rescanWithoutWatchMs = 60_000;

/** Where a folder stands when a person may decide about its versions: what a new index knows is not all there is. */
const mayDecide: ReadonlySet<FolderPhase['kind']> = new Set(['scanning', 'running', 'missing']);

/** Where a folder stands. */
export type FolderPhase =
  | { readonly kind: 'starting' }
  /** Its index is new: it reads another device's first, before anything here becomes a change. */
  | { readonly kind: 'reading-first' }
  | { readonly kind: 'scanning' }
  | { readonly kind: 'running' }
  /** The directory, or what marks it as this folder, is not there: nothing is read as deleted. */
  | { readonly kind: 'missing'; readonly cause: RootFault }
  /** It stopped: `cause` is for the log and the bug report. */
  | { readonly kind: 'failed'; readonly cause: string };

/** What a session needs. */
export interface FolderSessionDependencies {
  readonly folderId: FolderId;
  readonly rootPath: string;
  readonly index: FolderIndex;
  readonly incarnation: IncarnationId;
  readonly identity: Identity;
  readonly fileSystem: FileSystem;
  readonly watcher: Watcher;
  readonly scan: ScanService;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly fetcher: BlockFetcher;
  /** Sessions with devices that have this folder. */
  indexSessions(): readonly IndexSession[];
  /** Whether anybody else could have this folder: a new index then reads first. */
  hasOthers(): boolean;
  /** Who is to have shown a deletion before it may be forgotten. */
  quorum(): Quorum | undefined;
  /** New entries here, to be passed on to all but the one they came from. */
  pushed(entries: readonly SignedEntry[], cameFrom: DeviceKey | undefined): void;
  /** What this device says of the folder has changed. */
  changed(): void;
  /** A path changed on this disk because another device changed it. */
  shown(path: RelativePath, what: 'written' | 'deleted', author: DeviceKey | undefined): void;
  /** File content that came in from others, bytes. */
  received(bytes: number): void;
  /** Something happened that is no part of something else. */
  happened(row: ActivityRow): void;
  retention(): Retention;
  /** From how much on changes are asked about. */
  massChangeLimits(): MassChangeLimits;
  /** Whose changes do not stand any more. */
  readonly removed: RemovedAuthors;
  /** What a person set for the folder on this device. */
  choices(): FolderChoices;
}

/** More about an act: what to do in its transaction before its writes and after, and whether it may tell others of changes in a folder that only receives. */
export interface ActDetails {
  readonly before?: () => void;
  readonly also?: () => void;
  readonly isAccepted?: boolean;
}

/** One folder at work. */
export interface FolderSession {
  readonly door: FolderDoor;
  readonly index: FolderIndex;
  phase(): FolderPhase;
  problems(): readonly Problem[];
  /** Paths changed here that are no entries yet. */
  pendingLocal(): number;
  /** Whether every change on this disk that was told of is an entry. */
  isQuiet(): boolean;
  /** Files being fetched now. */
  fetchProgress(): { readonly files: number; readonly totalBytes: number; readonly doneBytes: number };
  /** Not everything is watched: the system's word for why. */
  watchShortfall(): string | undefined;
  /** Who belongs to the group has changed. */
  membersChanged(): void;
  /** A device came or told something: what failed for want of one may be tried again. */
  peersChanged(): void;
  /** The moment from which on the journal tells everything; undefined while it tells nothing. */
  journalSince(): number | undefined;
  /** Records what a person decided, and what `also` writes, as one act; returns its number in the journal. Throws SyncError `not-allowed` before anything here may become a change. */
  act(act: Act, writes: readonly DecidedWrite[], how?: ActDetails): number;
  /** The folder's ignore file as it lies on disk. Throws DiskError, and SyncError `not-allowed` while the folder's disk is not there; so do the next two. */
  ignoreText(): string;
  /** Replaces it, whole or not at all; resolves once that is durable. */
  writeIgnoreFile(text: string): Promise<void>;
  /** Whether a path is left out, and by which pattern. */
  explainIgnored(path: RelativePath): { readonly ignored: boolean; readonly rule: string | null };
  /** Why a path is no concern of this device. */
  obstacleAt(path: RelativePath): ReturnType<FolderRules['obstacleAt']>;
  /** Looks at everything on the disk again, soon. */
  rescan(): void;
  /** What a person set for this folder has changed. */
  choicesChanged(): void;
  /** Makes the disk show the view at these paths although the folder only sends. */
  takeAnyway(paths: readonly RelativePath[]): void;
  /** Whether all that is still to come waits for something a person has been told of. */
  isExplained(): boolean;
  /** What waits for a person because much would be lost. */
  readonly losses: Losses;
  readonly removedChanges: RemovedChanges;
  /** A person said what to do with files found gone at the start: the others are told, or they are brought back here. Throws SyncError `not-found` if nothing waits. */
  settleMissing(answer: 'apply' | 'undo'): void;
  /** The bytes of versions; undefined while the folder's disk is not there. */
  contents(): FolderContents | undefined;
  /** Whether the disk shows something else at a path than the index knows of. */
  isChangedOnDisk(path: RelativePath): boolean;
  start(): void;
  /** Stops at a point where nothing is half done; the index stays open. */
  stop(): Promise<void>;
}

interface Mounted {
  readonly root: DiskRoot;
  readonly outward: Outward;
  readonly inward: Inward;
  readonly fetching: FileFetching;
  readonly contents: FolderContents;
  readonly upkeep: VersionUpkeep;
  readonly lateWrites: LateWrites;
  readonly watch: Watch;
  readonly stopped: AbortController;
}

/** Makes the session of one folder; it begins with `start`. */
export function createFolderSession(dependencies: FolderSessionDependencies): FolderSession {
  const { folderId, index, fileSystem, clock, log, random, identity } = dependencies;
  const journal = createJournal({
    index,
    clock,
    self: identity.deviceKey,
    told: (row) => dependencies.happened(row),
  });
  const approvals = openLossApprovals(index);
  const rules = createFolderRules(index, () => dependencies.choices());
  /** Paths to be brought here although the folder only sends. */
  const takenAnyway = new Set<RelativePath>();
  const state = createFolderState({
    folderId,
    index,
    identity,
    incarnation: dependencies.incarnation,
    clock,
    journal,
    rules,
    counts: (member) => dependencies.removed.counts(member),
    isAllowed: (member) => approvals.covers(member),
  });
  const removedChanges = openRemovedChanges({
    index,
    state,
    removed: dependencies.removed,
    journal,
    now: () => clock.now(),
  });
  const moves = createMoveFollower({
    index,
    state,
    self: identity.deviceKey,
    isOurs: (path) => rules.mode() === 'both' && rules.obstacleAt(path, 'file') === undefined,
  });
  const followMoves = (entries: readonly SignedEntry[]): void => {
    const carried = state.decide(moves.due(new Set(entries.map(({ member }) => member.entry.path))));
    if (carried.length > 0) dependencies.pushed(carried, undefined);
  };
  /** What was changed on this disk has become entries. */
  const written = (entries: readonly SignedEntry[]): void => {
    dependencies.pushed(entries, undefined);
    followMoves(entries);
    dependencies.changed();
    wakeUp.wake();
  };
  const losses = createLosses({
    index,
    clock,
    approvals,
    state,
    limits: () => dependencies.massChangeLimits(),
    changed() {
      dependencies.changed();
      wakeUp.wake();
    },
  });
  const problems = createProblems();
  const inwardProblems = createProblems();
  const retries = createRetries(clock);
  const wakeUp = createWakeUp(clock);
  const spell = createSpelling(index);
  const ending = new AbortController();
  let phase: FolderPhase = { kind: 'starting' };
  let mounted: Mounted | undefined;
  let rescanAt = 0;
  let watchCause: string | undefined;
  let running: Promise<void> = Promise.resolve();

  const setPhase = (next: FolderPhase): void => {
    if (next.kind !== phase.kind)
      log.write('info', 'folder phase', {
        phase: next.kind,
        ...('cause' in next ? { cause: next.cause } : {}),
      });
    phase = next;
    dependencies.changed();
  };

  const isBusy = (): boolean => phase.kind !== 'running' || mounted?.outward.isQuiet() === false;
  let lastTold = '';
  /** Tells of work begun or ended; what is written or shown is told of where it happens. */
  const tellIfChanged = (): void => {
    const { pendingPaths, pendingBytes } = index.totals();
    const now = `${pendingPaths} ${pendingBytes} ${mounted?.outward.pendingPaths() ?? 0} ${mounted?.outward.busyTurns() ?? 0} ${isBusy()} ${problems.all().length} ${inwardProblems.all().length}`;
    if (now !== lastTold) dependencies.changed();
    lastTold = now;
  };

  const floor = createFolderFloor({
    folderId,
    index,
    identity,
    clock,
    state,
    quorum: () => dependencies.quorum(),
    showsEverything: () => phase.kind === 'running' && mounted !== undefined && showsEverything(mounted),
    changed: () => dependencies.changed(),
  });
  const showsEverything = ({ root, outward }: Mounted): boolean =>
    outward.isQuiet() &&
    outward.pendingPaths() === 0 &&
    index.totals().pendingPaths === 0 &&
    index.intents().length === 0 &&
    problems.doubtful().length === 0 &&
    faultOf(root) === undefined &&
    showsDeletions({ index, rules, fileSystem, root, spell });

  const door = createFolderDoor({
    folderId,
    index,
    fileSystem,
    diskPathOf: (path) => mounted?.root.at(spell(path)),
    versionPathOf: (name) => mounted?.root.versionAt(name),
    isBusy: () => isBusy(),
    approvals: () => approvals.all(),
    async accept(batch) {
      const leftOut = batch.entries.some(({ member }) => dependencies.removed.isUndecided(member));
      const fresh = state.accept(batch.entries, batch.sets);
      if (fresh.length === 0) return leftOut;
      // What was taken over at one go others take over from here by comparing; only news is passed on by itself.
      if (batch.live) dependencies.pushed(fresh, batch.peer);
      followMoves(fresh);
      dependencies.changed();
      wakeUp.wake();
      return leftOut;
    },
    floor,
    tookOver(announcement, absent) {
      floor.tookOver(announcement, absent);
      if (index.fact('read-first') !== 'done') index.transaction(() => index.setFact('read-first', 'done'));
      wakeUp.wake();
    },
  });

  const faultOf = (root: DiskRoot): RootFault | undefined => faultOfRoot(root, folderId);

  const mount = (root: DiskRoot): Mounted => {
    const stopped = new AbortController();
    const isRootHealthy = (): boolean => faultOf(root) === undefined;
    const watch = dependencies.watcher.open(root.root, (hint) => {
      if (hint.kind === 'lost') rescanAt = 0;
      else if (hint.kind === 'incomplete') {
        watchCause = hint.cause;
        rescanAt = Math.min(rescanAt, clock.monotonic() + rescanWithoutWatchMs);
      } else {
        const spelled = root.relativeOf(hint.directory);
        if (spelled !== undefined)
          outward.dirty(spelled === '' ? undefined : (spelled.normalize('NFC') as RelativePath));
      }
      wakeUp.wake();
    });
    const bytes = {
      folderId,
      index,
      fileSystem,
      root,
      spell,
      fetcher: dependencies.fetcher,
      fetchManifest: (content: Hash, sizeBytes: number, signal: AbortSignal) =>
        fetchManifest({ folderId, content, sizeBytes }, dependencies.indexSessions(), signal),
      received: (count: number) => dependencies.received(count),
    };
    const fetching = createFileFetching({ ...bytes, log });
    const { scan } = dependencies;
    const contents = createFolderContents({
      ...bytes,
      scan,
      clock,
      random,
      indexSessions: () => dependencies.indexSessions(),
    });
    const upkeep = createVersionUpkeep({
      context: contextOf(root),
      scan,
      journal,
      retention: () => dependencies.retention(),
    });
    const traits = probeDisk(fileSystem, root.staging);
    const foldsNames = traits.caseInsensitive || traits.normalises;
    const common = { index, state, fileSystem, root, spell, watch, clock, log, problems, isRootHealthy };
    const outward = createOutward({
      ...common,
      foldsNames,
      written,
      startLosses: losses.startLosses,
      rules,
      scan,
      isCommitting: (path) => inward.isCommitting(path),
    });
    const lateWrites = createLateWrites({
      context: contextOf(root),
      index,
      state,
      hash: hashOne(scan, stopped.signal),
      keepsChangesHere: () => rules.mode() === 'receive',
      written,
    });
    const inward = createInward({
      ...common,
      random,
      problems: inwardProblems,
      retries,
      fetching,
      massChange: losses.massChange,
      takes: (path) => rules.mode() !== 'send' || takenAnyway.has(path),
      foldName: foldsNames ? (name) => foldName(name, traits) : undefined,
      lookAgain(directory, path) {
        outward.dirty(directory);
        if (path !== undefined) outward.suspect(path);
        wakeUp.wake();
      },
      retired: (retired) => lateWrites.retired(retired),
      shown(path, what, author) {
        takenAnyway.delete(path);
        dependencies.shown(path, what, author);
        dependencies.changed();
        wakeUp.wake();
      },
    });
    return { root, outward, inward, fetching, contents, upkeep, lateWrites, watch, stopped };
  };

  const unmount = async (): Promise<void> => {
    const last = mounted;
    mounted = undefined;
    if (last === undefined) return;
    last.stopped.abort(new SyncError('interrupted'));
    last.watch.close();
    await last.fetching.settled();
    losses.startLosses.release();
  };

  /** Waits until another device's whole state is taken over, if this index is new and anybody could have more. */
  const readFirst = async (): Promise<void> => {
    while (index.fact('read-first') !== 'done' && dependencies.hasOthers()) {
      if (phase.kind !== 'reading-first') setPhase({ kind: 'reading-first' });
      await wakeUp.wait(healthPollMs, ending.signal);
    }
    if (index.fact('read-first') !== 'done') index.transaction(() => index.setFact('read-first', 'done'));
  };

  const contextOf = (root: DiskRoot): CommitContext => ({ fileSystem, root, index, clock, random, spell });

  const prepare = async (root: DiskRoot): Promise<void> => {
    const context = contextOf(root);
    await recoverCommits(context);
    sweepStaging(context, unfinishedParts(mounted?.fetching));
  };

  const unfinishedParts = (fetching: FileFetching | undefined): ReadonlySet<string> => {
    const names = new Set<string>();
    let after: RelativePath | undefined;
    for (;;) {
      const rows = index.pending(after, 1_000);
      for (const { path } of rows) {
        after = path;
        const content = index.view(path)?.content;
        if (content?.kind === 'file' && fetching !== undefined)
          names.add(fetching.partName(path, content.content));
      }
      if (rows.length < 1_000) return names;
    }
  };

  const work = async ({ root, outward, inward, upkeep, lateWrites, stopped }: Mounted): Promise<void> => {
    const signal = AbortSignal.any([ending.signal, stopped.signal]);
    rescanAt = 0;
    let lookAgainAt = 0;
    /** Commits whose end could not be recorded are settled from the disk before anything is made of what it shows. */
    const settleIntents = async (): Promise<void> => {
      if (index.intents().length > 0)
        await recoverCommits(contextOf(root), (path) => inward.isCommitting(path));
    };
    while (!signal.aborted) {
      const fault = faultOf(root);
      if (fault !== undefined) {
        setPhase({ kind: 'missing', cause: fault });
        return;
      }
      if (rules.refresh({ fileSystem, root })) rulesChanged();
      if (clock.monotonic() >= rescanAt) {
        if (phase.kind !== 'running') setPhase({ kind: 'scanning' });
        rescanAt = clock.monotonic() + (watchCause === undefined ? rescanMs : rescanWithoutWatchMs);
        await settleIntents();
        await outward.scanAll(signal);
        if (faultOf(root) !== undefined) {
          rescanAt = 0;
          continue;
        }
        setPhase({ kind: 'running' });
        await lateWrites.look(true);
        journal.isRecording();
      }
      if (clock.monotonic() >= lookAgainAt) {
        lookAgainAt = clock.monotonic() + rescanWithoutWatchMs;
        for (const directory of problems.doubtful()) outward.dirty(directory);
      }
      await settleIntents();
      await outward.step(signal);
      await inward.step(signal);
      await lateWrites.look(false);
      await upkeep.runIfDue(signal);
      const isForgetting = floor.step();
      tellIfChanged();
      const nextAt = Math.min(
        outward.nextAt() ?? Number.POSITIVE_INFINITY,
        retries.nextAt() ?? Number.POSITIVE_INFINITY,
        lateWrites.nextAt() ?? Number.POSITIVE_INFINITY,
        rescanAt,
      );
      const waitMs = isForgetting ? 0 : Math.max(0, nextAt - clock.monotonic());
      await wakeUp.wait(Math.min(healthPollMs, waitMs), signal);
    }
  };

  const leaveOutRemoved = (): void => {
    const entries = removedChanges.settle();
    if (entries.length > 0) dependencies.pushed(entries, undefined);
    dependencies.changed();
    wakeUp.wake();
  };

  const rulesChanged = (): void => {
    state.reconsiderAll();
    rescanAt = 0;
    dependencies.changed();
    wakeUp.wake();
  };

  const here = (): Mounted => {
    if (mounted === undefined)
      throw new SyncError('not-allowed', { what: 'folder-not-ready' }, { retry: 'soon' });
    return mounted;
  };

  /** What is at a path as far as known: rules for directories fit directories only. */
  const kindAt = (path: RelativePath): DiskKind | undefined => {
    try {
      const seen = mounted === undefined ? undefined : fileSystem.look(mounted.root.at(spell(path)));
      return seen?.kind ?? index.view(path)?.content?.kind;
    } catch (error) {
      if (error instanceof DiskError) return index.view(path)?.content?.kind;
      throw error;
    }
  };

  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const root = openFolderRoot(fileSystem, dependencies.rootPath, folderId);
      if (typeof root === 'string') {
        setPhase({ kind: 'missing', cause: root });
        await wakeUp.wait(healthPollMs, ending.signal);
        continue;
      }
      try {
        root.makePrivate();
        await fileSystem.flushDirectories([root.root, root.privateDirectory]);
        mounted = mount(root);
        await prepare(root);
        await readFirst();
        await work(mounted);
      } catch (error) {
        if (ending.signal.aborted) return;
        if (error instanceof Bug || !(error instanceof DiskError || error instanceof SyncError)) throw error;
        log.write('warn', 'folder interrupted', { error: error.message });
        const fault = faultOf(root);
        setPhase({ kind: 'missing', cause: fault ?? 'root-unreadable' });
      } finally {
        await unmount();
      }
      await wakeUp.wait(healthPollMs, ending.signal).catch(() => {});
    }
  };

  return {
    door,
    index,
    phase: () => phase,
    problems: () => [
      ...problems.all(),
      ...losses.problems(),
      ...oneWayProblems(index, rules.mode()),
      // What keeps a path from being brought in is over when nothing is to be brought in any more.
      ...inwardProblems.all().filter(({ path }) => path === undefined || index.pendingAt(path) !== undefined),
    ],
    isQuiet: () => mounted?.outward.isQuiet() ?? true,
    pendingLocal: () => mounted?.outward.pendingPaths() ?? 0,
    fetchProgress: () => mounted?.fetching.progress() ?? { files: 0, totalBytes: 0, doneBytes: 0 },
    watchShortfall: () => watchCause,
    journalSince: () => journal.since(),
    act(act, writes, { before, also, isAccepted } = {}) {
      if (!mayDecide.has(phase.kind))
        throw new SyncError('not-allowed', { what: 'folder-not-ready' }, { retry: 'soon' });
      if (writes.length > 0 && rules.mode() === 'receive' && isAccepted !== true)
        throw new SyncError('not-allowed', { what: 'folder-receives' });
      let entries: readonly SignedEntry[] = [];
      const id = index.transaction(() =>
        journal.during(act, () => {
          before?.();
          entries = state.decide(writes);
          also?.();
        }),
      );
      if (entries.length > 0) dependencies.pushed(entries, undefined);
      dependencies.changed();
      wakeUp.wake();
      return id;
    },
    ignoreText: () => readIgnoreFile(fileSystem, here().root),
    async writeIgnoreFile(text) {
      await writeIgnoreFile({ fileSystem, root: here().root, random }, text);
      mounted?.outward.dirty(undefined);
      wakeUp.wake();
    },
    explainIgnored: (path) => rules.ignore().explain(path, kindAt(path) ?? 'file'),
    obstacleAt: (path) => rules.obstacleAt(path, kindAt(path)),
    rescan() {
      rescanAt = 0;
      wakeUp.wake();
    },
    choicesChanged: rulesChanged,
    takeAnyway(paths) {
      index.transaction(() => {
        // Whoever asked for it has answered what else would be asked.
        approvals.allow(paths.flatMap((path) => state.viewAt(path).winner ?? []));
        for (const path of paths) {
          takenAnyway.add(path);
          state.reconsider(path);
        }
      });
      dependencies.changed();
      wakeUp.wake();
    },
    isExplained() {
      if (rules.mode() === 'send' && takenAnyway.size === 0) return true;
      const told = problems.all().length + inwardProblems.all().length + losses.waitingPaths();
      return told > 0 && index.totals().pendingPaths <= told;
    },
    losses,
    removedChanges,
    settleMissing(answer) {
      const paths = losses.startLosses.release();
      if (paths.length === 0) throw new SyncError('not-found', { what: 'question' });
      if (answer === 'apply') for (const path of paths) mounted?.outward.suspect(path);
      else
        index.transaction(() => {
          for (const path of paths) {
            index.removeBase(path);
            state.reconsider(path);
          }
        });
      dependencies.changed();
      wakeUp.wake();
    },
    contents: () => mounted?.contents,
    isChangedOnDisk(path) {
      if (mounted === undefined) return false;
      const known = index.base(path)?.observed;
      try {
        const now = fileSystem.look(mounted.root.at(spell(path)));
        return known === undefined || now === undefined ? known !== now : !isSameObserved(known, now, true);
      } catch (error) {
        if (error instanceof DiskError) return false;
        throw error;
      }
    },
    membersChanged: leaveOutRemoved,
    peersChanged() {
      retries.all();
      wakeUp.wake();
    },
    start() {
      leaveOutRemoved();
      running = run().catch((error: unknown) => {
        if (ending.signal.aborted && error === abortReason(ending.signal)) return;
        log.write('error', 'folder stopped', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        setPhase({ kind: 'failed', cause: String(error) });
      });
    },
    async stop() {
      ending.abort(new SyncError('interrupted'));
      await running;
    },
  };
}
