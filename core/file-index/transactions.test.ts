import { describe, expect, test } from 'vitest';
import { openDatabase, type SqliteSource } from './database.ts';
import { createTransactions } from './transactions.ts';

const sources: readonly SqliteSource[] = ['node', 'package'];

describe.each(sources)('transactions on %s SQLite', (sqlite) => {
  /** A database that is full after some 20 rows. */
  const openSmall = async () => {
    const db = await openDatabase(':memory:', sqlite);
    db.script('CREATE TABLE item (name TEXT PRIMARY KEY, bytes BLOB) STRICT; PRAGMA max_page_count = 24');
    const transactions = createTransactions(db);
    const names = new Set<string>();
    const add = (name: string, sizeBytes = 10): void => {
      transactions.required();
      if (!names.has(name)) transactions.onRollback(() => names.delete(name));
      names.add(name);
      db.run('INSERT INTO item (name, bytes) VALUES (?, ?)', name, new Uint8Array(sizeBytes));
    };
    const stored = (): unknown => [
      db.all<{ name: string }>('SELECT name FROM item ORDER BY name').map(({ name }) => name),
      [...names].sort(),
    ];
    return { db, transactions, add, stored };
  };
  const full = expect.objectContaining({ name: 'SyncError', code: 'no-space' });

  test('[FI24] a full disk undoes the transaction', async () => {
    const { transactions, add, stored } = await openSmall();
    transactions.run(() => add('before'));
    expect(() =>
      transactions.run(() => {
        for (let i = 0; i < 100; i++) add(String(i), 4000);
      }),
    ).toThrow(full);
    expect(stored()).toEqual([['before'], ['before']]);
    transactions.run(() => add('after'));
    expect(stored()).toEqual([
      ['after', 'before'],
      ['after', 'before'],
    ]);
  });

  test('[FI24] a failure that is swallowed still undoes the transaction', async () => {
    const { transactions, add, stored } = await openSmall();
    const swallow = (work: () => void): void => {
      try {
        work();
      } catch {
        // What the transaction must not rely on.
      }
    };
    const work = (): void => {
      add('small');
      swallow(() => add('great', 200_000));
    };
    expect(() => transactions.run(work)).toThrow(full);
    expect(stored()).toEqual([[], []]);
    expect(() =>
      transactions.run(() => {
        add('outer');
        swallow(() => add('outer'));
        add('more');
      }),
    ).toThrow('UNIQUE');
    expect(stored()).toEqual([[], []]);
  });

  test.each([
    ['SQLite', 'UNIQUE'],
    ['a program', 'not so'],
  ])('[FI24] a part that failed by %s undoes all of it, though that was swallowed', async (who, message) => {
    const { transactions, add, stored } = await openSmall();
    transactions.run(() => add('before'));
    const failing = (): void => {
      add('inner');
      if (who === 'SQLite') add('outer');
      else throw new Error('not so');
    };
    expect(() =>
      transactions.run(() => {
        add('outer');
        expect(() => transactions.run(failing)).toThrow(message);
        expect(() => transactions.run(() => {})).toThrow(message);
        expect(() => add('more')).toThrow(message);
      }),
    ).toThrow(message);
    expect(stored()).toEqual([['before'], ['before']]);
    transactions.run(() => add('after'));
    expect(stored()).toEqual([
      ['after', 'before'],
      ['after', 'before'],
    ]);
  });

  test('[FI24] a transaction that SQLite ended by itself is not written on', async () => {
    const { db, transactions, add, stored } = await openSmall();
    expect(() =>
      transactions.run(() => {
        add('outer');
        try {
          transactions.run(() => {
            add('inner');
            // Ends the transaction as a failing disk does.
            db.run('INSERT OR ROLLBACK INTO item (name) VALUES (?)', 'inner');
          });
        } catch {
          add('behind its back');
        }
      }),
    ).toThrow('UNIQUE');
    expect(stored()).toEqual([[], []]);
  });
});
