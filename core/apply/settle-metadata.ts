import type { DiskPath } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { CommitContext } from './commit.ts';
import type { Settled } from './settle-intent.ts';

/** Setting mode and time stopped half way: if all that differs is what was to be set, it was us, and the row follows the disk. */
export function settleMetadata({ fileSystem }: CommitContext, { replaced, staged }: Intent, target: DiskPath | undefined): Settled {
  const now = target === undefined ? undefined : fileSystem.look(target);
  const isOurs =
    now !== undefined &&
    replaced !== undefined &&
    now.inode === replaced.inode &&
    now.sizeBytes === replaced.sizeBytes &&
    (now.mode === replaced.mode || now.mode === staged?.mode) &&
    (now.modifiedAtNs === replaced.modifiedAtNs || now.modifiedAtNs === staged?.modifiedAtNs);
  return { verdict: isOurs ? 'refresh' : 'did-not', stored: [] };
}
