import { invariant } from '../base/base.ts';
import type { Database } from './database.ts';

/** Transactions that take memory along: what was changed beside the rows is undone with them. */
export interface Transactions {
  /** Runs `work` in a durable transaction, or as a part of the open one that can fail alone. A throw undoes what it did, last step first; so does a failure of SQLite that `work` swallowed, which is thrown again at its end. */
  run<T>(work: () => T): T;
  /** Throws a bug unless a transaction is open. */
  required(): void;
  /** Remembers how to undo a change made in memory, should the rows be rolled back. */
  onRollback(undo: () => void): void;
  /** Runs `work` at the end of every transaction, still inside it. */
  beforeCommit(work: () => void): void;
}

/** {@link Transactions} over `db`; nothing else may begin or end one. */
export function createTransactions(db: Database): Transactions {
  const undoing: (() => void)[] = [];
  const finishing: (() => void)[] = [];
  let depth = 0;

  const rollBack = (mark: number): void => {
    while (undoing.length > mark) undoing.pop()?.();
    depth -= 1;
    // A failing disk can make SQLite end the whole transaction by itself: then nothing is left to roll back to, and the failure
    // stands until the outermost part has gone too.
    const isOver = !db.isInTransaction;
    if (!isOver) db.script(depth === 0 ? 'ROLLBACK' : `ROLLBACK TO part${depth}; RELEASE part${depth}`);
    if (!isOver || depth === 0) db.forgetFailure();
  };
  const unharmed = (): void => {
    if (db.failure !== undefined) throw db.failure;
  };

  return {
    run(work) {
      if (depth > 0) unharmed();
      else db.forgetFailure();
      db.script(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT part${depth}`);
      depth += 1;
      const mark = undoing.length;
      try {
        const result = work();
        invariant(!(result instanceof Promise), 'a transaction of the index does not wait');
        unharmed();
        if (depth === 1) {
          for (const finish of finishing) finish();
          db.script('COMMIT');
          undoing.length = 0;
        } else db.script(`RELEASE part${depth - 1}`);
        depth -= 1;
        return result;
      } catch (error) {
        rollBack(mark);
        throw error;
      }
    },
    required() {
      invariant(depth > 0, 'the index is written inside a transaction');
      unharmed();
    },
    onRollback(undo) {
      undoing.push(undo);
    },
    beforeCommit(work) {
      finishing.push(work);
    },
  };
}
