import { type Commit, modeFor, openPart, type PartFile, type PartSource, problemOf } from '../apply/apply.ts';
import {
  type Breathe,
  type Clock,
  createBreather,
  createLimiter,
  type Limiter,
  type Log,
  type Random,
} from '../base/base.ts';
import { DiskError, type FileSystem } from '../filesystem/filesystem.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { type Manifest, oneChunkBytes } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import type { Arriving, BlockFetcher } from '../transfer/transfer.ts';
import { createArrivingFiles } from './arriving-files.ts';
import { chunkItem, type ContentUnderWay } from './chunk-item.ts';
import { editedFrom, type LocalDisks, localSources, manifestHere } from './content-sources.ts';
import { batchesOf, type FileOperation, filesInBatch, type Turn } from './fetch-batches.ts';
import { putTogetherFromPieces } from './fine-pieces.ts';
import type { PartsAhead } from './parts-ahead.ts';
import { spreadOut } from './spread-out.ts';
import { createStagedParts } from './staged-parts.ts';

/** LIMIT: batches under way at a time: whatever is slow, those that come before it have room. */
const batchesAtATime: Readonly<Record<Turn, number>> = { recent: 1, soon: 3, later: 2 };

type PlaceCommit = Extract<Commit, { kind: 'place' }>;

/** What happens with files once they are complete, or cannot be. */
export interface FetchingOutcome {
  commit(commits: readonly PlaceCommit[]): Promise<void>;
  /** The first bytes of a file have come from another device. */
  arriving(path: RelativePath): void;
  /** `problem` is undefined when nobody who has the file is there. */
  failed(path: RelativePath, problem: Problem | undefined): void;
  /** A file that is to go was kept for the bytes that another path takes from it, and is not needed for that any more. */
  released(path: RelativePath): void;
  readonly signal: AbortSignal;
}

