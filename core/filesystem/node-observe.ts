import type { BigIntStats } from 'node:fs';
import { constants } from 'node:os';
import type { DiskKind, Observed } from '../model/disk.ts';
import { DiskError } from './file-system.ts';

const typeMask = 0o170000;
const kinds: Readonly<Record<number, DiskKind>> = {
  0o100000: 'file',
  0o040000: 'directory',
  0o120000: 'symlink',
};

/** What a stat says, in the model's words. */
export function statsToObserved(stats: BigIntStats): Observed {
  const mode = Number(stats.mode);
  return {
    kind: kinds[mode & typeMask] ?? 'other',
    sizeBytes: Number(stats.size),
    modifiedAtNs: stats.mtimeNs,
    changedAtNs: stats.ctimeNs,
    inode: stats.ino,
    device: stats.dev,
    mode: mode & 0o7777,
    links: Number(stats.nlink),
  };
}

/** A thrown value of node:fs as a {@link DiskError}; anything that is no system failure is handed back as it is. */
export function toDiskError(error: unknown, call: string, path: string): unknown {
  if (error instanceof DiskError) return error;
  const code = codeOfError(error);
  if (code === undefined) return error;
  // Node refuses a path with a NUL by itself; the system would say EINVAL.
  return new DiskError(code === 'ERR_INVALID_ARG_VALUE' ? 'EINVAL' : code, call, path, error);
}

/** The code of a thrown value, if it has one. */
export function codeOfError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (!/^unknown/i.test(error.code) || !('errno' in error) || typeof error.errno !== 'number')
    return error.code;
  return namesByNumber.get(-error.errno) ?? error.code;
}

/** The code for a number of this system, as a native call sets it. */
export function systemCode(errno: number): string {
  return namesByNumber.get(errno) ?? 'EIO';
}

/** Node's own table of codes leaves out some that disks give, a reached quota among them. Of two names for one number the first counts. */
const namesByNumber: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno)
    .map(([name, errno]) => [errno, name] as const)
    .reverse(),
);
