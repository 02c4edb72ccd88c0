import type { ActivityRow, FolderIndex } from '../file-index/file-index.ts';
import { SyncError } from '../model/errors.ts';
import { fromOfWrite } from '../reconcile/reconcile.ts';
import { activityName, findActivity, isUndoable } from './activity.ts';
import { sameVersions } from './conflicts.ts';
import type { DecidedWrite } from './folder-state.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import { type Act, versionsOf } from './journal.ts';
import { sessionOf } from './places.ts';
import { wantedOf } from './restore.ts';
import { viewAt } from './view-at.ts';

/** What `undo` takes back when nothing is named. */
const acts: ReadonlySet<ActivityRow['kind']> = new Set(['resolved', 'restored', 'allowed']);
/** LIMIT: how far back the last act of a person is looked for. */
const rowsLookedAt = 10_000;

/**
 * Takes back an act or a change, by default the last resolution, restore or answer made on this device: what stood before each of its paths is written again upon
 * what it had left there, so that later changes of others stay beside it. What has no bytes anywhere connected stays as it is.
 * Throws SyncError `not-found` (nothing to take back, or none of its versions can be had) or `not-allowed`.
 */
export async function undo(
  folders: Folders,
  name: string | undefined,
  self: ActivityRow['device'],
  signal: AbortSignal,
): Promise<{ readonly undone: string; readonly undoId: string; readonly missing: readonly string[] }> {
  const { folder, row } = name === undefined ? lastAct(folders, self) : findActivity(folders, name);
  if (!isUndoable(row))
    throw new SyncError('not-allowed', { what: row.undone ? 'undone-already' : 'not-undoable' });
  const changes = row.change === undefined ? folder.index.partsOfActivity(row.id) : [row];
  const { missing, act } = await takeBack(folder, changes, signal, {
    act: { kind: 'undone', path: row.path },
    also: () => folder.index.setUndone(row.id, true),
  });
  return { undone: activityName(folder.id, row.id), undoId: activityName(folder.id, act), missing };
}

/**
 * Writes again what stood before changes, given oldest first, as one act; later changes of others stay beside it. `missing` are the paths whose
 * former bytes no connected device has; if that is all of them, throws SyncError `not-found` and does nothing.
 */
export async function takeBack(
  folder: AttachedFolder,
  changes: readonly ActivityRow[],
  signal: AbortSignal,
  how: { readonly act: Act; readonly also: () => void },
): Promise<{ readonly act: number; readonly missing: readonly string[] }> {
  const session = sessionOf(folder);
  const { index } = folder;
  const wanted = changes.flatMap(({ path, change }) => {
    const [shown] = change?.before ?? [];
    return path === undefined || shown === undefined ? [] : wantedOf(path, shown);
  });
  const found = await session.contents()?.obtain(wanted, signal);
  const isMissing = ({ change }: ActivityRow): boolean => {
    const content = change?.before[0]?.content;
    return content?.kind === 'file' && found?.get(content.content) === 'missing';
  };
  const missing = changes.filter(isMissing).flatMap(({ path }) => path ?? []);
  if (missing.length > 0 && missing.length === changes.length)
    throw new SyncError('not-found', { what: 'content', path: missing[0] ?? '' }, { retry: 'after-user' });
  const writes = changes
    .toReversed()
    .flatMap((change) => (isMissing(change) ? [] : writesBack(index, change)));
  return { act: session.act(how.act, writes, { also: how.also }), missing };
}

function lastAct(
  folders: Folders,
  self: ActivityRow['device'],
): { readonly folder: AttachedFolder; readonly row: ActivityRow } {
  const lastOfEach = folders.all().flatMap((folder) => {
    const row = folder.index
      .activities(undefined, rowsLookedAt)
      .find(
        ({ kind, device, change, undone }) =>
          acts.has(kind) && device === self && change === undefined && !undone,
      );
    return row === undefined ? [] : [{ folder, row }];
  });
  const [newest] = lastOfEach.sort((a, b) => b.row.at - a.row.at);
  if (newest === undefined) throw new SyncError('not-found', { what: 'activity' });
  return newest;
}

/** Whether what stood before a change stands there now, so that there is nothing to take back. */
export function isTakenBack(index: FolderIndex, { path, change }: ActivityRow): boolean {
  if (path === undefined || change === undefined) return true;
  return sameVersions(change.before, versionsOf(viewAt(index, path)));
}

/** The versions before a change, the one that was shown last so that it is the largest again; where nothing was, a deletion. */
function writesBack(index: FolderIndex, row: ActivityRow): DecidedWrite[] {
  const { path, change } = row;
  if (path === undefined || change === undefined || isTakenBack(index, row)) return [];
  const { before, seen } = change;
  if (before.length === 0) {
    const { content, winner } = viewAt(index, path);
    const from = fromOfWrite([{ content, from: winner?.entry.from ?? [] }], undefined);
    return [{ path, content: undefined, executable: false, modifiedAtNs: 0n, from, seen }];
  }
  // Their own `from` again and no more: what they were edited from must not settle between them.
  return before.toReversed().map((version) => ({ path, ...version, seen }));
}
