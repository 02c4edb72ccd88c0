import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { FileCounts, FolderIndex, ViewRow } from './folder-index.ts';
import { toBlobOrNull, toHashOrNone } from './hex.ts';
import { parentColumn, rangeBelow, sortedByPath } from './path-range.ts';
import { columnsToContent, type ContentColumns, contentToColumns } from './row-text.ts';
import type { Transactions } from './transactions.ts';

interface Stored extends ContentColumns {
  readonly path: string;
  readonly winner: Uint8Array | null;
  readonly conflicts: number;
}

const columns = 'path, winner, kind, content, size, target, conflicts';

/** The view of every path. */
export function createViewRows(
  db: Database,
  transactions: Transactions,
): Pick<
  FolderIndex,
  'view' | 'putView' | 'removeView' | 'hasLivingBelow' | 'countBelow' | 'viewChildren' | 'conflicts'
> {
  return {
    view(path) {
      const row = db.one<Stored>(`SELECT ${columns} FROM view WHERE path = ?`, path);
      return row === undefined ? undefined : toViewRow(row);
    },
    putView({ path, winner, content, conflicts }) {
      transactions.required();
      db.run(
        `INSERT INTO view (path, parent, winner, kind, content, size, target, conflicts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (path) DO UPDATE SET winner = excluded.winner, kind = excluded.kind, content = excluded.content,
           size = excluded.size, target = excluded.target, conflicts = excluded.conflicts`,
        path,
        parentColumn(path),
        toBlobOrNull(winner),
        ...contentToColumns(content),
        conflicts,
      );
    },
    removeView(path) {
      transactions.required();
      db.run('DELETE FROM view WHERE path = ?', path);
    },
    hasLivingBelow(path) {
      const { first, end } = rangeBelow(path);
      const sql = `SELECT 1 FROM view WHERE kind IS NOT NULL AND parent = ? UNION ALL
          SELECT 1 FROM view WHERE kind IS NOT NULL AND parent >= ? AND parent < ? LIMIT 1`;
      return db.one(sql, path, first, end) !== undefined;
    },
    countBelow(path) {
      const { first, end } = rangeBelow(path);
      const sql = `SELECT count(*) FILTER (WHERE kind = 'file') AS files, count(*) FILTER (WHERE kind = 'directory') AS directories,
          coalesce(sum(size) FILTER (WHERE kind = 'file'), 0) AS bytes FROM view WHERE path >= ? AND path < ?`;
      return db.one<FileCounts>(sql, first, end) as FileCounts;
    },
    viewChildren(directory) {
      const sql = `SELECT ${columns} FROM view WHERE kind IS NOT NULL AND parent = ?`;
      return sortedByPath(db.all<Stored>(sql, directory ?? '').map(toViewRow));
    },
    conflicts(after, limit) {
      const sql = `SELECT ${columns} FROM view WHERE conflicts > 0 AND path > ? ORDER BY path LIMIT ?`;
      return db.all<Stored>(sql, after ?? '', limit).map(toViewRow);
    },
  };
}

function toViewRow(row: Stored): ViewRow {
  return {
    path: row.path as RelativePath,
    winner: toHashOrNone(row.winner),
    content: columnsToContent(row),
    conflicts: row.conflicts,
  };
}
