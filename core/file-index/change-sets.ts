import type { DeviceKey, Hash } from '../model/ids.ts';
import type { Database } from './database.ts';
import type { FolderIndex } from './folder-index.ts';
import { toBlob, toHash, toHex } from './hex.ts';
import type { Transactions } from './transactions.ts';

/** Change sets, which live as long as one of their entries does. */
export interface ChangeSets extends Pick<FolderIndex, 'putChangeSet' | 'changeSet'> {
  /** An entry of the set went; if at the end of the transaction none is left, so does the set. */
  lostEntry(id: Hash): void;
}

interface Stored {
  readonly author: Uint8Array;
  readonly count: number;
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
  readonly hashes: Uint8Array | null;
}

/** {@link ChangeSets} in `db`. */
export function createChangeSets(db: Database, transactions: Transactions): ChangeSets {
  // Judged only when the transaction ends: another entry of the same set may come in after the first one went.
  const maybeEmpty = new Set<Hash>();
  transactions.beforeCommit(() => {
    for (const id of maybeEmpty) {
      db.run(
        'DELETE FROM change_set WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM entry WHERE change_set = ?1)',
        toBlob(id),
      );
    }
    maybeEmpty.clear();
  });
  return {
    putChangeSet({ id, author, count, root, signature, hashes }) {
      transactions.required();
      db.run(
        `INSERT INTO change_set (id, author, count, root, signature, hashes) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET hashes = ifnull(excluded.hashes, hashes)`,
        toBlob(id),
        toBlob(author),
        count,
        toBlob(root),
        signature,
        hashes ?? null,
      );
    },
    changeSet(id) {
      const row = db.one<Stored>(
        'SELECT author, count, root, signature, hashes FROM change_set WHERE id = ?',
        toBlob(id),
      );
      if (row === undefined) return undefined;
      return {
        id,
        author: toHex(row.author) as DeviceKey,
        count: row.count,
        root: toHash(row.root),
        signature: row.signature,
        hashes: row.hashes ?? undefined,
      };
    },
    lostEntry(id) {
      if (maybeEmpty.has(id)) return;
      maybeEmpty.add(id);
      transactions.onRollback(() => maybeEmpty.delete(id));
    },
  };
}
