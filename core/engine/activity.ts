import type { ActivityRow } from '../file-index/file-index.ts';
import { SyncError } from '../model/errors.ts';
import type { FolderId } from '../model/ids.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { ActivityItem } from './api.ts';
import type { AttachedFolder, Folders } from './folders.ts';

/** LIMIT: rows read from one folder at a time. */
const rowsAtATime = 500;
/** LIMIT: rows in one answer, also when none was asked for. */
const maxItems = 10_000;
/** How much of the folder's id stands in an activity's: enough to tell the folders of one device apart. */
const folderDigits = 8;

/** What a person can take back: acts, and changes of which the former state is known. */
const undoableKinds: ReadonlySet<ActivityRow['kind']> = new Set([
  'written',
  'deleted',
  'resolved',
  'restored',
  'undone',
  'allowed',
  'set-aside',
]);
const toldKinds: ReadonlySet<ActivityRow['kind']> = new Set([
  'conflict',
  'resolved',
  'kept',
  'restored',
  'undone',
  'allowed',
  'set-aside',
]);

/** Whether those who follow events hear of it; single changes are told when they reach the disk. */
export function isToldOf({ kind }: ActivityRow): boolean {
  return toldKinds.has(kind);
}

/** Whether it can be taken back now. */
export function isUndoable({ kind, undone }: ActivityRow): boolean {
  return !undone && undoableKinds.has(kind);
}

/** How an activity is called on this device. */
export function activityName(folderId: FolderId, id: number): string {
  return `${folderId.slice(0, folderDigits)}-${id}`;
}

/** A row as it is told. */
export function activityItem(
  folderId: FolderId,
  row: ActivityRow,
): Omit<ActivityItem, 'kind'> & { readonly what: ActivityRow['kind'] } {
  return {
    id: activityName(folderId, row.id),
    at: new Date(row.at).toISOString(),
    what: row.kind,
    folderId,
    path: row.path ?? '',
    device: deviceKeyToText(row.device),
    isNew: row.kind === 'written' && row.change?.before.length === 0,
    undoable: isUndoable(row),
  };
}

/** The row that `name` names; throws SyncError `not-found`. */
export function findActivity(
  folders: Folders,
  name: string,
): { readonly folder: AttachedFolder; readonly row: ActivityRow } {
  const [, digits = '', id = ''] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(name) ?? [];
  for (const folder of folders.all()) {
    if (digits === '' || !folder.id.startsWith(digits)) continue;
    const row = folder.index.activity(Number(id));
    if (row !== undefined) return { folder, row };
  }
  throw new SyncError('not-found', { what: 'activity', text: name });
}

/** What happened in folders, newest first: not before `since`, after the item `after` names, at most `limit`. */
export function listActivity(
  folders: readonly AttachedFolder[],
  options: {
    readonly since: number | undefined;
    readonly after: { readonly folder: AttachedFolder; readonly row: ActivityRow } | undefined;
    readonly limit: number | undefined;
  },
): ActivityItem[] {
  const { since = Number.NEGATIVE_INFINITY, after } = options;
  const limit = Math.min(options.limit ?? maxItems, maxItems);
  const isLater = (folder: AttachedFolder, row: ActivityRow): boolean =>
    after === undefined || compare({ folder, row }, after) > 0;
  // Who asks for a few of the newest, as every picture of the device does, reads no more than those.
  const rowsRead = after === undefined ? Math.min(limit, rowsAtATime) : rowsAtATime;
  const found = folders.flatMap((folder) => {
    const rows: ActivityRow[] = [];
    let before: number | undefined;
    while (rows.length < limit) {
      const page = folder.index.activities(before, rowsRead);
      rows.push(...page.filter((row) => row.at >= since && isLater(folder, row)));
      before = page.at(-1)?.id;
      if (page.length < rowsRead || (page.at(-1)?.at ?? since) < since) break;
    }
    return rows.map((row) => ({ folder, row }));
  });
  return found
    .sort(compare)
    .slice(0, limit)
    .map(({ folder, row }) => {
      const { what, ...item } = activityItem(folder.id, row);
      return { ...item, kind: what };
    });
}

interface Found {
  readonly folder: AttachedFolder;
  readonly row: ActivityRow;
}

/** Newest first; of one moment by folder, then the later one first. */
function compare(a: Found, b: Found): number {
  return (
    b.row.at - a.row.at ||
    (a.folder.id < b.folder.id ? -1 : a.folder.id > b.folder.id ? 1 : b.row.id - a.row.id)
  );
}
