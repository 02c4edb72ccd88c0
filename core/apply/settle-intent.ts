import type { DiskPath } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import { type CommitContext, isSameButRenamed, isSameInode } from './commit.ts';
import { isStoredWhole, type StoredFile } from './kept-versions.ts';
import { isRespellName, readCommitName, versionName } from './private-names.ts';
import { settleMetadata } from './settle-metadata.ts';
import { settleRespell } from './settle-respell.ts';

/**
 * What the disk says of an intent. `happened`: its row is true. `did-not`: everything is as before, or as the user made it since.
 * `redo`: what was to be replaced is not there, which is no deletion. `refresh`: only mode or time were set, perhaps not both.
 * `unknown`: the disk cannot be asked now, so the intent stays.
 */
export interface Settled {
  readonly verdict: 'happened' | 'did-not' | 'redo' | 'refresh' | 'unknown';
  /** What lies in the version store now and is in no row. */
  readonly stored: readonly StoredFile[];
}

/**
 * Brings the disk to one side of a commit that stopped half way, by failing or by a crash, asking the disk alone: what happened stays,
 * what a user saved in the last instant goes back to where they saved it, and nothing of theirs is removed. Throws DiskError, with
 * everything still under some name; it can then be called again.
 */
export function settleIntent(context: CommitContext, intent: Intent): Settled {
  const { root, spell } = context;
  const spelled = spell(intent.path);
  const fault = root.parentFault(spelled);
  if (root.parentFault('x') !== undefined || fault === 'other-device') return { verdict: 'unknown', stored: [] };
  // Below what is no real directory any more nothing of ours stands, and nothing is to be touched.
  const target = fault === undefined ? root.at(spelled) : undefined;
  if (intent.stagedName !== undefined && isRespellName(intent.stagedName)) return settleRespell(context, intent, target);
  if (intent.stagedName !== undefined && intent.staged !== undefined) {
    return settlePlace(context, { ...intent, stagedName: intent.stagedName, staged: intent.staged }, target);
  }
  return intent.staged === undefined ? settleRemoval(context, intent, target) : settleMetadata(context, intent, target);
}

type PlaceIntent = Intent & { readonly stagedName: string; readonly staged: Observed };

function settlePlace(context: CommitContext, intent: PlaceIntent, target: DiskPath | undefined): Settled {
  const { fileSystem, root } = context;
  const { staged, replaced } = intent;
  const aside = root.stagedAt(intent.stagedName);
  const stored: StoredFile[] = [];
  let now = look(context, target);
  const left = fileSystem.look(aside);
  if (target !== undefined && now !== undefined && isSameInode(now, staged) && left !== undefined) {
    const cameOut = !isSameInode(left, staged) && (replaced === undefined || !isSameButRenamed(left, replaced));
    // Somebody saved in the last instant and has not touched what came in its place: what they saved goes back.
    if (cameOut && isSameButRenamed(now, staged) && fileSystem.exchange(aside, target)) {
      now = fileSystem.look(target);
      // Unless they saved once more while it did: then the newest stays in place, and the one before is kept.
      const out = fileSystem.look(aside);
      if (out !== undefined && !isSameInode(out, staged)) {
        fileSystem.exchange(aside, target);
        now = fileSystem.look(target);
      }
    }
  }
  clearAside(context, intent, aside, stored);
  clearVersion(context, intent, now, stored);
  if (now !== undefined && isSameInode(now, staged)) return { verdict: 'happened', stored };
  return { verdict: now === undefined && replaced !== undefined ? 'redo' : 'did-not', stored };
}

/** What lies under the commit's own name goes where it belongs: the staged file back to its part, anything else to the version store. */
function clearAside({ fileSystem, root, index, random }: CommitContext, intent: PlaceIntent, aside: DiskPath, stored: StoredFile[]): void {
  const { path, staged, replaced, version } = intent;
  const left = fileSystem.look(aside);
  if (left === undefined) return;
  if (isSameInode(left, staged)) {
    const part = root.stagedAt(readCommitName(intent.stagedName)?.stagedName ?? intent.stagedName);
    if (left.kind === 'file' && left.links === 1 && fileSystem.look(part) === undefined) fileSystem.renameNew(aside, part);
    else fileSystem.remove(aside);
    return;
  }
  const isOld = isSameInode(left, replaced);
  const kept = version === undefined ? undefined : fileSystem.look(root.versionAt(version.storedName));
  if (isOld && kept !== undefined && isSameInode(kept, left)) {
    fileSystem.remove(aside);
    return;
  }
  const storedName = isOld && version !== undefined && kept === undefined ? version.storedName : versionName(index, random, path);
  fileSystem.renameNew(aside, root.versionAt(storedName));
  if (storedName !== version?.storedName) stored.push({ path, storedName, keep: true, row: undefined });
}

/** A second name or a half copy of what is still in place goes; what has no other name is kept. */
function clearVersion({ fileSystem, root, index }: CommitContext, intent: Intent, now: Observed | undefined, stored: StoredFile[]): void {
  const { path, version, replaced } = intent;
  if (version === undefined) return;
  const at = root.versionAt(version.storedName);
  const kept = fileSystem.look(at);
  if (kept === undefined) return;
  const isSecondName = now !== undefined && isSameInode(kept, now);
  const isCopy = replaced !== undefined && !isSameInode(kept, replaced);
  const isNeedless = isCopy && ((now !== undefined && isSameInode(now, replaced)) || !isStoredWhole(kept, replaced));
  if (isSecondName || (isNeedless && kept.kind === 'file')) fileSystem.remove(at);
  else stored.push({ path, storedName: version.storedName, keep: version.keep, row: index.base(path) });
}

function settleRemoval(context: CommitContext, intent: Intent, target: DiskPath | undefined): Settled {
  const { fileSystem, root } = context;
  const { path, version, replaced } = intent;
  const now = look(context, target);
  const at = version === undefined ? undefined : root.versionAt(version.storedName);
  const kept = at === undefined ? undefined : fileSystem.look(at);
  if (version === undefined || at === undefined || kept === undefined) {
    return { verdict: now === undefined ? 'happened' : 'did-not', stored: [] };
  }
  if (now !== undefined && isSameInode(now, kept)) {
    fileSystem.remove(at);
    return { verdict: 'did-not', stored: [] };
  }
  const isOld = replaced !== undefined && isSameButRenamed(kept, replaced);
  if (!isOld && now === undefined && target !== undefined) {
    // Somebody had saved over it in the last instant: it goes back where it was.
    fileSystem.renameNew(at, target);
    return { verdict: 'did-not', stored: [] };
  }
  const row = context.index.base(path);
  return { verdict: isOld ? 'happened' : 'did-not', stored: [{ path, storedName: version.storedName, keep: version.keep || !isOld, row }] };
}

function look({ fileSystem }: CommitContext, target: DiskPath | undefined): Observed | undefined {
  return target === undefined ? undefined : fileSystem.look(target);
}
