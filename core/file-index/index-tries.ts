import { invariant } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { FolderIndex } from './folder-index.ts';
import { toBlob } from './hex.ts';
import type { Transactions } from './transactions.ts';
import { createMerkleTrie, type MerkleTrie } from './trie.ts';
import { itemBytes, writeItem } from './trie-items.ts';

/** The two tries of a folder, each a copy in memory of a table of keys and digests, changed and rolled back together with it. */
export interface IndexTries
  extends Pick<FolderIndex, 'state' | 'materialised' | 'keyOf' | 'pathsByKeys' | 'pathsUnder'> {
  /** The state at `path` has this digest, or undefined when nothing is known there any more. */
  setState(path: RelativePath, digest: Hash | undefined): void;
  /** This disk holds `path` with this digest, or undefined when it does not. */
  setHeld(path: RelativePath, digest: Hash | undefined): void;
}

/** Reads both tables whole and builds the tries over them. */
export function loadTries(
  db: Database,
  transactions: Transactions,
  keyOf: (path: RelativePath) => string,
): IndexTries {
  const state = loadStoredTrie(db, transactions, 'state_path');
  const held = loadStoredTrie(db, transactions, 'held_path');
  const pathOf = (row: number): RelativePath => {
    const stored = db.one<{ path: RelativePath }>('SELECT path FROM state_path WHERE id = ?', row);
    invariant(stored !== undefined, 'a key of the state trie has a row');
    return stored.path;
  };
  return {
    state: state.trie,
    materialised: held.trie,
    keyOf,
    setState: (path, digest) => state.put(keyOf(path), path, digest),
    setHeld: (path, digest) => held.put(keyOf(path), path, digest),
    pathsByKeys: (keys) =>
      keys.flatMap((key) => {
        const item = state.trie.item(key);
        return item === undefined ? [] : [pathOf(item.row)];
      }),
    pathsUnder: (prefix, after, limit) =>
      state.trie.keysUnder(prefix, after, limit).map(({ key, row }) => ({ key, path: pathOf(row) })),
  };
}

/** Rows lie in the order they came, not by key: keys are random, and a table in their order would rewrite a page for every path. */
interface StoredTrie {
  readonly trie: MerkleTrie;
  put(key: string, path: RelativePath, digest: Hash | undefined): void;
}

function loadStoredTrie(
  db: Database,
  transactions: Transactions,
  table: 'state_path' | 'held_path',
): StoredTrie {
  const trie = createMerkleTrie();
  const found = db.one<{ rows: number; last: number | null }>(
    `SELECT count(*) AS rows, max(id) AS last FROM ${table}`,
  );
  let nextRow = (found?.last ?? 0) + 1;
  const items = new Uint8Array((found?.rows ?? 0) * itemBytes);
  let place = 0;
  db.each(`SELECT key, digest, id FROM ${table} ORDER BY key`, ([key, digest, row]) => {
    writeItem(items, place, key as Uint8Array, digest as Uint8Array, row as number);
    place += 1;
  });
  trie.load(items);

  const insert =
    table === 'state_path'
      ? 'INSERT INTO state_path (id, key, digest, path) VALUES (?, ?, ?, ?)'
      : 'INSERT INTO held_path (id, key, digest) VALUES (?, ?, ?)';
  return {
    trie,
    put(key, path, digest) {
      const before = trie.item(key);
      if (before?.digest === digest) return;
      if (digest === undefined) {
        if (before !== undefined) db.run(`DELETE FROM ${table} WHERE id = ?`, before.row);
        trie.remove(key);
      } else if (before === undefined) {
        const extra = table === 'state_path' ? [path] : [];
        db.run(insert, nextRow, toBlob(key), toBlob(digest), ...extra);
        trie.set(key, { digest, row: nextRow });
        nextRow += 1;
      } else {
        db.run(`UPDATE ${table} SET digest = ? WHERE id = ?`, toBlob(digest), before.row);
        trie.set(key, { digest, row: before.row });
      }
      transactions.onRollback(() => (before === undefined ? trie.remove(key) : trie.set(key, before)));
    },
  };
}
