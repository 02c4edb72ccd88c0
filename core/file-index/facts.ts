import type { Database } from './database.ts';
import type { FolderIndex } from './folder-index.ts';
import type { Transactions } from './transactions.ts';

/** Small named texts. */
export function createFacts(db: Database, transactions: Transactions): Pick<FolderIndex, 'fact' | 'setFact'> {
  return {
    fact: (name) => db.one<{ value: string }>('SELECT value FROM fact WHERE name = ?', name)?.value,
    setFact(name, value) {
      transactions.required();
      if (value === undefined) db.run('DELETE FROM fact WHERE name = ?', name);
      else db.run('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)', name, value);
    },
  };
}
