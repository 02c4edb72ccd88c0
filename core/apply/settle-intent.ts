import { type DiskPath, nameOfDisk } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import { type CommitContext, isSameButRenamed, isSameInode } from './commit.ts';
import type { StoredFile } from './kept-versions.ts';
import { isPartName, isRespellName, readCommitName, versionName } from './private-names.ts';
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
  if (root.parentFault('x') !== undefined || fault === 'other-device')
    return { verdict: 'unknown', stored: [] };
  // Below what is no real directory any more nothing of ours stands, and nothing is to be touched.
  const target = fault === undefined ? root.at(spelled) : undefined;
  if (intent.stagedName !== undefined && isRespellName(intent.stagedName))
    return settleRespell(context, intent, target);
  if (intent.stagedName !== undefined && intent.staged !== undefined) {
    return settlePlace(context, { ...intent, stagedName: intent.stagedName, staged: intent.staged }, target);
  }
  return intent.staged === undefined
    ? settleRemoval(context, intent, target)
    : settleMetadata(context, intent, target);
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
    const cameOut =
      !isSameInode(left, staged) && (replaced === undefined || !isSameButRenamed(left, replaced));
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
  if (target !== undefined && now === undefined) now = putBack(context, intent, target, left);
  clearAside(context, intent, aside, stored);
  clearVersion(context, intent, now, stored);
  if (now !== undefined && isSameInode(now, staged)) return { verdict: 'happened', stored };
  return { verdict: now === undefined && replaced !== undefined ? 'redo' : 'did-not', stored };
}

/** Where the old one was set aside and the new one never came, the old one returns, spelled as it was; gives what is there then. */
function putBack(
  context: CommitContext,
  intent: PlaceIntent,
  target: DiskPath,
  left: Observed | undefined,
): Observed | undefined {
  const { fileSystem, root, index, spell } = context;
  const at = intent.version === undefined ? undefined : root.versionAt(intent.version.storedName);
  const kept = at === undefined ? undefined : fileSystem.look(at);
  if (at === undefined || kept === undefined || left === undefined || !isSameInode(left, intent.staged))
    return undefined;
  const rows = index.baseByInode(kept.inode);
  const row = rows.some(({ path }) => path === intent.path) ? undefined : rows[0];
  fileSystem.renameNew(at, row === undefined ? target : root.at(spell(row.path)));
  return fileSystem.look(target);
}

/** What lies under the commit's own name goes where it belongs, and so does what was staged for it and never came so far. */
function clearAside(
  context: CommitContext,
  intent: PlaceIntent,
  aside: DiskPath,
  stored: StoredFile[],
): void {
  const { fileSystem, root } = context;
  const { path, staged, replaced, version } = intent;
  const origin = root.stagedAt(readCommitName(intent.stagedName)?.stagedName ?? intent.stagedName);
  const waiting = fileSystem.look(origin);
  if (waiting !== undefined && isSameInode(waiting, staged))
    clearStaged(context, { path, at: origin, origin }, waiting, stored);
  const left = fileSystem.look(aside);
  if (left === undefined) return;
  if (isSameInode(left, staged)) {
    clearStaged(context, { path, at: aside, origin }, left, stored);
    return;
  }
  const isOld = isSameInode(left, replaced);
  const kept = version === undefined ? undefined : fileSystem.look(root.versionAt(version.storedName));
  if (isOld && kept !== undefined && isSameInode(kept, left)) fileSystem.remove(aside);
  else if (isOld && kept === undefined && version !== undefined)
    fileSystem.renameNew(aside, root.versionAt(version.storedName));
  else keepStray(context, path, aside, stored);
}

/** A download stays for another try, a link goes, and a moved file's last name is kept. */
function clearStaged(
  context: CommitContext,
  { path, at, origin }: { readonly path: RelativePath; readonly at: DiskPath; readonly origin: DiskPath },
  staged: Observed,
  stored: StoredFile[],
): void {
  const { fileSystem } = context;
  if (staged.kind === 'symlink' || staged.links > 1) fileSystem.remove(at);
  else if (!isPartName(nameOfDisk(origin))) keepStray(context, path, at, stored);
  else if (at !== origin && fileSystem.look(origin) === undefined) fileSystem.renameNew(at, origin);
  else if (at !== origin) fileSystem.remove(at);
}

/** Somebody's bytes that have no place in the folder any more. */
function keepStray(
  { fileSystem, root, index, random }: CommitContext,
  path: RelativePath,
  at: DiskPath,
  stored: StoredFile[],
): void {
  const storedName = versionName(index, random, path);
  fileSystem.renameNew(at, root.versionAt(storedName));
  stored.push({ path, storedName, keep: true, row: undefined });
}

/** A second name of what is still in place goes; what has no other name is kept. */
function clearVersion(
  { fileSystem, root, index }: CommitContext,
  intent: Intent,
  now: Observed | undefined,
  stored: StoredFile[],
): void {
  const { path, version } = intent;
  if (version === undefined) return;
  const at = root.versionAt(version.storedName);
  const kept = fileSystem.look(at);
  if (kept === undefined) return;
  if (now !== undefined && isSameInode(now, kept)) fileSystem.remove(at);
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
  return {
    verdict: isOld ? 'happened' : 'did-not',
    stored: [{ path, storedName: version.storedName, keep: version.keep || !isOld, row }],
  };
}

function look({ fileSystem }: CommitContext, target: DiskPath | undefined): Observed | undefined {
  return target === undefined ? undefined : fileSystem.look(target);
}
