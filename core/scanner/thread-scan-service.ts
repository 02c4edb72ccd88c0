import { Worker } from 'node:worker_threads';
import { abortable, Bug, throwIfAborted } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import { unpackListings } from './pack-listings.ts';
import type { ScanNews, ScanOrder, ScanWork } from './scan-messages.ts';
import type { HashResult, ScanService } from './scan-service.ts';

/** A job as the asking side sees it: what came and was not yet taken, and whoever waits for more. */
interface Job {
  readonly id: number;
  readonly news: ScanNews[];
  failure: Error | undefined;
  wake: (() => void) | undefined;
}

/** A thread and the jobs it has. */
interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

/**
 * A {@link ScanService} on one thread of its own, for the machine's disks. The thread starts with the first job and keeps the process
 * alive only while it has jobs. `workerUrl` is the thread's entry file; by default `scan-worker` beside this file, in source or bundled.
 */
export function createThreadScanService({
  workerUrl = defaultWorkerUrl(),
}: {
  readonly workerUrl?: URL;
} = {}): ScanService {
  let thread: Thread | undefined;
  let nextJob = 1;
  const closed = new AbortController();

  function startThread(): Thread {
    const worker = new Worker(workerUrl, { name: 'lockstep-scan' });
    const started: Thread = { worker, jobs: new Map() };
    const died = (cause: unknown): void => {
      if (thread === started) thread = undefined;
      for (const job of started.jobs.values()) {
        job.failure ??= new SyncError('internal', { what: 'the scan thread died' }, { retry: 'soon', cause });
        job.wake?.();
      }
    };
    worker.on('message', (news: ScanNews) => {
      const job = started.jobs.get(news.job);
      job?.news.push(news);
      job?.wake?.();
    });
    worker.on('messageerror', (cause) => {
      died(cause);
      void worker.terminate();
    });
    worker.on('error', died);
    worker.on('exit', died);
    worker.unref();
    return started;
  }

  async function* run(work: ScanWork, signal: AbortSignal | undefined): AsyncGenerator<ScanNews, void, void> {
    throwIfAborted(closed.signal);
    throwIfAborted(signal);
    const stop = signal === undefined ? closed.signal : AbortSignal.any([closed.signal, signal]);
    thread ??= startThread();
    const { worker, jobs } = thread;
    const tell = (order: ScanOrder): void => worker.postMessage(order);
    const job: Job = { id: nextJob++, news: [], failure: undefined, wake: undefined };
    jobs.set(job.id, job);
    worker.ref();
    let finished = false;
    try {
      tell({ kind: 'start', job: job.id, work });
      for (;;) {
        throwIfAborted(stop);
        const news = job.news.shift();
        if (news?.kind === 'done') {
          finished = true;
          return;
        }
        if (news?.kind === 'broken') {
          finished = true;
          throw new Bug(`scan job: ${news.what}`);
        }
        if (news !== undefined) {
          if (news.kind !== 'reading') tell({ kind: 'taken', job: job.id });
          yield news;
          continue;
        }
        if (job.failure !== undefined) throw job.failure;
        const more = new Promise<void>((resolve) => {
          job.wake = resolve;
        });
        await abortable(more, stop);
      }
    } finally {
      if (!finished) tell({ kind: 'stop', job: job.id });
      jobs.delete(job.id);
      if (jobs.size === 0) worker.unref();
    }
  }

  return {
    async *walk(request, signal) {
      for await (const news of run({ kind: 'walk', request }, signal)) {
        if (news.kind === 'listings') yield unpackListings(news.packed);
      }
    },
    async *hash(requests, signal, onRead): AsyncGenerator<HashResult, void, void> {
      for await (const news of run({ kind: 'hash', requests }, signal)) {
        if (news.kind === 'reading') onRead?.(news);
        if (news.kind === 'hashed') yield* news.results;
      }
    },
    async close() {
      closed.abort(new SyncError('interrupted'));
      await thread?.worker.terminate();
    },
  };
}

function defaultWorkerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './scan-worker.ts' : './scan-worker.js', import.meta.url);
}
