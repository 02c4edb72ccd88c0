import { DiskError } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { CommitContext } from './commit.ts';
import { versionOf } from './kept-versions.ts';
import { type Settled, settleIntent } from './settle-intent.ts';

/**
 * After a stop in mid-commit: finds out for each intent, from the disk alone, whether its change happened, and makes the index say so.
 * What happened becomes base (with the kept version); what did not is forgotten and will be planned again; a user's change made meanwhile is
 * left for the scan to find. Run before the first scan. Nothing of a user's is removed; an intent whose place cannot be looked at now stays.
 */
export function recoverCommits(context: CommitContext): void {
  const settled = context.index.intents().map((intent) => ({ intent, ...trySettle(context, intent) }));
  // Only now is it known which bytes have another name: a move that happened lets go what one that did not must keep.
  for (const { intent, ...what } of settled) recordSettled(context, intent, what);
}

/** The same for one path, before it is committed anew; false if its intent has to stay. */
export function recoverCommit(context: CommitContext, intent: Intent): boolean {
  const settled = trySettle(context, intent);
  recordSettled(context, intent, settled);
  return settled.verdict !== 'unknown';
}

function trySettle(context: CommitContext, intent: Intent): Settled {
  try {
    return settleIntent(context, intent);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { verdict: 'unknown', stored: [] };
  }
}

function recordSettled(context: CommitContext, intent: Intent, { verdict, stored }: Settled): void {
  const { index } = context;
  if (verdict === 'unknown') return;
  const because = { reason: intent.becomes === undefined ? 'deleted' : 'replaced', replacedBy: authorOf(context, intent) } as const;
  const versions = stored.flatMap((file) => versionOf(context, file, because) ?? []);
  index.transaction(() => {
    for (const version of versions) index.addVersion(version);
    recordVerdict(context, intent, verdict);
    index.removeIntent(intent.path);
  });
}

function recordVerdict({ index, fileSystem, root, spell }: CommitContext, intent: Intent, verdict: Settled['verdict']): void {
  const { path, becomes, replaced } = intent;
  switch (verdict) {
    case 'happened':
      if (becomes === undefined) index.removeBase(path);
      else index.putBase(becomes);
      return;
    case 'redo':
      index.removeBase(path);
      return;
    case 'refresh': {
      const base = index.base(path);
      const observed = fileSystem.look(root.at(spell(path)));
      // With the old change time, so that the scan reads the file: an edit could hide behind the time just set.
      if (base !== undefined && observed !== undefined && replaced !== undefined) {
        index.putBase({ ...base, observed: { ...observed, changedAtNs: replaced.changedAtNs } });
      }
      return;
    }
    case 'did-not':
    case 'unknown':
  }
}

function authorOf({ index }: CommitContext, { becomes }: Intent): DeviceKey | undefined {
  return becomes?.shown === undefined ? undefined : index.entry(becomes.shown)?.member.author;
}
