import type { BaseLook, BaseRow, BaseStatus } from '../model/base-row.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import { contentDigest } from './digests.ts';
import type { FolderIndex } from './folder-index.ts';
import { toBlob, toBlobOrNull, toHashOrNone } from './hex.ts';
import type { IndexTries } from './index-tries.ts';
import { parentColumn, rangeBelow, sortedByPath } from './path-range.ts';
import {
  columnsToContent,
  type ContentColumns,
  contentToColumns,
  observedToText,
  pastToText,
  textToObserved,
  textToPast,
} from './row-text.ts';
import { largeFileBytes } from './schema.ts';
import type { Transactions } from './transactions.ts';

interface StoredLook {
  readonly path: string;
  readonly status: string;
  readonly observed: string | null;
  readonly disk_name: string | null;
}

interface Stored extends StoredLook, ContentColumns {
  readonly shown: Uint8Array | null;
  readonly seen: string;
}

const columns = 'path, status, shown, kind, content, size, target, seen, observed, disk_name';

/** What this device last made true at every path; keeps the materialised trie in step. */
export function createBaseRows(
  db: Database,
  transactions: Transactions,
  tries: IndexTries,
): Pick<
  FolderIndex,
  | 'base'
  | 'baseChildren'
  | 'baseLooks'
  | 'baseBelow'
  | 'baseByStatus'
  | 'putBase'
  | 'removeBase'
  | 'hasFileOfSize'
  | 'pathsHolding'
  | 'baseByInode'
> {
  return {
    base(path) {
      const row = db.one<Stored>(`SELECT ${columns} FROM base WHERE path = ?`, path);
      return row === undefined ? undefined : toBaseRow(row);
    },
    baseChildren(directory) {
      const sql = `SELECT ${columns} FROM base WHERE parent = ?`;
      return sortedByPath(db.all<Stored>(sql, directory ?? '').map(toBaseRow));
    },
    baseLooks(directory) {
      const sql = 'SELECT path, status, observed, disk_name FROM base WHERE parent = ?';
      return sortedByPath(db.all<StoredLook>(sql, directory ?? '').map(toBaseLook));
    },
    baseBelow(directory) {
      const { first, end } = rangeBelow(directory);
      const sql = `SELECT ${columns} FROM base WHERE path >= ? AND path < ?`;
      return sortedByPath(db.all<Stored>(sql, first, end).map(toBaseRow));
    },
    baseByStatus(status, after, limit) {
      const sql = `SELECT ${columns} FROM base WHERE status <> 'held' AND status = ? AND path > ? ORDER BY path LIMIT ?`;
      return db.all<Stored>(sql, status, after ?? '', limit).map(toBaseRow);
    },
    putBase(row) {
      transactions.required();
      db.run(
        `INSERT INTO base
           (path, parent, status, shown, kind, content, size, target, seen, observed, inode, disk_name)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (path) DO UPDATE SET status = excluded.status, shown = excluded.shown, kind = excluded.kind,
           content = excluded.content, size = excluded.size, target = excluded.target, seen = excluded.seen,
           observed = excluded.observed, inode = excluded.inode, disk_name = excluded.disk_name`,
        row.path,
        parentColumn(row.path),
        row.status,
        toBlobOrNull(row.shown),
        ...contentToColumns(row.content),
        pastToText(row.seen),
        row.observed === undefined ? null : observedToText(row.observed),
        row.observed === undefined ? null : String(row.observed.inode),
        row.diskName ?? null,
      );
      const served = row.status === 'held' ? row.content : undefined;
      tries.setHeld(row.path, served === undefined ? undefined : contentDigest(served));
    },
    removeBase(path) {
      transactions.required();
      db.run('DELETE FROM base WHERE path = ?', path);
      tries.setHeld(path, undefined);
    },
    pathsHolding(content, limit) {
      const sql = `SELECT ${columns} FROM base WHERE status = 'held' AND content = ? ORDER BY path LIMIT ?`;
      return db.all<Stored>(sql, toBlob(content), limit).map(toBaseRow);
    },
    hasFileOfSize(sizeBytes) {
      const sql = `SELECT 1 FROM base WHERE size = ? AND size >= ${largeFileBytes} AND status = 'held' LIMIT 1`;
      return db.one(sql, sizeBytes) !== undefined;
    },
    baseByInode(inode) {
      const sql = `SELECT ${columns} FROM base WHERE status = 'held' AND inode = ?`;
      return sortedByPath(db.all<Stored>(sql, String(inode)).map(toBaseRow));
    },
  };
}

function toBaseLook(row: StoredLook): BaseLook {
  return {
    path: row.path as RelativePath,
    status: row.status as BaseStatus,
    observed: row.observed === null ? undefined : textToObserved(row.observed),
    ...(row.disk_name === null ? {} : { diskName: row.disk_name }),
  };
}

function toBaseRow(row: Stored): BaseRow {
  return {
    ...toBaseLook(row),
    shown: toHashOrNone(row.shown),
    content: columnsToContent(row),
    seen: textToPast(row.seen),
  };
}
