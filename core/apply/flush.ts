import { createLimiter } from '../base/base.ts';
import { DiskError, type DiskPath } from '../filesystem/filesystem.ts';

/** LIMIT: flushes asked for at once; more gain nothing. */
const flushesAtATime = 16;

/**
 * Flushes each path by itself and tells which failed and how. One failed flush says nothing of the others, and asking a second time is no
 * answer: systems tell of bytes they lost only once.
 */
export async function flushEach(
  paths: Iterable<DiskPath>,
  flush: (paths: readonly DiskPath[]) => Promise<void>,
): Promise<ReadonlyMap<DiskPath, DiskError>> {
  const limiter = createLimiter(flushesAtATime);
  const failures = new Map<DiskPath, DiskError>();
  await Promise.all(
    Array.from(new Set(paths), (path) =>
      limiter.run(async () => {
        try {
          await flush([path]);
        } catch (error) {
          if (!(error instanceof DiskError)) throw error;
          failures.set(path, error);
        }
      }),
    ),
  );
  return failures;
}

/** The same for directories. One that is gone, or has become something else, holds no name that could be lost. */
export async function flushEachDirectory(
  paths: Iterable<DiskPath>,
  flush: (paths: readonly DiskPath[]) => Promise<void>,
): Promise<ReadonlyMap<DiskPath, DiskError>> {
  const failures = await flushEach(paths, flush);
  return new Map(Array.from(failures).filter(([, error]) => !gone.has(error.code)));
}

const gone = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);
