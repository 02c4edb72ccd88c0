import { recoverCommits, sweepStaging } from '../apply/apply.ts';
import { abortReason, Bug, type Clock, inPages, type Log } from '../base/base.ts';
import type { FolderIndex, PendingRow } from '../file-index/file-index.ts';
import { DiskError, type DiskRoot, type FileSystem, type WatchHint } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { FolderId } from '../model/ids.ts';
import type { FileFetching } from './file-fetching.ts';
import type { FolderFloor } from './folder-floor.ts';
import { faultOfRoot, openFolderRoot, type RootFault } from './folder-root.ts';
import type { FolderRules } from './folder-rules.ts';
import type { Journal } from './journal.ts';
import type { MountedFolder } from './mounted-folder.ts';
import type { Problems } from './problems.ts';
import type { Retries } from './retries.ts';
import type { TakingUp } from './taking-up.ts';
import type { WakeUp } from './wake-up.ts';

/** How often the root is looked at although nothing happens, so that a missing disk is noticed and its return too. */
const healthPollMs = 3_000;
/** How often everything is looked at although no watch told of anything; more often where watching is incomplete, else less often on battery. */
const rescanMs = 60 * 60_000;
const rescanOnBatteryMs = 6 * rescanMs;
const rescanWithoutWatchMs = 60_000;
/** LIMIT: pending rows read from the index at a time. */
const rowsAtATime = 1_000;

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

/** The life of a folder's disk: waits for it, works on it while it is there, and waits again. */
export interface FolderRun {
  phase(): FolderPhase;
  /** What works on the disk now; undefined while it is not there. */
  mounted(): MountedFolder | undefined;
  /** Whether changes of this device are still on their way into the state. */
  isBusy(): boolean;
  /** Looks at everything on the disk again, soon. */
  rescan(): void;
  /** Not everything is watched: the system's word for why. */
  watchShortfall(): string | undefined;
  /** The watch lost count, or cannot watch everything. */
  watchFailed(hint: Exclude<WatchHint, { kind: 'dirty' }>): void;
  start(): void;
  /** Stops at a point where nothing is half done. */
  stop(): Promise<void>;
}

