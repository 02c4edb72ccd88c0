import { type DiskPath, nameOfDisk, parentDisk } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import { type CommitContext, isSameInode } from './commit.ts';
import type { Settled } from './settle-intent.ts';

/** What was set aside to be spelled anew gets its place; if its directory is gone it stays aside, and the intent with it. */
export function settleRespell(
  { fileSystem, root }: CommitContext,
  intent: Intent,
  target: DiskPath | undefined,
): Settled {
  const { stagedName, staged } = intent;
  const aside = root.stagedAt(stagedName ?? '');
  const left = fileSystem.look(aside);
  if (left !== undefined) {
    if (target === undefined || fileSystem.look(target) !== undefined)
      return { verdict: 'unknown', stored: [] };
    fileSystem.renameNew(aside, target);
  }
  const now = target === undefined ? undefined : fileSystem.look(target);
  const isSpelledSo =
    target !== undefined &&
    now !== undefined &&
    isSameInode(now, staged) &&
    fileSystem
      .list(parentDisk(target))
      .some((listed) => 'name' in listed && listed.name === nameOfDisk(target));
  return { verdict: isSpelledSo ? 'happened' : 'did-not', stored: [] };
}
