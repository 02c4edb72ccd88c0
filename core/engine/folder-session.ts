import type { PartSource } from '../apply/apply.ts';
import type { Clock, Log, Random } from '../base/base.ts';
import type { ActivityRow, FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import { DiskError, type FileSystem, type Watcher } from '../filesystem/filesystem.ts';
import { type DiskKind, isSameObserved } from '../model/disk.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash, IncarnationId } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { MassChangeLimits } from '../plan/plan.ts';
import type { IndexRun } from '../protocol/protocol.ts';
import type { ScanService } from '../scanner/scanner.ts';
import type { BlockFetcher, FolderDoor, IndexSession } from '../transfer/transfer.ts';
import type { Identity } from '../trust/trust.ts';
import { sourcesOf } from './content-sources.ts';
import type { FolderContents } from './folder-contents.ts';
import { createFolderDoor } from './folder-door.ts';
import { createFolderFloor, type Quorum } from './folder-floor.ts';
import { faultOfRoot } from './folder-root.ts';
import {
  createFolderRules,
  type FolderChoices,
  type FolderRules,
  readIgnoreFile,
  writeIgnoreFile,
} from './folder-rules.ts';
import { createFolderRun, type FolderPhase } from './folder-run.ts';
import { createFolderState, type DecidedWrite } from './folder-state.ts';
import { createIgnoredChanges } from './ignored-changes.ts';
import { openIndexRuns, type RunVerdict } from './index-runs.ts';
import { type Act, createJournal } from './journal.ts';
import { holdAgain, localChanges, writeOfRow } from './local-changes.ts';
import { openLossApprovals } from './loss-approvals.ts';
import { createLosses, type Losses } from './losses.ts';
import { type MountedFolder, mountFolder } from './mounted-folder.ts';
import { createMoveFollower } from './move-follower.ts';
import { oneWayProblems } from './one-way-problems.ts';
import { createProblems } from './problems.ts';
import type { LimitedAuthors } from './limited-authors.ts';
import { openRemovedChanges, type RemovedChanges } from './removed-changes.ts';
import type { Retention } from './retention.ts';
import { createRetries } from './retries.ts';
import { showsDeletions } from './shown-deletions.ts';
import { createSpelling } from './spelling.ts';
import { createTakingUp } from './taking-up.ts';
import { createWakeUp } from './wake-up.ts';

/** Where a folder stands when a person may decide about its versions: what a new index knows is not all there is. */
const mayDecide: ReadonlySet<FolderPhase['kind']> = new Set(['scanning', 'running', 'missing']);

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
  /** Whether a file of this size lies in any folder of this device. */
  hasFileOfSize(sizeBytes: number): boolean;
  /** Files in other folders of this device that have a content. */
  elsewhere(content: Hash): readonly PartSource[];
  /** Sessions with devices that have this folder. */
  indexSessions(): readonly IndexSession[];
  /** Whether anybody else could have this folder: a new index then reads first. */
  hasOthers(): boolean;
  /** Whether the machine runs on its battery. */
  isOnBattery(): boolean;
  /** The directory is an older copy of what the index is about. */
  isOlderCopy(): void;
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
  /** Whose changes do not all stand. */
  readonly limited: LimitedAuthors;
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
  /** A peer said which runs of which indexes it has seen; what it holds is not taken over while its own is an old copy. */
  heardRuns(peer: DeviceKey, told: readonly IndexRun[]): RunVerdict;
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
  /** The top directories in the folder that are not held here by choice, as an announcement names them. */
  leftOut(): readonly string[];
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
  /** Files on this folder's disk that have a content, or had it when they were last looked at; none while the disk is not there. */
  sourcesOf(content: Hash): readonly PartSource[];
  /** The bytes of versions; undefined while the folder's disk is not there. */
  contents(): FolderContents | undefined;
  /** Whether the disk shows something else at a path than the index knows of. */
  isChangedOnDisk(path: RelativePath): boolean;
  /** Whether that goes on: it is written to again and again. */
  isChanging(path: RelativePath): boolean;
  start(): void;
  /** Stops at a point where nothing is half done; the index stays open. */
  stop(): Promise<void>;
}

