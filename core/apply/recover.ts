import { DiskError } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import { isExecutable } from '../model/disk.ts';
import { type CommitContext, isSameButRenamed } from './commit.ts';

/**
 * After a stop in mid-commit: finds out for each intent, from the disk alone, whether its change happened, and makes the index say so.
 * What happened becomes base (with the kept version); what did not is forgotten and will be planned again; a user's change made meanwhile is
 * left for the scan to find. Run before the first scan. Nothing is deleted but our own staged files and links.
 */
export function recoverCommits(context: CommitContext): void {
  const { index } = context;
  for (const intent of index.intents()) {
    const verdict = intent.staged === undefined ? recoverRetire(context, intent) : recoverPlace(context, intent);
    index.transaction(() => {
      if (verdict === 'happened') {
        recordVersion(context, intent);
        if (intent.becomes === undefined) index.removeBase(intent.path);
        else index.putBase(intent.becomes);
      }
      index.removeIntent(intent.path);
    });
  }
}

/** Removes from staging what no commit under way needs any more; unfinished downloads named in `keep` stay for their next try. */
export function sweepStaging(context: CommitContext, keep: ReadonlySet<string>): void {
  const { fileSystem, root } = context;
  for (const listed of fileSystem.list(root.staging)) {
    if (!('name' in listed) || keep.has(listed.name)) continue;
    try {
      fileSystem.remove(root.stagedAt(listed.name));
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
  }
}

function recoverPlace(context: CommitContext, intent: Intent): 'happened' | 'did-not' {
  const { fileSystem, root, spell } = context;
  const staged = intent.staged;
  const target = root.at(spell(intent.path));
  const now = fileSystem.look(target);
  if (staged === undefined || now === undefined || now.inode !== staged.inode) {
    discardVersion(context, intent);
    return 'did-not';
  }
  const left = intent.stagedName === undefined ? undefined : fileSystem.look(root.stagedAt(intent.stagedName));
  if (left !== undefined && left.inode !== now.inode && intent.stagedName !== undefined) {
    if (intent.replaced === undefined || !isSameButRenamed(left, intent.replaced)) {
      // What the exchange brought out was saved by somebody in the last instant, and the stop came before it was put back.
      fileSystem.exchange(root.stagedAt(intent.stagedName), target);
      discardVersion(context, intent);
      return 'did-not';
    }
    fileSystem.remove(root.stagedAt(intent.stagedName));
  }
  return 'happened';
}

function recoverRetire(context: CommitContext, intent: Intent): 'happened' | 'did-not' {
  const { fileSystem, root, spell } = context;
  const target = root.at(spell(intent.path));
  const now = fileSystem.look(target);
  const version = intent.version === undefined ? undefined : root.versionAt(intent.version.storedName);
  const moved = version === undefined ? undefined : fileSystem.look(version);
  if (moved === undefined || version === undefined) return now === undefined && intent.version?.keep === false ? 'happened' : 'did-not';
  if (intent.replaced !== undefined && isSameButRenamed(moved, intent.replaced)) return 'happened';
  // Somebody had saved over it in the last instant: it goes back where it was, unless they have made a new one since.
  if (now === undefined) fileSystem.renameNew(version, target);
  return 'did-not';
}

function discardVersion(context: CommitContext, intent: Intent): void {
  if (intent.version === undefined) return;
  const { fileSystem, root, spell } = context;
  const version = root.versionAt(intent.version.storedName);
  const link = fileSystem.look(version);
  // Only a second name of what is still in place may go.
  if (link !== undefined && link.inode === fileSystem.look(root.at(spell(intent.path)))?.inode) fileSystem.remove(version);
}

function recordVersion(context: CommitContext, intent: Intent): void {
  const { index, fileSystem, root } = context;
  if (intent.version === undefined || intent.replaced === undefined) return;
  const path = root.versionAt(intent.version.storedName);
  if (fileSystem.look(path) === undefined) return;
  const content = index.base(intent.path)?.content;
  if (!intent.version.keep || content === undefined) {
    if (!intent.version.keep) fileSystem.remove(path);
    return;
  }
  index.addVersion({
    path: intent.path,
    content,
    storedName: intent.version.storedName,
    replacedAt: context.clock.now(),
    replacedBy: undefined,
    reason: intent.becomes === undefined ? 'deleted' : 'replaced',
    executable: isExecutable(intent.replaced.mode),
    modifiedAtNs: intent.replaced.modifiedAtNs,
  });
}
