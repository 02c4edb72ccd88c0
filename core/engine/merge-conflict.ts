import { Buffer } from 'node:buffer';
import type { Clock } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import { fromOfWrite } from '../reconcile/reconcile.ts';
import { activityName } from './activity.ts';
import { findConflict } from './conflicts.ts';
import type { AttachedFolder } from './folders.ts';
import { versionOf } from './journal.ts';
import { sessionOf } from './places.ts';

/** LIMIT: what a person can put together by hand. */
const maxMergedBytes = 512 * 1024;
const nsPerMs = 1_000_000n;

/**
 * Settles a conflict of files by bytes a person put together from the versions: they go to the version store, then one write that has seen all that stands
 * names them. Stopped in between, they are a version of the path and nothing else has changed. Throws as `resolveConflict` does, and `no-space` or `disk-failed`.
 */
export async function mergeConflict(
  folders: readonly AttachedFolder[],
  wish: { readonly id: string; readonly bytes: string },
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<{ readonly undoId: string }> {
  const bytes = Buffer.from(wish.bytes, 'base64');
  if (bytes.length > maxMergedBytes)
    throw new SyncError('bad-argument', { what: 'bytes', reason: 'too-long' });
  const { folder, conflict } = findConflict(folders, wish.id);
  const { path, view } = conflict;
  if (view.content?.kind !== 'file') throw new SyncError('not-allowed', { what: 'no-file', path });
  const contents = sessionOf(folder).contents();
  if (contents === undefined)
    throw new SyncError('directory-missing', { path: folder.settings.path }, { retry: 'after-user' });
  const content = await contents.keep(path, bytes, signal);
  // What came meanwhile was not before anyone's eyes.
  const { versions } = findConflict(folders, wish.id).conflict;
  const from = fromOfWrite(
    versions.flatMap((version) => [
      { content: version.content, from: [] },
      ...version.members.map(({ entry }) => ({ content: undefined, from: entry.from })),
    ]),
    content,
  );
  const shown = versions[0]?.members[0];
  const executable = (shown === undefined ? undefined : versionOf(shown))?.executable ?? false;
  const modifiedAtNs = BigInt(clock.now()) * nsPerMs;
  const write = { path, content, executable, modifiedAtNs, from, seen: 'everything' } as const;
  const act = sessionOf(folder).act({ kind: 'resolved', path }, [write]);
  return { undoId: activityName(folder.id, act) };
}