/** Makes the session of one folder; it begins with `start`. */
export function createFolderSession(dependencies: FolderSessionDependencies): FolderSession {
  const { folderId, index, fileSystem, clock, log, random, identity, limited } = dependencies;
  const journal = createJournal({
    index,
    clock,
    self: identity.deviceKey,
    told: (row) => dependencies.happened(row),
  });
  const approvals = openLossApprovals(index);
  const runs = openIndexRuns(index);
  /** Peers whose index is an old copy: nothing it says is news. */
  const oldCopies = new Set<DeviceKey>();
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
    counts: (member) => limited.counts(member),
    isAllowed: (member) => approvals.covers(member),
  });
  const removedChanges = openRemovedChanges({
    index,
    state,
    limited,
    self: identity.deviceKey,
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
    // It was being written when this device heard that it may only read.
    if (limited.isReader(identity.deviceKey)) return leaveOutLimited();
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
  const ignored = createIgnoredChanges();
  const inwardProblems = createProblems();
  const retries = createRetries(clock);
  const wakeUp = createWakeUp(clock);
  const spell = createSpelling(index);
  const floor = createFolderFloor({
    folderId,
    index,
    identity,
    clock,
    state,
    quorum: () => dependencies.quorum(),
    showsEverything() {
      const mounted = run.mounted();
      return run.phase().kind === 'running' && mounted !== undefined && showsEverything(mounted);
    },
    changed: () => dependencies.changed(),
  });
  const showsEverything = ({ root, outward }: MountedFolder): boolean =>
    outward.isQuiet() &&
    outward.pendingPaths() === 0 &&
    index.totals().pendingPaths === 0 &&
    index.intents().length === 0 &&
    problems.doubtful().length === 0 &&
    faultOfRoot(root, folderId) === undefined &&
    showsDeletions({ index, rules, fileSystem, root, spell });

  const door = createFolderDoor({
    folderId,
    index,
    fileSystem,
    diskPathOf: (path) => run.mounted()?.root.at(spell(path)),
    versionPathOf: (name) => run.mounted()?.root.versionAt(name),
    beingRead: (reading) => run.mounted()?.telling.fileOf(reading),
    heardAhead: (peer, chunks) => run.mounted()?.ahead.heard(peer, chunks),
    readArriving: (item) => run.mounted()?.fetching.readArriving(item),
    isBusy: () => run.isBusy(),
    approvals: () => approvals.all(),
    runs: () => runs.all(),
    leftOut: () => rules.leftOut(),
    async accept(batch) {
      if (oldCopies.has(batch.peer))
        throw new SyncError('not-allowed', { what: 'old-copy' }, { retry: 'soon' });
      const members = batch.entries.map(({ member }) => member);
      const leftOut = members.some((member) => limited.isUndecided(member));
      ignored.note(
        members.filter(
          (member) =>
            limited.isReader(member.author) && !limited.isUndecided(member) && !limited.counts(member),
        ),
      );
      const fresh = state.accept(batch.entries, batch.sets);
      if (fresh.length === 0) {
        dependencies.changed();
        return leftOut;
      }
      // What was taken over at one go others take over from here by comparing; only news is passed on by itself.
      if (batch.live) {
        dependencies.pushed(fresh, batch.peer);
        run.mounted()?.inward.prefer(fresh.map(({ member }) => member.entry.path));
      }
      followMoves(fresh);
      dependencies.changed();
      wakeUp.wake();
      return leftOut;
    },
    floor,
    tookOver(peer, announcement, absent) {
      if (announcement.stateRoot === index.stateRoot()) ignored.inStepWith(peer);
      floor.tookOver(peer, announcement, absent);
      if (index.fact('read-first') !== 'done') index.transaction(() => index.setFact('read-first', 'done'));
      wakeUp.wake();
    },
  });

  const takingUp = createTakingUp({ index, clock, log });
  const run = createFolderRun({
    folderId,
    rootPath: dependencies.rootPath,
    index,
    fileSystem,
    clock,
    log,
    rules,
    journal,
    problems,
    inwardProblems,
    retries,
    wakeUp,
    floor,
    takingUp,
    isOlderCopy: () => dependencies.isOlderCopy(),
    hasOthers: () => dependencies.hasOthers(),
    isOnBattery: () => dependencies.isOnBattery(),
    rulesChanged: () => rulesChanged(),
    changed() {
      tellWhatWasKept();
      dependencies.changed();
    },
    mount: (root) =>
      mountFolder(
        {
          ...dependencies,
          state,
          rules,
          losses,
          journal,
          problems,
          inwardProblems,
          retries,
          spell,
          written,
          isRootHealthy: (place) =>
            faultOfRoot(place, folderId) === undefined && !takingUp.isOlderCopy(place),
          takes: (path) => rules.mode() !== 'send' || takenAnyway.has(path),
          tells: () => rules.mode() !== 'receive' && !limited.isReader(identity.deviceKey),
          watchFailed: (hint) => run.watchFailed(hint),
          shown(path, what, author) {
            takenAnyway.delete(path);
            dependencies.shown(path, what, author);
            dependencies.changed();
            wakeUp.wake();
          },
          wake: () => wakeUp.wake(),
        },
        root,
      ),
  });

  const leaveOutLimited = (): void => {
    const entries = removedChanges.settle();
    if (entries.length > 0) dependencies.pushed(entries, undefined);
    ignored.forgetAllBut((device) => limited.isReader(device));
    dependencies.changed();
    wakeUp.wake();
  };

  const act: FolderSession['act'] = (what, writes, { before, also, isAccepted } = {}) => {
    if (!mayDecide.has(run.phase().kind))
      throw new SyncError('not-allowed', { what: 'folder-not-ready' }, { retry: 'soon' });
    if (writes.length > 0 && limited.isReader(identity.deviceKey))
      throw new SyncError('not-allowed', { what: 'folder-read-only' });
    if (writes.length > 0 && rules.mode() === 'receive' && isAccepted !== true)
      throw new SyncError('not-allowed', { what: 'folder-receives' });
    let entries: readonly SignedEntry[] = [];
    const id = index.transaction(() =>
      journal.during(what, () => {
        before?.();
        entries = state.decide(writes);
        also?.();
      }),
    );
    if (entries.length > 0) dependencies.pushed(entries, undefined);
    dependencies.changed();
    wakeUp.wake();
    return id;
  };

  /** What was kept here while this device told nobody of its changes is told once it may. */
  const tellWhatWasKept = (): void => {
    if (rules.mode() === 'receive' || !mayDecide.has(run.phase().kind)) return;
    const kept = localChanges(index);
    if (kept.length === 0) return;
    const writes = kept.map((row) => writeOfRow(index, row, row.seen));
    act({ kind: 'resolved', path: undefined }, writes, { before: () => holdAgain(index, kept) });
  };

  const rulesChanged = (): void => {
    tellWhatWasKept();
    state.reconsiderAll();
    run.rescan();
    dependencies.changed();
  };

  const here = (): MountedFolder => {
    const mounted = run.mounted();
    if (mounted === undefined)
      throw new SyncError('not-allowed', { what: 'folder-not-ready' }, { retry: 'soon' });
    return mounted;
  };

  /** What is at a path as far as known: rules for directories fit directories only. */
  const kindAt = (path: RelativePath): DiskKind | undefined => {
    try {
      const mounted = run.mounted();
      const seen = mounted === undefined ? undefined : fileSystem.look(mounted.root.at(spell(path)));
      return seen?.kind ?? index.view(path)?.content?.kind;
    } catch (error) {
      if (error instanceof DiskError) return index.view(path)?.content?.kind;
      throw error;
    }
  };

  return {
    door,
    index,
    phase: () => run.phase(),
    problems: () => [
      ...problems.all(),
      ...losses.problems(),
      ...oneWayProblems(index, { mode: rules.mode(), isReader: limited.isReader(identity.deviceKey) }),
      ...ignored.problems(),
      // What keeps a path from being brought in is over when nothing is to be brought in any more.
      ...inwardProblems.all().filter(({ path }) => path === undefined || index.pendingAt(path) !== undefined),
    ],
    isQuiet: () => run.mounted()?.outward.isQuiet() ?? true,
    pendingLocal: () => run.mounted()?.outward.pendingPaths() ?? 0,
    fetchProgress: () => run.mounted()?.fetching.progress() ?? { files: 0, totalBytes: 0, doneBytes: 0 },
    watchShortfall: () => run.watchShortfall(),
    journalSince: () => journal.since(),
    act,
    ignoreText: () => readIgnoreFile(fileSystem, here().root),
    async writeIgnoreFile(text) {
      await writeIgnoreFile({ fileSystem, root: here().root, random }, text);
      run.mounted()?.outward.dirty(undefined);
      wakeUp.wake();
    },
    leftOut: () => rules.leftOut(),
    explainIgnored: (path) => rules.ignore().explain(path, kindAt(path) ?? 'file'),
    obstacleAt: (path) => rules.obstacleAt(path, kindAt(path)),
    rescan: () => run.rescan(),
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
      if (answer === 'apply') for (const path of paths) run.mounted()?.outward.suspect(path);
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
    sourcesOf(content) {
      const mounted = run.mounted();
      return mounted === undefined ? [] : sourcesOf({ index, spell, root: mounted.root }, content);
    },
    contents: () => run.mounted()?.contents,
    isChanging: (path) => run.mounted()?.outward.isChanging(path) ?? false,
    isChangedOnDisk(path) {
      const mounted = run.mounted();
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
    heardRuns(peer, told) {
      const verdict = runs.heard(told);
      if (verdict === 'rolled-back-there') oldCopies.add(peer);
      else oldCopies.delete(peer);
      return verdict;
    },
    membersChanged() {
      leaveOutLimited();
      tellWhatWasKept();
    },
    peersChanged() {
      retries.all();
      wakeUp.wake();
    },
    start() {
      leaveOutLimited();
      run.start();
    },
    stop: () => run.stop(),
  };
}
