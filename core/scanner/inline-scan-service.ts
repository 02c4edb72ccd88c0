import { throwIfAborted } from '../base/base.ts';
import type { FileSystem } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import { type Batch, hashInBatches, walkInBatches } from './scan-batches.ts';
import type { ReadSoFar, ScanService } from './scan-service.ts';

// Without a clock batches end by number alone, so the same disk always gives the same batches.
const timeless = (): number => 0;

/**
 * A {@link ScanService} without a thread, for a disk in memory: works while its caller waits, a batch at a time, always in the same order.
 * `read` is awaited after each word of a large file: it can make reading take its time.
 */
export function createInlineScanService({
  fileSystem,
  read,
}: {
  readonly fileSystem: FileSystem;
  readonly read?: (() => Promise<void>) | undefined;
}): ScanService {
  const closed = new AbortController();

  async function* run<T>(
    steps: () => Generator<Batch<T>, void, void>,
    signal: AbortSignal | undefined,
    onRead?: (soFar: ReadSoFar) => void,
  ): AsyncGenerator<readonly T[], void, void> {
    throwIfAborted(closed.signal);
    throwIfAborted(signal);
    for (const { results, reading } of steps()) {
      if (reading !== undefined) {
        onRead?.(reading);
        await read?.();
      }
      if (results.length > 0) yield results;
      // Lets everything else that is ready run between two steps.
      else await Promise.resolve();
      throwIfAborted(closed.signal);
      throwIfAborted(signal);
    }
  }

  return {
    walk: (request, signal) => run(() => walkInBatches(fileSystem, request, timeless), signal),
    async *hash(requests, signal, onRead) {
      for await (const results of run(() => hashInBatches(fileSystem, requests, timeless), signal, onRead))
        yield* results;
    },
    close() {
      closed.abort(new SyncError('interrupted'));
      return Promise.resolve();
    },
  };
}
