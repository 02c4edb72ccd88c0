import { close, constants, fdatasync, fsync, open } from 'node:fs';
import { promisify } from 'node:util';
import { createLimiter } from '../base/base.ts';
import type { DiskPath } from './file-system.ts';
import { codeOfError, toDiskError } from './node-observe.ts';

/** LIMIT: more at once than the thread pool or the disk's queue takes gains nothing; fewer keeps a journal from merging commits. */
const maxFlushesAtOnce = 16;
const isWindows = process.platform === 'win32';
const openFile = promisify(open);
const closeFile = promisify(close);
const flushData = promisify(fdatasync);
const flushAll = promisify(fsync);

/** Brings the data of files to the platter, in the thread pool. */
export function flushFiles(paths: readonly DiskPath[]): Promise<void> {
  // Windows flushes only what is open for writing. On macOS Node's fdatasync asks for F_FULLFSYNC, without which the drive may keep it.
  const flags =
    (isWindows ? constants.O_RDWR : constants.O_RDONLY) |
    (constants.O_NOFOLLOW ?? 0) |
    (constants.O_NONBLOCK ?? 0);
  return flushEach(paths, 'flushFiles', flags, flushData);
}

/** Brings the names in directories to the platter; Windows has no such call and writes its names through its journal. */
export async function flushDirectories(paths: readonly DiskPath[]): Promise<void> {
  if (isWindows) return;
  await flushEach(
    paths,
    'flushDirectories',
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
    async (fd) => {
      try {
        await flushAll(fd);
      } catch (error) {
        // Some network disks know no flush of a directory; there is nothing more to be had from them.
        if (codeOfError(error) !== 'EINVAL' && codeOfError(error) !== 'ENOTSUP') throw error;
      }
    },
  );
}

async function flushEach(
  paths: readonly DiskPath[],
  call: string,
  flags: number,
  flush: (fd: number) => Promise<void>,
): Promise<void> {
  const limiter = createLimiter(maxFlushesAtOnce);
  const flushOne = async (path: DiskPath): Promise<void> => {
    try {
      const fd = await openFile(path, flags);
      try {
        await flush(fd);
      } finally {
        await closeFile(fd);
      }
    } catch (error) {
      throw toDiskError(error, call, path);
    }
  };
  const outcomes = await Promise.allSettled(paths.map((path) => limiter.run(() => flushOne(path))));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
