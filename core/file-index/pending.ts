import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { FolderIndex, PendingRow } from './folder-index.ts';
import type { Transactions } from './transactions.ts';

interface Stored {
  readonly path: string;
  readonly need_bytes: number;
}

/** The paths that wait for the inward path. */
export function createPending(
  db: Database,
  transactions: Transactions,
): Pick<FolderIndex, 'markPending' | 'clearPending' | 'pending' | 'pendingAt'> {
  return {
    markPending({ path, needBytes }) {
      transactions.required();
      db.run(
        `INSERT INTO pending (path, need_bytes) VALUES (?, ?)
         ON CONFLICT (path) DO UPDATE SET need_bytes = excluded.need_bytes`,
        path,
        needBytes,
      );
    },
    clearPending(path) {
      transactions.required();
      db.run('DELETE FROM pending WHERE path = ?', path);
    },
    pending: (after, limit) =>
      db
        .all<Stored>(
          'SELECT path, need_bytes FROM pending WHERE path > ? ORDER BY path LIMIT ?',
          after ?? '',
          limit,
        )
        .map(toPendingRow),
    pendingAt(path) {
      const row = db.one<Stored>('SELECT path, need_bytes FROM pending WHERE path = ?', path);
      return row === undefined ? undefined : toPendingRow(row);
    },
  };
}

const toPendingRow = (row: Stored): PendingRow => ({
  path: row.path as RelativePath,
  needBytes: row.need_bytes,
});
