import { invariant } from '../base/base.ts';
import type { DeviceKey, HashPrefix } from '../model/ids.ts';
import { unionPasts } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { ActivityRow, FolderIndex, FormerVersion } from './folder-index.ts';
import { toBlob, toHex } from './hex.ts';
import { rangeBelow } from './path-range.ts';
import { columnsToContent, contentToColumns, pastToText, textToPast } from './row-text.ts';
import type { Transactions } from './transactions.ts';

interface Stored {
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly path: string;
  readonly device: Uint8Array;
  readonly part_of: number | null;
  readonly before: string | null;
  readonly seen: string | null;
  readonly undone: number;
}

/** A {@link FormerVersion} as JSON can hold it. */
type StoredVersion = readonly [
  kind: string,
  content: string | null,
  size: number | null,
  target: string | null,
  executable: 0 | 1,
  modifiedAtNs: string,
  author: string,
  from: string,
];

/** With min() the other columns are those of the row that has the least number. */
const firstRow = 'min(id) AS id, at, kind, path, device, part_of, before, seen, undone';

/** What happened in the folder, and what stood before. */
export function createActivities(
  db: Database,
  transactions: Transactions,
): Pick<
  FolderIndex,
  | 'addActivity'
  | 'activity'
  | 'activities'
  | 'partsOfActivity'
  | 'changesOf'
  | 'pathsWithActivity'
  | 'firstChangesSince'
  | 'firstChangesBy'
  | 'adoptChanges'
  | 'setUndone'
  | 'trimActivities'
> {
  return {
    addActivity({ at, kind, path, device, partOf, change }) {
      transactions.required();
      const row = db.one<{ id: number }>(
        `INSERT INTO activity (at, kind, path, device, part_of, before, seen) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        at,
        kind,
        path ?? '',
        toBlob(device),
        partOf ?? null,
        change === undefined ? null : JSON.stringify(change.before.map(versionToStored)),
        change === undefined ? null : pastToText(change.seen),
      );
      invariant(row !== undefined, 'an activity that was added has a number');
      return row.id;
    },
    activity(id) {
      const row = db.one<Stored>('SELECT * FROM activity WHERE id = ?', id);
      return row === undefined ? undefined : toActivityRow(row);
    },
    activities: (before, limit) =>
      db
        .all<Stored>(
          'SELECT * FROM activity WHERE part_of IS NULL AND id < ? ORDER BY id DESC LIMIT ?',
          before ?? Number.MAX_SAFE_INTEGER,
          limit,
        )
        .map(toActivityRow),
    partsOfActivity: (id) =>
      db.all<Stored>('SELECT * FROM activity WHERE part_of = ? ORDER BY id', id).map(toActivityRow),
    changesOf: (path, limit) =>
      db
        .all<Stored>(
          'SELECT * FROM activity WHERE path = ? AND before IS NOT NULL ORDER BY id DESC LIMIT ?',
          path,
          limit,
        )
        .map(toActivityRow),
    pathsWithActivity(under) {
      const { first, end } = under === undefined ? { first: '', end: '' } : rangeBelow(under);
      const where = under === undefined ? "path > ''" : 'path >= ? AND path < ?';
      return db
        .all<Pick<Stored, 'path'>>(
          `SELECT DISTINCT path FROM activity WHERE ${where} ORDER BY path`,
          ...(under === undefined ? [] : [first, end]),
        )
        .map(({ path }) => path as RelativePath);
    },
    firstChangesSince(at, under) {
      const { first, end } = under === undefined ? { first: '', end: '' } : rangeBelow(under);
      const where = under === undefined ? 'TRUE' : '(path = ? OR (path >= ? AND path < ?))';
      const sql = `SELECT ${firstRow} FROM activity WHERE before IS NOT NULL AND at > ? AND ${where} GROUP BY path ORDER BY path`;
      const values = under === undefined ? [at] : [at, under, first, end];
      return db.all<Stored>(sql, ...values).map(toActivityRow);
    },
    firstChangesBy(device, at) {
      const sql =
        'SELECT * FROM activity WHERE before IS NOT NULL AND at > ? AND device = ? ORDER BY path, id';
      const firsts: ActivityRow[] = [];
      for (const row of db.all<Stored>(sql, at, toBlob(device)).map(toActivityRow)) {
        const first = firsts.at(-1);
        if (first?.path !== row.path) firsts.push(row);
        else if (first?.change !== undefined && row.change !== undefined)
          firsts[firsts.length - 1] = {
            ...first,
            change: { ...first.change, seen: unionPasts(first.change.seen, row.change.seen) },
          };
      }
      return firsts;
    },
    adoptChanges(id, device, since) {
      transactions.required();
      db.run(
        'UPDATE activity SET part_of = ? WHERE before IS NOT NULL AND part_of IS NULL AND device = ? AND at >= ?',
        id,
        toBlob(device),
        since,
      );
    },
    setUndone(id, undone) {
      transactions.required();
      db.run('UPDATE activity SET undone = ? WHERE id = ?', undone ? 1 : 0, id);
    },
    trimActivities({ olderThan, keepNewest }) {
      transactions.required();
      const last = db.one<{ id: number | null }>(
        `SELECT max(id) AS id FROM activity WHERE at < ? OR id <= (SELECT id FROM activity ORDER BY id DESC LIMIT 1 OFFSET ?)`,
        olderThan,
        keepNewest,
      )?.id;
      if (last === undefined || last === null) return undefined;
      const newest = db.one<{ at: number }>('SELECT max(at) AS at FROM activity WHERE id <= ?', last)?.at;
      db.run('DELETE FROM activity WHERE id <= ?', last);
      return newest;
    },
  };
}

function toActivityRow(row: Stored): ActivityRow {
  const change =
    row.before === null || row.seen === null
      ? undefined
      : {
          before: (JSON.parse(row.before) as StoredVersion[]).map(storedToVersion),
          seen: textToPast(row.seen),
        };
  return {
    id: row.id,
    at: row.at,
    kind: row.kind as ActivityRow['kind'],
    path: row.path === '' ? undefined : (row.path as RelativePath),
    device: toHex(row.device) as DeviceKey,
    partOf: row.part_of ?? undefined,
    change,
    undone: row.undone !== 0,
  };
}

function versionToStored(version: FormerVersion): StoredVersion {
  const [kind, content, size, target] = contentToColumns(version.content);
  return [
    kind ?? '',
    content === null ? null : toHex(content),
    size,
    target,
    version.executable ? 1 : 0,
    String(version.modifiedAtNs),
    version.author,
    version.from.join(' '),
  ];
}

function storedToVersion(stored: StoredVersion): FormerVersion {
  const [kind, hash, size, target, executable, modifiedAtNs, author, from] = stored;
  const content = columnsToContent({ kind, content: hash === null ? null : toBlob(hash), size, target });
  invariant(content !== undefined, 'a former version has content');
  return {
    content,
    executable: executable === 1,
    modifiedAtNs: BigInt(modifiedAtNs),
    author: author as DeviceKey,
    from: from === '' ? [] : (from.split(' ') as HashPrefix[]),
  };
}
