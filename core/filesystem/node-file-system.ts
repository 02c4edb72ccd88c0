import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import type { Observed } from '../model/disk.ts';
import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';
import { isNotKnownHere, loadNativeCalls, type NativeCalls } from './native-calls.ts';
import { flushDirectories, flushFiles } from './node-flush.ts';
import { createRegular, openRegular } from './node-handles.ts';
import { decodeName, decodeNames, mayBeUndecodable } from './node-names.ts';
import { codeOfError, statsToObserved, toDiskError } from './node-observe.ts';

/**
 * The machine's disks. `native` are the calls Node lacks: without them times lose up to half a microsecond, `exchange` is always false and
 * `renameNew` has the races told below.
 */
export function createNodeFileSystem(native: NativeCalls = loadNativeCalls()): FileSystem {
  return {
    list(directory) {
      try {
        // RACE: a link put there since this look is followed; a reader checks the directory once more after what it did with the names.
        if (lstatSync(directory).isSymbolicLink()) throw new DiskError('ENOTDIR', 'list', directory);
        return decodeNames(readdirSync(directory), () => readdirSync(directory, { encoding: 'buffer' }));
      } catch (error) {
        throw toDiskError(error, 'list', directory);
      }
    },
    look,
    isMountPoint: (directory) => native.isMountPoint?.(directory) ?? false,
    openRead: (path) => openRegular(path, 'read'),
    create: createRegular,
    openWrite: (path) => openRegular(path, 'write'),
    readLink(path) {
      return attempt('readLink', path, () => {
        const target = readlinkSync(path);
        if (!mayBeUndecodable(target)) return { target };
        const read = decodeName(readlinkSync(path, { encoding: 'buffer' }));
        return 'name' in read ? { target: read.name } : read;
      });
    },
    makeSymlink: (target, path) => attempt('makeSymlink', path, () => symlinkSync(target, path)),
    makeDirectory: (path, mode = 0o777) => attempt('makeDirectory', path, () => mkdirSync(path, { mode })),
    removeDirectory: (path) => attempt('removeDirectory', path, () => rmdirSync(path)),
    remove: (path) => attempt('remove', path, () => unlinkSync(path)),
    rename: (from, to) => attempt('rename', from, () => renameSync(from, to)),
    renameNew(from, to) {
      const refused = native.renameNew === undefined ? 'ENOSYS' : native.renameNew(from, to);
      if (refused === undefined) return;
      if (!isNotKnownHere(refused)) throw new DiskError(refused, 'renameNew', from);
      attempt('renameNew', from, () => renameNewInSteps(from, to));
    },
    exchange(a, b) {
      const refused = native.exchange === undefined ? 'ENOSYS' : native.exchange(a, b);
      if (refused === undefined) return true;
      if (isNotKnownHere(refused)) return false;
      throw new DiskError(refused, 'exchange', a);
    },
    link(existing, to) {
      attempt('link', existing, () => {
        // macOS would link what a symlink points to.
        if (process.platform === 'darwin' && look(existing)?.kind === 'symlink') {
          throw new DiskError('ENOTSUP', 'link', existing);
        }
        linkSync(existing, to);
      });
    },
    copy(from, to) {
      attempt('copy', from, () => {
        const seen = lookThere(from, 'copy');
        if (seen.kind !== 'file') throw new DiskError('EINVAL', 'copy', from);
        // RACE: what comes to lie at `from` since the look is copied, be it the file a link leads to; callers check what they got.
        copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      });
    },
    clone(from, to) {
      if (lookThere(from, 'clone').kind !== 'file') throw new DiskError('EINVAL', 'clone', from);
      try {
        // RACE: as in `copy`.
        copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
        return true;
      } catch (error) {
        const code = codeOfError(error);
        if (code !== undefined && (isNotKnownHere(code) || code === 'ENOTTY' || code === 'EXDEV'))
          return false;
        throw toDiskError(error, 'clone', from);
      }
    },
    setMode(path, mode) {
      if (lookThere(path, 'setMode').kind === 'symlink') throw new DiskError('ENOTSUP', 'setMode', path);
      const refused = native.setMode === undefined ? 'ENOSYS' : native.setMode(path, mode);
      if (refused === undefined) return;
      if (!isNotKnownHere(refused)) throw new DiskError(refused, 'setMode', path);
      // RACE: a link put there since the look is followed, and the mode of what it leads to changed.
      attempt('setMode', path, () => setModeIfKnown(path, mode));
    },
    setModifiedAt(path, modifiedAtNs) {
      const { atimeNs: accessedAtNs } = attempt('setModifiedAt', path, () =>
        lstatSync(path, { bigint: true }),
      );
      const refused =
        native.setTimes === undefined ? 'ENOSYS' : native.setTimes(path, { accessedAtNs, modifiedAtNs });
      if (refused === undefined) return;
      if (!isNotKnownHere(refused)) throw new DiskError(refused, 'setModifiedAt', path);
      attempt('setModifiedAt', path, () => {
        // As text, because Node takes a negative number for "now".
        lutimesSync(path, String(Number(accessedAtNs) / 1e9), String(Number(modifiedAtNs) / 1e9));
      });
    },
    flushFiles,
    flushDirectories,
    space(path) {
      return attempt('space', path, () => {
        const { bsize, bavail, blocks } = statfsSync(path);
        return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
      });
    },
  };
}

/** A disk that knows no modes keeps none. */
function setModeIfKnown(path: DiskPath, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if (codeOfError(error) !== 'ENOSYS') throw error;
  }
}

function look(path: DiskPath): Observed | undefined {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : statsToObserved(stats);
  } catch (error) {
    if (codeOfError(error) === 'ENOTDIR') return undefined;
    throw toDiskError(error, 'look', path);
  }
}

function lookThere(path: DiskPath, call: string): Observed {
  const seen = look(path);
  if (seen === undefined) throw new DiskError('ENOENT', call, path);
  return seen;
}

function attempt<T>(call: string, path: DiskPath, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw toDiskError(error, call, path);
  }
}

function renameNewInSteps(from: DiskPath, to: DiskPath): void {
  if (lookThere(from, 'renameNew').kind !== 'directory') {
    try {
      linkSync(from, to);
      unlinkSync(from);
      return;
    } catch (error) {
      const code = codeOfError(error);
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
    }
  }
  if (look(to) !== undefined) throw new DiskError('EEXIST', 'renameNew', to);
  // RACE: a file (or, for a directory, an empty directory) made at `to` since the look is replaced and lost.
  renameSync(from, to);
}
