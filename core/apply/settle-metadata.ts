import type { DiskPath } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { CommitContext } from './commit.ts';
import type { Settled } from './settle-intent.ts';

/**
 * Setting mode and time stopped half way: if nothing else differs it was us, and the row follows the disk. Times are not compared, since a
 * disk may keep them more coarsely; the scan reads such a file anyway.
 */
export function settleMetadata(
  { fileSystem }: CommitContext,
  { replaced, staged }: Intent,
  target: DiskPath | undefined,
): Settled {
  const now = target === undefined ? undefined : fileSystem.look(target);
  const isOurs =
    now !== undefined &&
    replaced !== undefined &&
    now.inode === replaced.inode &&
    now.sizeBytes === replaced.sizeBytes &&
    (now.mode === replaced.mode || now.mode === staged?.mode);
  return { verdict: isOurs ? 'refresh' : 'did-not', stored: [] };
}