/** Puts files together in staging from what is here and what others have. */
export interface FileFetching {
  /** Starts on files, those at the paths of `recent` before others, small ones before large ones, and the newest first; returns at once. */
  begin(
    operations: readonly FileOperation[],
    outcome: FetchingOutcome,
    recent?: ReadonlySet<RelativePath>,
  ): void;
  /** Whether a file is on its way to this path, or takes its bytes from the one here that is to go. */
  isUnderWay(path: RelativePath): boolean;
  /** Files and bytes under way, and of those bytes how many are here. */
  progress(): { readonly files: number; readonly totalBytes: number; readonly doneBytes: number };
  /** A block of a file under way if it has come; else what has come of the file; undefined if it is not under way or of one block. */
  readArriving(item: BlockItem): Uint8Array | Arriving | undefined;
  /** The staging name of a path's content, so that an unfinished one can be told from leftovers. */
  partName(path: RelativePath, content: Hash): string;
  /** Removes from staging what is left of files that came to nothing; to be called when nothing is pending and nothing under way. */
  dropLeftovers(): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

/** What fetching needs. */
export interface FileFetchingDependencies extends LocalDisks {
  readonly folderId: FolderId;
  readonly fileSystem: FileSystem;
  readonly fetcher: BlockFetcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The manifest of a content from any peer that has it, checked. */
  fetchManifest(content: Hash, sizeBytes: number, signal: AbortSignal): Promise<Manifest | undefined>;
  received(bytes: number, from: DeviceKey): void;
  /** What has come of files ahead of their entries. */
  readonly ahead: Pick<PartsAhead, 'take'>;
}

interface Job {
  readonly operation: FileOperation;
  readonly turn: Turn;
  doneBytes: number;
  isArriving: boolean;
}

interface OpenJob extends Job, ContentUnderWay {}

/** Makes the fetching of one folder. */
export function createFileFetching(dependencies: FileFetchingDependencies): FileFetching {
  const { folderId, index, fileSystem, root, fetcher, random } = dependencies;
  const jobs = new Map<RelativePath, Job>();
  const givers = new Set<RelativePath>();
  const limiters: Readonly<Record<Turn, Limiter>> = {
    recent: createLimiter(batchesAtATime.recent),
    soon: createLimiter(batchesAtATime.soon),
    later: createLimiter(batchesAtATime.later),
  };
  const running = new Set<Promise<void>>();
  const arriving = createArrivingFiles();
  const parts = createStagedParts(dependencies);

  const giverOf = ({ operation: { source } }: Job): readonly RelativePath[] =>
    source.kind === 'move' ? [source.from.row.path] : [];

  const begun = (batch: readonly Job[]): void => {
    for (const job of batch) {
      jobs.set(job.operation.path, job);
      for (const giver of giverOf(job)) givers.add(giver);
    }
  };

  const ended = (batch: readonly Job[], outcome: FetchingOutcome): void => {
    for (const job of batch) {
      arriving.remove(job.operation.wanted.content);
      jobs.delete(job.operation.path);
      for (const giver of giverOf(job))
        if (givers.delete(giver) && !outcome.signal.aborted) outcome.released(giver);
    }
  };

  const runBatch = async (batch: readonly Job[], outcome: FetchingOutcome): Promise<void> => {
    const open: OpenJob[] = [];
    const ready: PlaceCommit[] = [];
    const breathe = createBreather(dependencies.clock, outcome.signal);
    try {
      for (const job of batch) {
        const opened = await openJob(job, outcome, breathe);
        if (opened === undefined) continue;
        if (opened.part.missingCount() === 0) finish(opened, outcome, ready);
        else open.push(opened);
      }
      if (ready.length > 0) await outcome.commit(ready.splice(0));
      if (open.length > 0) await fetchBlocks(open.splice(0), outcome, ready);
      if (ready.length > 0) await outcome.commit(ready.splice(0));
    } finally {
      for (const job of open) job.part.close();
      ended(batch, outcome);
    }
  };

  const openJob = async (
    job: Job,
    outcome: FetchingOutcome,
    breathe: Breathe,
  ): Promise<OpenJob | undefined> => {
    const { path, wanted, replaces } = job.operation;
    const manifest =
      manifestHere(dependencies, wanted.content, wanted.sizeBytes) ??
      (await dependencies.fetchManifest(wanted.content, wanted.sizeBytes, outcome.signal));
    if (manifest === undefined) {
      outcome.failed(path, undefined);
      return undefined;
    }
    let part: PartFile | undefined;
    try {
      const name = parts.nameOf(path, wanted.content);
      const edited = editedFrom(dependencies, replaces?.row);
      const sources = localSources(dependencies, wanted.content, edited);
      const there = dependencies.ahead.take(manifest, name);
      part = await openPart({ fileSystem, root, name, manifest, sources, there, breathe });
      const missing = part.missing().reduce((sum, i) => sum + (manifest.sizes[i] ?? 0), 0);
      job.doneBytes = wanted.sizeBytes - missing;
      const opened = Object.assign(job, { part, manifest, content: wanted.content });
      if (edited !== undefined) await fromPieces(opened, edited, outcome);
      return opened;
    } catch (error) {
      part?.close();
      outcome.failed(path, problemOfFailure(error, path));
      return undefined;
    }
  };

  const fromPieces = (job: OpenJob, edited: PartSource, outcome: FetchingOutcome): Promise<void> =>
    putTogetherFromPieces({
      ...job,
      fileSystem,
      edited,
      bytesPerS: fetcher.fastestRate(),
      fetch: (wish) =>
        fetcher.fetch({
          ...wish,
          folderId,
          urgency: job.turn,
          signal: outcome.signal,
          onProgress: dependencies.received,
        }),
      put: (bytes) => grew(job, bytes, outcome),
    });

  const grew = (job: Job, bytes: number, outcome: FetchingOutcome): void => {
    if (!job.isArriving) outcome.arriving(job.operation.path);
    job.isArriving = true;
    job.doneBytes += bytes;
  };

  const fetchBlocks = async (
    open: readonly OpenJob[],
    outcome: FetchingOutcome,
    ready: PlaceCommit[],
  ): Promise<void> => {
    for (const { manifest, operation, part } of open)
      if (manifest.sizes.length > 1) arriving.add(operation.wanted.content, part);
    const missing = open.flatMap((job) => job.part.missing().map((chunk) => ({ job, chunk })));
    const inOrder = fetcher.peerCount() > 1 ? spreadOut(missing, random) : missing;
    const wishes = new Map(inOrder.map((wish) => [chunkItem(wish.job, wish.chunk), wish] as const));
    const broken = new Set<OpenJob>();
    const finished = new Set<OpenJob>();
    const tooLarge = new Set<OpenJob>();
    try {
      await fetcher.fetch({
        folderId,
        urgency: open[0]?.turn ?? 'soon',
        items: [...wishes.keys()],
        signal: outcome.signal,
        onBlock: (item, block, from) => {
          const wish = wishes.get(item);
          if (wish === undefined || broken.has(wish.job)) return;
          const { job, chunk } = wish;
          try {
            if (!job.part.put(chunk, block)) return;
            grew(job, block.bytes.length, outcome);
            dependencies.received(block.bytes.length, from);
            if (job.part.missingCount() > 0) return;
            finished.add(job);
            finish(job, outcome, ready);
          } catch (error) {
            broken.add(job);
            const problem = problemOfFailure(error, job.operation.path);
            if (problem.kind === 'no-space') tooLarge.add(job);
            outcome.failed(job.operation.path, problem);
          }
          return ready.length >= filesInBatch ? outcome.commit(ready.splice(0)) : undefined;
        },
      });
    } finally {
      for (const job of open) {
        if (finished.has(job)) continue;
        job.part.close();
        // A user's quota counts what has come of it, and may then refuse even what makes room.
        if (tooLarge.has(job)) parts.drop(parts.nameOf(job.operation.path, job.content));
        if (!broken.has(job)) outcome.failed(job.operation.path, undefined);
      }
    }
  };

  const finish = (
    { operation, part, manifest }: OpenJob,
    outcome: FetchingOutcome,
    ready: PlaceCommit[],
  ): void => {
    const { path, wanted, replaces, becomes, member } = operation;
    try {
      const mode = modeFor(
        replaces?.row.observed?.kind === 'file' ? replaces.row.observed.mode : part.mode(),
        wanted.executable,
      );
      const staged = part.seal({ mode, modifiedAtNs: wanted.modifiedAtNs });
      if (manifest.sizeBytes > oneChunkBytes)
        index.transaction(() => index.putManifest(wanted.content, manifest));
      ready.push({
        kind: 'place',
        path,
        stagedName: parts.nameOf(path, wanted.content),
        staged,
        replaces: replaces?.row,
        keep: true,
        becomes,
        author: member.author,
      });
    } catch (error) {
      outcome.failed(path, problemOfFailure(error, path));
    }
  };

  return {
    begin(operations, outcome, recent) {
      for (const { turn, batch } of batchesOf(operations, recent)) {
        const started = batch.map((operation): Job => ({ operation, turn, doneBytes: 0, isArriving: false }));
        begun(started);
        const run = limiters[turn]
          .run(() => runBatch(started, outcome), outcome.signal)
          .catch((error: unknown) => {
            ended(started, outcome);
            for (const { operation } of started)
              if (!outcome.signal.aborted) outcome.failed(operation.path, undefined);
            if (!outcome.signal.aborted)
              dependencies.log.write('warn', 'fetching failed', { error: String(error) });
          });
        running.add(run);
        void run.finally(() => running.delete(run));
      }
    },
    isUnderWay: (path) => jobs.has(path) || givers.has(path),
    progress() {
      let totalBytes = 0;
      let doneBytes = 0;
      for (const job of jobs.values()) {
        totalBytes += job.operation.wanted.sizeBytes;
        doneBytes += job.doneBytes;
      }
      return { files: jobs.size, totalBytes, doneBytes };
    },
    readArriving: arriving.read,
    partName: parts.nameOf,
    dropLeftovers: parts.dropAll,
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function problemOfFailure(error: unknown, path: RelativePath): Problem {
  if (!(error instanceof DiskError)) throw error;
  return problemOf(error, path);
}
