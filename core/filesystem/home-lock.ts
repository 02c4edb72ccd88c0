import {
  closeSync,
  constants,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { SyncError } from '../model/errors.ts';
import type { DiskPath } from './file-system.ts';
import { loadNativeCalls, type NativeCalls } from './native-calls.ts';
import { codeOfError } from './node-observe.ts';

/** A home that no other process may use until it is released or this process ends, however it ends. */
export interface HomeLock {
  release(): void;
}

/** libuv's UV_FS_O_EXLOCK on Windows (no sharing while open) and the BSDs' O_EXLOCK: an open that is a lock. */
const openLocked: Readonly<Record<string, number>> = {
  win32: 0x10000000,
  darwin: 0x20 | constants.O_NONBLOCK,
};
const takenCodes = new Set(['EAGAIN', 'EWOULDBLOCK', 'EBUSY', 'EPERM', 'EACCES']);

/**
 * Takes the lock file at `path`, making it if need be; throws SyncError `home-in-use` if another holds it, `home-unusable` if it cannot
 * be opened. The system drops the lock with the process; only on a Linux where `native` has no lock a process number with its start
 * time stands in, which a process with the system's lock respects too. The file stays on disk: it says nothing by being there.
 */
export function acquireHomeLock(path: DiskPath, native: NativeCalls = loadNativeCalls()): HomeLock {
  const openFlag = openLocked[process.platform];
  if (openFlag === undefined && native.lockFile === undefined) return lockByProcessNumber(path);
  const fd = openLockFile(path, openFlag ?? 0);
  try {
    const refused = openFlag === undefined ? native.lockFile?.(fd) : undefined;
    if (refused !== undefined) throw takenCodes.has(refused) ? inUse(path) : unusable(path, refused);
    if (isHeldByAnother(readFileSync(fd, 'utf8'))) throw inUse(path);
    ftruncateSync(fd, 0);
    writeSync(fd, ownText(), 0);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return releaseOnce(() => {
    ftruncateSync(fd, 0);
    closeSync(fd);
  });
}

function openLockFile(path: DiskPath, lockFlag: number): number {
  try {
    return openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | lockFlag,
      0o600,
    );
  } catch (error) {
    const code = codeOfError(error) ?? 'EIO';
    throw lockFlag !== 0 && takenCodes.has(code) && code !== 'EACCES'
      ? inUse(path)
      : unusable(path, code, error);
  }
}

/** The lock of a system without locks: a file naming a process and when it started, so that a number given out again is not taken for it. */
function lockByProcessNumber(path: DiskPath): HomeLock {
  const mine = ownText();
  for (;;) {
    if (createHolding(path, mine)) {
      return releaseOnce(() => {
        if (readHolder(path)?.text === mine) unlinkSync(path);
      });
    }
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (holder.text === mine || isHeldByAnother(holder.text)) throw inUse(path);
    setAside(path, holder.inode);
  }
}

function ownText(): string {
  return `${process.pid} ${startOf(process.pid) ?? 'unknown'}\n`;
}

/** Whether a lock file's text names a process that runs now and is not this one. */
function isHeldByAnother(text: string): boolean {
  const [pid = '', start = ''] = text.trim().split(' ');
  return text !== ownText() && start !== '' && startOf(Number(pid)) === start;
}

/** Makes the file with its text already in it, so that no one ever reads it half written. */
function createHolding(path: DiskPath, text: string): boolean {
  const prepared = `${path}.${process.pid}`;
  try {
    const fd = openSync(prepared, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o600);
    writeSync(fd, text, 0);
    closeSync(fd);
    try {
      linkSync(prepared, path);
      return true;
    } catch (error) {
      if (codeOfError(error) === 'EEXIST') return false;
      throw error;
    } finally {
      unlinkSync(prepared);
    }
  } catch (error) {
    throw unusable(path, codeOfError(error) ?? 'EIO', error);
  }
}

function readHolder(path: DiskPath): { readonly text: string; readonly inode: bigint } | undefined {
  try {
    const { ino } = lstatSync(path, { bigint: true });
    return { text: readFileSync(path, 'utf8'), inode: ino };
  } catch (error) {
    if (codeOfError(error) === 'ENOENT') return undefined;
    throw unusable(path, codeOfError(error) ?? 'EIO', error);
  }
}

/** Moves a dead process's file out of the way; if another has taken its place meanwhile, puts that one back. */
function setAside(path: DiskPath, inode: bigint): void {
  const aside = `${path}.${process.pid}.dead`;
  try {
    renameSync(path, aside);
    // RACE: a third process starting in these microseconds finds no file and takes the lock beside the one put back.
    if (lstatSync(aside, { bigint: true }).ino !== inode) linkSync(aside, path);
    unlinkSync(aside);
  } catch (error) {
    const code = codeOfError(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw unusable(path, code ?? 'EIO', error);
  }
}

/** Which start of the machine, and how many ticks after it a process began; undefined when it does not run. Source: proc(5), `stat` field 22. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets that may itself hold blanks and brackets.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}

function releaseOnce(release: () => void): HomeLock {
  let held = true;
  return {
    release() {
      if (held) release();
      held = false;
    },
  };
}

function inUse(path: DiskPath): SyncError {
  return new SyncError('home-in-use', { path }, { retry: 'after-user' });
}

function unusable(path: DiskPath, code: string, cause?: unknown): SyncError {
  return new SyncError('home-unusable', { path, code }, { retry: 'after-user', cause });
}
