import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { Observed } from '../model/disk.ts';
import { DiskError, type DiskPath, type ReadHandle, type WriteHandle } from './file-system.ts';
import { statsToObserved, toDiskError } from './node-observe.ts';

// Windows has neither flag, hence the second check in openRegular. O_NONBLOCK: opening a FIFO must not wait for its other end.
const noFollow = constants.O_NOFOLLOW ?? 0;
const notBlocking = constants.O_NONBLOCK ?? 0;

/** Opens a regular file for reading, and for writing too if asked. */
export function openRegular(path: DiskPath, access: 'read' | 'write'): WriteHandle {
  const call = access === 'read' ? 'openRead' : 'openWrite';
  try {
    // RACE: without O_NOFOLLOW a link put there between the look and the open is followed; the inode then differs and nothing is read.
    const seen = noFollow === 0 ? lstatSync(path, { bigint: true }) : undefined;
    const flags = (access === 'read' ? constants.O_RDONLY : constants.O_RDWR) | noFollow | notBlocking;
    const fd = openSync(path, flags);
    try {
      const opened = fstatSync(fd, { bigint: true });
      if (!opened.isFile()) throw new DiskError('EINVAL', call, path);
      if (seen !== undefined && seen.ino !== opened.ino) throw new DiskError('ELOOP', call, path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return nodeHandle(fd, path);
  } catch (error) {
    throw toDiskError(error, call, path);
  }
}

/** Creates a regular file that must not exist, open for reading and writing. */
export function createRegular(path: DiskPath, mode: number): WriteHandle {
  try {
    return nodeHandle(
      openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | noFollow, mode),
      path,
    );
  } catch (error) {
    throw toDiskError(error, 'create', path);
  }
}

/** A handle over an open descriptor, which it owns from here on. */
function nodeHandle(fd: number, path: DiskPath): WriteHandle & ReadHandle {
  const attempt = <T>(call: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw toDiskError(error, call, path);
    }
  };
  return {
    read: (into, position) =>
      attempt('read', () => {
        let filled = 0;
        while (filled < into.length) {
          const got = readSync(fd, into, filled, into.length - filled, position + filled);
          if (got === 0) break;
          filled += got;
        }
        return filled;
      }),
    write: (bytes, position) =>
      attempt('write', () => {
        let written = 0;
        while (written < bytes.length) {
          written += writeSync(fd, bytes, written, bytes.length - written, position + written);
        }
      }),
    truncate: (sizeBytes) => attempt('truncate', () => ftruncateSync(fd, sizeBytes)),
    look: (): Observed => attempt('look', () => statsToObserved(fstatSync(fd, { bigint: true }))),
    close: () => attempt('close', () => closeSync(fd)),
  };
}
