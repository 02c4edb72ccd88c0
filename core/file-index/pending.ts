import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { FolderIndex, Loss, LossCount, PendingRow } from './folder-index.ts';
import { toBlob, toBlobOrNull, toHex } from './hex.ts';
import type { Transactions } from './transactions.ts';

interface Stored {
  readonly path: string;
  readonly need_bytes: number;
  readonly loss: string | null;
  readonly loss_author: Uint8Array | null;
  readonly loss_at: number | null;
}

const columns = 'path, need_bytes, loss, loss_author, loss_at';

/** The paths that wait for the inward path. */
export function createPending(
  db: Database,
  transactions: Transactions,
): Pick<
  FolderIndex,
  'markPending' | 'clearPending' | 'pending' | 'pendingAt' | 'lossCounts' | 'pendingLosses'
> {
  return {
    markPending({ path, needBytes, loss }) {
      transactions.required();
      db.run(
        `INSERT INTO pending (${columns}) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (path) DO UPDATE SET need_bytes = excluded.need_bytes, loss = excluded.loss,
           loss_author = excluded.loss_author, loss_at = excluded.loss_at`,
        path,
        needBytes,
        loss?.kind ?? null,
        toBlobOrNull(loss?.author),
        loss?.at ?? null,
      );
    },
    clearPending(path) {
      transactions.required();
      db.run('DELETE FROM pending WHERE path = ?', path);
    },
    pending: (after, limit) =>
      db
        .all<Stored>(
          `SELECT ${columns} FROM pending WHERE path > ? ORDER BY path LIMIT ?`,
          after ?? '',
          limit,
        )
        .map(toPendingRow),
    pendingAt(path) {
      const row = db.one<Stored>(`SELECT ${columns} FROM pending WHERE path = ?`, path);
      return row === undefined ? undefined : toPendingRow(row);
    },
    lossCounts: () =>
      db
        .all<{ readonly author: Uint8Array; readonly removed: number; readonly replaced: number }>(
          `SELECT loss_author AS author, sum(loss = 'removed') AS removed, sum(loss = 'replaced') AS replaced
           FROM pending WHERE loss_author IS NOT NULL GROUP BY loss_author ORDER BY loss_author`,
        )
        .map(({ author, ...counts }): LossCount => ({ author: toHex(author) as DeviceKey, ...counts })),
    pendingLosses: (author, limit) =>
      db
        .all<Stored>(
          `SELECT ${columns} FROM pending WHERE loss_author = ? ORDER BY path LIMIT ?`,
          toBlob(author),
          limit,
        )
        .map(toPendingRow)
        .flatMap((row) => (row.loss === undefined ? [] : [{ ...row, loss: row.loss }])),
  };
}

function toPendingRow(row: Stored): PendingRow {
  const { path, need_bytes: needBytes, loss, loss_author: author, loss_at: at } = row;
  const common = { path: path as RelativePath, needBytes };
  if (loss === null || author === null || at === null) return common;
  return {
    ...common,
    loss: { kind: loss as Loss['kind'], author: toHex(author) as DeviceKey, at },
  };
}
