import type { FileSystem } from '../filesystem/filesystem.ts';
import { packListings } from './pack-listings.ts';
import { hashInBatches, walkInBatches } from './scan-batches.ts';
import { batchesUnderway, type ScanNews, type ScanOrder, type ScanWork } from './scan-messages.ts';

interface Job {
  readonly id: number;
  /** The news of one step. */
  readonly steps: Iterator<readonly ScanNews[], void, void>;
  /** Batches it may still send before one is taken. */
  credit: number;
}

/** The jobs of a scan thread, run a step at a time. */
export interface ScanJobs {
  take(order: ScanOrder): void;
  /** Lets every job that may go on take one step, oldest first; false if none may. */
  step(): boolean;
}

/** Runs jobs on `fileSystem`; `tell` sends news with the buffers that go along. */
export function createScanJobs(
  { fileSystem, monotonic }: { readonly fileSystem: FileSystem; readonly monotonic: () => number },
  tell: (news: ScanNews, transfer: ArrayBuffer[]) => void,
): ScanJobs {
  const jobs = new Map<number, Job>();

  function advance(job: Job): void {
    try {
      const step = job.steps.next();
      if (step.done === true) {
        jobs.delete(job.id);
        tell({ kind: 'done', job: job.id }, []);
        return;
      }
      for (const news of step.value) {
        if (news.kind !== 'reading') job.credit -= 1;
        tell(news, buffersOf(news));
      }
    } catch (error) {
      jobs.delete(job.id);
      tell(
        {
          kind: 'broken',
          job: job.id,
          what: error instanceof Error ? (error.stack ?? error.message) : String(error),
        },
        [],
      );
    }
  }

  return {
    take(order) {
      switch (order.kind) {
        case 'start': {
          const steps = stepsOf(order.job, order.work, fileSystem, monotonic);
          jobs.set(order.job, { id: order.job, steps, credit: batchesUnderway });
          return;
        }
        case 'taken': {
          const job = jobs.get(order.job);
          if (job !== undefined) job.credit += 1;
          return;
        }
        case 'stop':
          jobs.get(order.job)?.steps.return?.();
          jobs.delete(order.job);
          return;
      }
    },
    step() {
      let any = false;
      for (const job of jobs.values()) {
        if (job.credit <= 0) continue;
        any = true;
        advance(job);
      }
      return any;
    },
  };
}

function* stepsOf(
  job: number,
  work: ScanWork,
  fileSystem: FileSystem,
  monotonic: () => number,
): Generator<readonly ScanNews[], void, void> {
  if (work.kind === 'walk') {
    for (const { results } of walkInBatches(fileSystem, work.request, monotonic)) {
      yield [{ kind: 'listings', job, packed: packListings(results) }];
    }
    return;
  }
  for (const { results, reading } of hashInBatches(fileSystem, work.requests, monotonic)) {
    const news: ScanNews[] = [];
    if (results.length > 0) news.push({ kind: 'hashed', job, results });
    if (reading !== undefined) news.push({ kind: 'reading', job, ...reading });
    yield news;
  }
}

/** Columns and long manifests change hands; what is small is cheaper to copy. */
function buffersOf(news: ScanNews): ArrayBuffer[] {
  const buffers: ArrayBufferLike[] = [];
  if (news.kind === 'listings') buffers.push(news.packed.wide.buffer, news.packed.narrow.buffer);
  if (news.kind === 'hashed') {
    for (const result of news.results) {
      if (result.kind === 'read' && result.manifest.sizes.length > 1) {
        buffers.push(result.manifest.hashes.buffer, result.manifest.sizes.buffer);
      }
    }
  }
  return buffers as ArrayBuffer[];
}
