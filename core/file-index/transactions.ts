import { invariant } from '../base/base.ts';
import type { Database } from './database.ts';

/** Transactions that take memory along: what was changed beside the rows is undone with them. */
export interface Transactions {
  /**
   * Runs `work` in a durable transaction, or as a part of the open one. A throw out of either undoes all of the transaction, last step first, and so does a failure of SQLite; where somewhere within
   * swallowed it, it is thrown again at the end.
   */
  run<T>(work: () => T): T;
  /** Throws a bug unless a transaction is open, and what undoes it if that is certain already. */
  required(): void;
  /** Remembers how to undo a change made in memory, should the rows be rolled back. */
  onRollback(undo: () => void): void;
  /** Runs `work` at the end of every transaction, still inside it. */
  beforeCommit(work: () => void): void;
}

/**
 * {@link Transactions} over `db`; nothing else may begin or end one. Parts are no savepoints: under one, each statement that fires triggers costs SQLite time by all that was written since it began, four times as much in a
 * transaction of a thousand files.
 */
export function createTransactions(db: Database): Transactions {
  const undoing: (() => void)[] = [];
  const finishing: (() => void)[] = [];
  let isOpen = false;
  /** What a part threw. */
  let ended: { readonly error: unknown } | undefined;

  const rollBack = (): void => {
    while (undoing.length > 0) undoing.pop()?.();
    isOpen = false;
    ended = undefined;
    // A failing disk can make SQLite end the transaction by itself.
    if (db.isInTransaction) db.script('ROLLBACK');
    db.forgetFailure();
  };
  const unharmed = (): void => {
    if (ended !== undefined) throw ended.error;
    if (db.failure !== undefined) throw db.failure;
  };
  const done = <T>(work: () => T): T => {
    const result = work();
    invariant(!(result instanceof Promise), 'a transaction of the index does not wait');
    unharmed();
    return result;
  };

  const runPart = <T>(work: () => T): T => {
    unharmed();
    try {
      return done(work);
    } catch (error) {
      ended ??= { error };
      throw error;
    }
  };

  return {
    run(work) {
      if (isOpen) return runPart(work);
      db.forgetFailure();
      db.script('BEGIN IMMEDIATE');
      isOpen = true;
      try {
        const result = done(work);
        for (const finish of finishing) finish();
        unharmed();
        db.script('COMMIT');
        undoing.length = 0;
        isOpen = false;
        return result;
      } catch (error) {
        rollBack();
        throw error;
      }
    },
    required() {
      invariant(isOpen, 'the index is written inside a transaction');
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
