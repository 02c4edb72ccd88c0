import { DiskError, type DiskPath, parentDisk } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { CommitContext } from './commit.ts';
import { flushEachDirectory } from './flush.ts';
import { versionOf } from './kept-versions.ts';
import { type Settled, settleIntent } from './settle-intent.ts';

/**
 * After a stop in mid-commit: finds out for each intent, from the disk alone, whether its change happened, and makes the index say so, once the
 * disk is sure to go on saying so. What happened becomes base (with the kept version); what did not is forgotten and will be planned again; a
 * user's change made meanwhile is left for the scan to find. Run before every scan, with what tells which paths are being committed just now; those are left alone.
 * Nothing of a user's is removed; an intent whose place cannot be looked at or flushed now stays.
 */
export async function recoverCommits(
  context: CommitContext,
  isCommitting: (path: RelativePath) => boolean = () => false,
): Promise<void> {
  await recover(
    context,
    context.index.intents().filter(({ path }) => !isCommitting(path)),
  );
}

/** The same for one path, before it is committed anew; false if its intent has to stay. */
export async function recoverCommit(context: CommitContext, intent: Intent): Promise<boolean> {
  return (await recover(context, [intent])) === 1;
}

/** Gives how many of the intents were settled. */
async function recover(context: CommitContext, intents: readonly Intent[]): Promise<number> {
  const settled = intents.map((intent) => ({ intent, ...trySettle(context, intent) }));
  const known = settled.filter(({ verdict }) => verdict !== 'unknown');
  const failures = await flushAround(context, known);
  const durable = known.filter(({ intent }) => !failures.has(parentAt(context, intent)));
  if (durable.length === 0 || failures.has(context.root.staging) || failures.has(context.root.versions))
    return 0;
  // Only now is it known which bytes have another name: a move that happened lets go what one that did not must keep.
  for (const { intent, ...what } of durable) recordSettled(context, intent, what);
  return durable.length;
}

function flushAround(
  context: CommitContext,
  settled: readonly { readonly intent: Intent }[],
): Promise<ReadonlyMap<DiskPath, DiskError>> {
  const { fileSystem, root } = context;
  if (settled.length === 0) return Promise.resolve(new Map());
  const directories = [
    root.staging,
    root.versions,
    ...settled.map(({ intent }) => parentAt(context, intent)),
  ];
  return flushEachDirectory(directories, (paths) => fileSystem.flushDirectories(paths));
}

function parentAt({ root, spell }: CommitContext, { path }: Intent): DiskPath {
  return parentDisk(root.at(spell(path)));
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
  const because = {
    reason: intent.becomes === undefined ? 'deleted' : 'replaced',
    replacedBy: authorOf(context, intent),
  } as const;
  const versions = stored.flatMap((file) => versionOf(context, file, because) ?? []);
  index.transaction(() => {
    for (const version of versions) index.addVersion(version);
    recordVerdict(context, intent, verdict);
    index.removeIntent(intent.path);
  });
}

function recordVerdict(
  { index, fileSystem, root, spell }: CommitContext,
  intent: Intent,
  verdict: Settled['verdict'],
): void {
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
