import type { Branded } from '../model/ids.ts';
import type { Observed } from '../model/disk.ts';

/** An absolute path on this machine, as the disk spells it. Only this room makes and joins them. */
export type DiskPath = Branded<string, 'DiskPath'>;

/** A name in a directory; one whose bytes are no text has only a printable rendering. */
export type ListedName = { readonly name: string } | { readonly unreadable: string };

/** An open file for reading. Closing twice is a bug; a file removed meanwhile stays readable. */
export interface ReadHandle {
  /** Fills `into` from byte `position`; returns how many bytes it got, less than asked only at the end of the file. */
  read(into: Uint8Array, position: number): number;
  /** The open file itself, whatever its name now means. */
  look(): Observed;
  close(): void;
}

/** An open file for writing. */
export interface WriteHandle extends ReadHandle {
  /** Writes all of `bytes` at `position`, which may lie beyond the end (zeros fill the gap); a failure may leave a part of them written. */
  write(bytes: Uint8Array, position: number): void;
  /** Cuts the file to `sizeBytes`, or lengthens it with zeros. */
  truncate(sizeBytes: number): void;
}

/** A failed call: the system's code, the call and the path. */
export class DiskError extends Error {
  override name = 'DiskError';
  readonly code: string;
  readonly call: string;
  readonly diskPath: string;
  constructor(code: string, call: string, diskPath: string, cause?: unknown) {
    super(`${code}: ${call} ${diskPath}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.call = call;
    this.diskPath = diskPath;
  }
}

/**
 * A disk. Calls are synchronous and are made in workers or in short batches, because that is several times faster than promises;
 * only what waits for the platter is a promise. Nothing follows a symlink in the last component; every component before it is
 * followed by the system, so check it first. Every failure is a {@link DiskError}; a call that fails has changed nothing unless it says so.
 */
export interface FileSystem {
  /** The names in a directory, in the disk's order. */
  list(directory: DiskPath): ListedName[];
  /** lstat; undefined if nothing is there (ENOENT, ENOTDIR). */
  look(path: DiskPath): Observed | undefined;
  /**
   * Whether a disk, or a directory of this disk (a bind mount), is mounted at a directory. False where the system does not tell; another
   * disk is known by its {@link Observed.device} everywhere.
   */
  isMountPoint(directory: DiskPath): boolean;
  /** Opens a regular file without following a link and without blocking on a FIFO; throws ELOOP, ENXIO or EINVAL otherwise. */
  openRead(path: DiskPath): ReadHandle;
  /** Creates a file that must not exist; `mode` is lessened by the process's mask. */
  create(path: DiskPath, mode: number): WriteHandle;
  /** Opens an existing regular file for reading and writing, not following a link. */
  openWrite(path: DiskPath): WriteHandle;
  readLink(path: DiskPath): { readonly target: string } | { readonly unreadable: string };
  makeSymlink(target: string, path: DiskPath): void;
  /** Makes one directory whose parent exists; `mode` is lessened by the process's mask. */
  makeDirectory(path: DiskPath, mode?: number): void;
  /** Removes an empty directory. */
  removeDirectory(path: DiskPath): void;
  /** Removes a name that is not a directory. */
  remove(path: DiskPath): void;
  /** Renames; a file or link at `to` is replaced in one step. Two names of one inode stay two names: nothing happens, as POSIX wants. */
  rename(from: DiskPath, to: DiskPath): void;
  /** Renames where nothing may be in the way; throws EEXIST otherwise. Directories too. A crash can leave a file with both names. */
  renameNew(from: DiskPath, to: DiskPath): void;
  /** Swaps two names in one step, or returns false, nothing changed, where the system cannot. */
  exchange(a: DiskPath, b: DiskPath): boolean;
  /** A second name for a file; throws EEXIST if `to` exists, ENOTSUP or EPERM where links do not exist. */
  link(existing: DiskPath, to: DiskPath): void;
  /** Copies a regular file's bytes and mode to a name that must not exist, sharing blocks where the disk can; throws EINVAL for another kind. */
  copy(from: DiskPath, to: DiskPath): void;
  /** The same where the disk lets the two share all their blocks, so that it takes neither time nor room; else returns false, nothing made. */
  clone(from: DiskPath, to: DiskPath): boolean;
  /** Sets permission bits, where the disk keeps any; throws ENOTSUP for a symlink. */
  setMode(path: DiskPath, mode: number): void;
  /** Sets the modification time, as finely as the disk keeps it; of the link itself if it is one. */
  setModifiedAt(path: DiskPath, modifiedAtNs: bigint): void;
  /** Returns when the data of these files is on the platter. If one fails the others are still flushed, then it rejects. */
  flushFiles(paths: readonly DiskPath[]): Promise<void>;
  /** Returns when the names in these directories are on the platter. If one fails the others are still flushed, then it rejects. */
  flushDirectories(paths: readonly DiskPath[]): Promise<void>;
  /** Room on the disk that holds `path`, for an unprivileged process. */
  space(path: DiskPath): { readonly freeBytes: number; readonly totalBytes: number };
}
