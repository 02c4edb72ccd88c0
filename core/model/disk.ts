/** What a name on disk is. `other` is anything never opened: FIFO, socket, device. */
export type DiskKind = 'file' | 'directory' | 'symlink' | 'other';

/**
 * A thing on disk as the disk described it: enough to tell whether it is still the same thing, untouched.
 * Taken by lstat, never following a symlink.
 */
export interface Observed {
  readonly kind: DiskKind;
  readonly sizeBytes: number;
  readonly modifiedAtNs: bigint;
  /** The inode's change time, nanoseconds: moves with content, mode, links and renames. */
  readonly changedAtNs: bigint;
  readonly inode: bigint;
  /** The number of the file system it lies on, to notice nested mounts. */
  readonly device: bigint;
  /** Permission bits, `0o7777` at most. */
  readonly mode: number;
  readonly links: number;
}

/** Whether two looks saw the same thing with nothing written in between; a change of link count (and its change time) alone does not count if `exceptLinks`. */
export function isSameObserved(a: Observed, b: Observed, exceptLinks = false): boolean {
  if (a.kind !== b.kind || a.inode !== b.inode || a.mode !== b.mode) return false;
  if (a.kind === 'directory') return true;
  return (
    a.sizeBytes === b.sizeBytes &&
    a.modifiedAtNs === b.modifiedAtNs &&
    (a.changedAtNs === b.changedAtNs || (exceptLinks && a.links !== b.links))
  );
}

/** Whether the owner may execute it: what an entry keeps of a file's mode. */
export function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}