/** Makes the run of one folder; it begins with `start`. */
export function createFolderRun(dependencies: {
  readonly folderId: FolderId;
  readonly rootPath: string;
  readonly index: FolderIndex;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: Pick<FolderRules, 'refresh'>;
  readonly journal: Pick<Journal, 'isRecording'>;
  readonly problems: Problems;
  readonly inwardProblems: Problems;
  readonly retries: Retries;
  readonly wakeUp: WakeUp;
  readonly floor: Pick<FolderFloor, 'step'>;
  readonly takingUp: TakingUp;
  mount(root: DiskRoot): MountedFolder;
  hasOthers(): boolean;
  /** Whether the machine runs on its battery. */
  isOnBattery(): boolean;
  /** The directory is an older copy of what this index is about: a new index has to begin with it. */
  isOlderCopy(): void;
  /** The ignore file is another by now. */
  rulesChanged(): void;
  changed(): void;
}): FolderRun {
  const { folderId, index, fileSystem, clock, log, rules, problems, retries, wakeUp, takingUp } =
    dependencies;
  const ending = new AbortController();
  let phase: FolderPhase = { kind: 'starting' };
  let mounted: MountedFolder | undefined;
  let rescanAt = 0;
  let watchCause: string | undefined;
  let running: Promise<void> = Promise.resolve();
  let lastTold = '';

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

  /** Tells of work begun or ended; what is written or shown is told of where it happens. */
  const tellIfChanged = ({ outward }: MountedFolder): void => {
    const { pendingPaths, pendingBytes } = index.totals();
    const troubles = problems.all().length + dependencies.inwardProblems.all().length;
    const now = `${pendingPaths} ${pendingBytes} ${outward.pendingPaths()} ${outward.busyTurns()} ${isBusy()} ${troubles}`;
    if (now !== lastTold) dependencies.changed();
    lastTold = now;
  };

  const faultOf = (root: DiskRoot): RootFault | undefined => faultOfRoot(root, folderId);

  /** Waits until another device's whole state is taken over, if this index is new and anybody could have more. */
  const readFirst = async (): Promise<void> => {
    while (index.fact('read-first') !== 'done' && dependencies.hasOthers()) {
      if (phase.kind !== 'reading-first') setPhase({ kind: 'reading-first' });
      await wakeUp.wait(healthPollMs, ending.signal);
    }
    if (index.fact('read-first') !== 'done') index.transaction(() => index.setFact('read-first', 'done'));
  };

  const unfinishedParts = (fetching: FileFetching): ReadonlySet<string> => {
    const names = new Set<string>();
    for (const { path } of inPages<PendingRow>((last) => index.pending(last?.path, rowsAtATime))) {
      const content = index.view(path)?.content;
      if (content?.kind === 'file') names.add(fetching.partName(path, content.content));
    }
    return names;
  };

  /** When everything is due to be looked at: what is only a matter of routine waits on battery. */
  const scanAt = (): number =>
    rescanAt > 0 && watchCause === undefined && dependencies.isOnBattery()
      ? rescanAt - rescanMs + rescanOnBatteryMs
      : rescanAt;

  /** False if the disk went while it was looked through. */
  const scanIfDue = async (folder: MountedFolder, signal: AbortSignal): Promise<boolean> => {
    if (clock.monotonic() < scanAt()) return true;
    if (phase.kind !== 'running') setPhase({ kind: 'scanning' });
    rescanAt = clock.monotonic() + (watchCause === undefined ? rescanMs : rescanWithoutWatchMs);
    await settleIntents(folder);
    await folder.outward.scanAll(signal);
    if (faultOf(folder.root) !== undefined || takingUp.isOlderCopy(folder.root)) {
      rescanAt = 0;
      return false;
    }
    setPhase({ kind: 'running' });
    await folder.lateWrites.look(true);
    dependencies.journal.isRecording();
    return true;
  };

  /** Commits whose end could not be recorded are settled from the disk before anything is made of what it shows. */
  const settleIntents = async ({ context, inward }: MountedFolder): Promise<void> => {
    if (index.intents().length > 0) await recoverCommits(context, (path) => inward.isCommitting(path));
  };

  const work = async (folder: MountedFolder): Promise<void> => {
    const { root, outward, inward, upkeep, lateWrites } = folder;
    const signal = AbortSignal.any([ending.signal, folder.stopped]);
    rescanAt = 0;
    let lookAgainAt = 0;
    while (!signal.aborted) {
      const fault = faultOf(root);
      if (fault !== undefined) {
        setPhase({ kind: 'missing', cause: fault });
        return;
      }
      if (takingUp.isOlderCopy(root)) return;
      if (rules.refresh({ fileSystem, root })) dependencies.rulesChanged();
      if (!(await scanIfDue(folder, signal))) continue;
      if (clock.monotonic() >= lookAgainAt) {
        lookAgainAt = clock.monotonic() + rescanWithoutWatchMs;
        for (const directory of problems.doubtful()) outward.dirty(directory);
      }
      await settleIntents(folder);
      await outward.step(signal);
      await inward.step(signal);
      await lateWrites.look(false);
      await upkeep.runIfDue(signal);
      const isForgetting = dependencies.floor.step();
      tellIfChanged(folder);
      const nextAt = Math.min(
        outward.nextAt() ?? Number.POSITIVE_INFINITY,
        retries.nextAt() ?? Number.POSITIVE_INFINITY,
        lateWrites.nextAt() ?? Number.POSITIVE_INFINITY,
        scanAt(),
      );
      const waitMs = isForgetting ? 0 : Math.max(0, nextAt - clock.monotonic());
      await wakeUp.wait(Math.min(healthPollMs, waitMs), signal);
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
      let folder: MountedFolder | undefined;
      try {
        if (takingUp.isOlderCopy(root)) {
          dependencies.isOlderCopy();
          await wakeUp.wait(healthPollMs, ending.signal);
          continue;
        }
        root.makePrivate();
        await takingUp.takeUp(root);
        await fileSystem.flushDirectories([root.root, root.privateDirectory]);
        folder = dependencies.mount(root);
        mounted = folder;
        await recoverCommits(folder.context);
        sweepStaging(folder.context, unfinishedParts(folder.fetching));
        await readFirst();
        await work(folder);
      } catch (error) {
        if (ending.signal.aborted) return;
        if (error instanceof Bug || !(error instanceof DiskError || error instanceof SyncError)) throw error;
        log.write('warn', 'folder interrupted', { error: error.message });
        const fault = faultOf(root);
        setPhase({ kind: 'missing', cause: fault ?? 'root-unreadable' });
      } finally {
        mounted = undefined;
        await folder?.unmount();
      }
      await wakeUp.wait(healthPollMs, ending.signal).catch(() => {});
    }
  };

  return {
    phase: () => phase,
    mounted: () => mounted,
    isBusy,
    rescan() {
      rescanAt = 0;
      wakeUp.wake();
    },
    watchShortfall: () => watchCause,
    watchFailed(hint) {
      if (hint.kind === 'lost') rescanAt = 0;
      else {
        watchCause = hint.cause;
        rescanAt = Math.min(rescanAt, clock.monotonic() + rescanWithoutWatchMs);
      }
    },
    start() {
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
