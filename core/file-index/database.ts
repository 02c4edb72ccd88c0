import { invariant } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';

/** What a column can hold here; exact whole numbers beyond 2^53 are kept as decimal text. */
export type SqlValue = null | number | string | Uint8Array;

/** Which SQLite is used: the one built into Node, or the package with the same calls for runtimes that lack it. */
export type SqliteSource = 'node' | 'package';

/** One open SQLite file. Statements are prepared once and kept. Every call throws {@link SyncError} for a failing disk or file. */
export interface Database {
  /** Runs a statement that returns nothing; the result is how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number;
  /** The first row, if any. */
  one<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  /** All rows, in the statement's order. */
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[];
  /** Hands over the rows one after the other, as arrays of columns. */
  each(sql: string, visit: (columns: readonly SqlValue[]) => void): void;
  /** Runs a script of statements without values. */
  script(sql: string): void;
  /** Whether SQLite is inside a transaction; some failures end it behind the caller's back. */
  readonly isInTransaction: boolean;
  /** What the last failing call threw, until {@link forgetFailure}; a transaction with a failed step must not be committed. */
  readonly failure: Error | undefined;
  forgetFailure(): void;
  close(): void;
}

interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...values: readonly SqlValue[]): unknown;
  all(...values: readonly SqlValue[]): unknown[];
  iterate(...values: readonly SqlValue[]): Iterable<unknown>;
  setReturnArrays(enabled: boolean): void;
}

interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
  readonly isTransaction: boolean;
}

interface Sqlite {
  readonly DatabaseSync: new (file: string) => Connection;
}

/**
 * The file is locked once and for all: asking for the lock anew takes three times as long as what most statements do.
 * LIMIT: 4,000 pages of 4 KiB in the write-ahead log before it is folded back, so that bursts of commits are not interrupted
 * often and the log stays near 16 MiB; five seconds of patience with another process that looks at the file.
 */
const settings = `
  PRAGMA busy_timeout = 5000;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA cache_size = -16384;
  PRAGMA temp_store = MEMORY;
`;

/**
 * Opens or creates the SQLite file `file` (`:memory:` for none). Every commit is flushed to the disk before it returns.
 * Throws SyncError `index-unreadable` if the file is something else or damaged, `home-in-use` if another process holds it, `disk-failed` or `no-space`.
 */
export async function openDatabase(file: string, source?: SqliteSource): Promise<Database> {
  const { DatabaseSync } = await loadSqlite(source);
  let failure: Error | undefined;
  const guarded = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      failure = explained(error, file);
      throw failure;
    }
  };
  const connection = guarded(() => new DatabaseSync(file));
  try {
    guarded(() => connection.exec(settings));
  } catch (error) {
    connection.close();
    throw error;
  }
  const prepared = new Map<string, Statement>();
  const statement = (sql: string): Statement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = connection.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  return {
    run: (sql, ...values) => guarded(() => Number(statement(sql).run(...values).changes)),
    one: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      guarded(() => statement(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      guarded(() => statement(sql).all(...values) as Row[]),
    each(sql, visit) {
      guarded(() => {
        const rows = connection.prepare(sql);
        rows.setReturnArrays(true);
        for (const row of rows.iterate()) visit(row as readonly SqlValue[]);
      });
    },
    script: (sql) => guarded(() => connection.exec(sql)),
    get isInTransaction() {
      return connection.isTransaction;
    },
    get failure() {
      return failure;
    },
    forgetFailure() {
      failure = undefined;
    },
    close() {
      prepared.clear();
      guarded(() => connection.close());
    },
  };
}

async function loadSqlite(source: SqliteSource | undefined): Promise<Sqlite> {
  const builtIn = source === 'package' ? undefined : process.getBuiltinModule?.('node:sqlite');
  if (builtIn !== undefined) return builtIn;
  return await import('@photostructure/sqlite');
}

/** SQLite's primary result codes, from sqlite3.h. */
const primaryCodes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
};

/** What a failure of SQLite means to the engine; anything else, such as a wrong statement, is passed on as it is. */
function explained(error: unknown, file: string): Error {
  invariant(error instanceof Error, 'SQLite throws errors');
  if (!('errcode' in error) || typeof error.errcode !== 'number') return error;
  const facts = { file, reason: error.message };
  switch (error.errcode & 0xff) {
    case primaryCodes.corrupt:
    case primaryCodes.notADatabase:
      return new SyncError('index-unreadable', facts, { cause: error });
    case primaryCodes.full:
      return new SyncError('no-space', facts, { retry: 'after-user', cause: error });
    case primaryCodes.busy:
    case primaryCodes.locked:
      return new SyncError('home-in-use', facts, { retry: 'soon', cause: error });
    case primaryCodes.ioError:
    case primaryCodes.cannotOpen:
    case primaryCodes.readOnly:
      return new SyncError('disk-failed', facts, { retry: 'after-user', cause: error });
    default:
      return error;
  }
}
