import type { DiskError } from '../filesystem/filesystem.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem, ProblemKind } from '../model/problem.ts';

const kinds: Readonly<Record<string, ProblemKind>> = {
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EACCES: 'unwritable',
  EPERM: 'unwritable',
  EROFS: 'unwritable',
  EBUSY: 'unwritable',
  ETXTBSY: 'unwritable',
  ENAMETOOLONG: 'name-too-long',
  EINVAL: 'name-not-allowed',
  EILSEQ: 'name-not-allowed',
};

/** What a failed call means for one path. */
export function problemOf(error: DiskError, path: RelativePath): Problem {
  return { kind: kinds[error.code] ?? 'disk-error', path, where: path, cause: error.code };
}

/** Disks there are that say of a name they refuse that nothing is there. */
export function nameRefused(error: DiskError, path: RelativePath): Problem {
  return { kind: 'name-not-allowed', path, where: path, cause: error.code };
}
