import { SyncError } from '../model/errors.ts';
import type { Database } from './database.ts';

/** The layout below; kept in the file's `user_version`. */
const schemaVersion = 5;

/** From this size on files are found by it. */
export const largeFileBytes = 32 * 1024 * 1024;

const forLargeFiles = `
  CREATE INDEX base_large ON base(size) WHERE size >= ${largeFileBytes};
`;

const forForgetting = `
  CREATE INDEX view_nothing ON view(path) WHERE kind IS NULL OR winner IS NULL;
  CREATE TABLE applied (
    device BLOB PRIMARY KEY,
    serial INTEGER NOT NULL,
    applied TEXT,
    signature BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** What a file of each version lacks that the next one has. */
const upgrades: readonly { readonly of: number; readonly sql: string }[] = [
  { of: 3, sql: forForgetting },
  { of: 4, sql: forLargeFiles },
];

/**
 * Hashes and keys are blobs, paths text compared byte by byte, nanoseconds and inodes decimal text (both can exceed what a column holds).
 * Tables found by path are kept in its order (WITHOUT ROWID); those with long values have row numbers, so that their indexes stay small.
 * `total` and `not_held` are kept by triggers: always exact, rolled back with everything else, and read in one step. Triggers do not
 * see what INSERT OR REPLACE replaces, so the tables they watch are written by upserts.
 */
const schema = `
  CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    path TEXT NOT NULL,
    author BLOB NOT NULL,
    incarnation TEXT NOT NULL,
    counter INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    content BLOB,
    change_set BLOB NOT NULL,
    position INTEGER NOT NULL,
    proof BLOB
  ) STRICT;
  CREATE INDEX entry_path ON entry(path);
  CREATE INDEX entry_change_set ON entry(change_set);

  CREATE TABLE change_set (
    id BLOB PRIMARY KEY,
    author BLOB NOT NULL,
    count INTEGER NOT NULL,
    root BLOB NOT NULL,
    signature BLOB NOT NULL,
    hashes BLOB
  ) STRICT;

  CREATE TABLE incarnation (id TEXT PRIMARY KEY, counter INTEGER NOT NULL, author BLOB NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE gone_dot (
    path TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (path, incarnation, counter)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE state_path (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    digest BLOB NOT NULL,
    path TEXT NOT NULL
  ) STRICT;
  CREATE TABLE held_path (id INTEGER PRIMARY KEY, key BLOB NOT NULL, digest BLOB NOT NULL) STRICT;

  CREATE TABLE view (
    path TEXT PRIMARY KEY,
    parent TEXT NOT NULL,
    winner BLOB,
    kind TEXT,
    content BLOB,
    size INTEGER,
    target TEXT,
    conflicts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX view_living ON view(parent) WHERE kind IS NOT NULL;
  CREATE INDEX view_conflict ON view(path) WHERE conflicts > 0;
  ${forForgetting}

  CREATE TABLE base (
    path TEXT PRIMARY KEY,
    parent TEXT NOT NULL,
    status TEXT NOT NULL,
    shown BLOB,
    kind TEXT,
    content BLOB,
    size INTEGER,
    target TEXT,
    seen TEXT NOT NULL,
    observed TEXT,
    inode TEXT,
    disk_name TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX base_parent ON base(parent);
  CREATE INDEX base_not_held ON base(status, path) WHERE status <> 'held';
  CREATE INDEX base_content ON base(content) WHERE status = 'held' AND content IS NOT NULL;
  CREATE INDEX base_inode ON base(inode) WHERE status = 'held' AND inode IS NOT NULL;
  ${forLargeFiles}

  CREATE TABLE pending (
    path TEXT PRIMARY KEY,
    need_bytes INTEGER NOT NULL,
    loss TEXT,
    loss_author BLOB,
    loss_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pending_loss ON pending(loss_author, loss) WHERE loss_author IS NOT NULL;

  CREATE TABLE intent (
    path TEXT PRIMARY KEY,
    staged_name TEXT,
    staged TEXT,
    replaced TEXT,
    version_name TEXT,
    version_keep INTEGER,
    becomes TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE manifest (
    content BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    sizes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE version (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    content BLOB,
    size INTEGER,
    target TEXT,
    stored_name TEXT,
    replaced_at INTEGER NOT NULL,
    replaced_by BLOB,
    reason TEXT NOT NULL,
    executable INTEGER NOT NULL,
    modified_at_ns TEXT NOT NULL
  ) STRICT;
  CREATE INDEX version_path ON version(path);
  CREATE INDEX version_content ON version(content) WHERE stored_name IS NOT NULL;

  CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    device BLOB NOT NULL,
    part_of INTEGER,
    before TEXT,
    seen TEXT,
    undone INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX activity_path ON activity(path);
  CREATE INDEX activity_part ON activity(part_of) WHERE part_of IS NOT NULL;

  CREATE TABLE total (
    files INTEGER NOT NULL,
    directories INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    pending_paths INTEGER NOT NULL,
    pending_bytes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO total VALUES (0, 0, 0, 0, 0, 0);

  CREATE TRIGGER view_added AFTER INSERT ON view BEGIN UPDATE total SET ${counting('new', '+')}; END;
  CREATE TRIGGER view_removed AFTER DELETE ON view BEGIN UPDATE total SET ${counting('old', '-')}; END;
  CREATE TRIGGER view_changed AFTER UPDATE ON view BEGIN
    UPDATE total SET ${counting('old', '-')};
    UPDATE total SET ${counting('new', '+')};
  END;

  CREATE TABLE not_held (status TEXT PRIMARY KEY, paths INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TRIGGER base_added AFTER INSERT ON base WHEN new.status <> 'held' BEGIN
    INSERT INTO not_held VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET paths = paths + 1;
  END;
  CREATE TRIGGER base_removed AFTER DELETE ON base WHEN old.status <> 'held' BEGIN
    UPDATE not_held SET paths = paths - 1 WHERE status = old.status;
  END;
  CREATE TRIGGER base_changed AFTER UPDATE ON base WHEN old.status <> new.status BEGIN
    UPDATE not_held SET paths = paths - 1 WHERE status = old.status;
    INSERT INTO not_held SELECT new.status, 1 WHERE new.status <> 'held' ON CONFLICT (status) DO UPDATE SET paths = paths + 1;
  END;

  CREATE TRIGGER pending_added AFTER INSERT ON pending BEGIN
    UPDATE total SET pending_paths = pending_paths + 1, pending_bytes = pending_bytes + new.need_bytes;
  END;
  CREATE TRIGGER pending_removed AFTER DELETE ON pending BEGIN
    UPDATE total SET pending_paths = pending_paths - 1, pending_bytes = pending_bytes - old.need_bytes;
  END;
  CREATE TRIGGER pending_changed AFTER UPDATE ON pending BEGIN
    UPDATE total SET pending_bytes = pending_bytes - old.need_bytes + new.need_bytes;
  END;

  PRAGMA user_version = ${schemaVersion};
`;

function counting(row: 'old' | 'new', sign: '+' | '-'): string {
  return [
    `files = files ${sign} (${row}.kind IS 'file')`,
    `directories = directories ${sign} (${row}.kind IS 'directory')`,
    `bytes = bytes ${sign} ifnull(${row}.size, 0)`,
    `conflicts = conflicts ${sign} (${row}.conflicts > 0)`,
  ].join(', ');
}

/** Lays the tables out in an empty file, and adds what a file of an earlier version lacks. Throws SyncError `version-unsupported` for another layout, `index-unreadable` for somebody else's database. */
export function prepareSchema(db: Database, file: string): void {
  const version = db.one<{ user_version: number }>('PRAGMA user_version')?.user_version;
  if (version === schemaVersion) return;
  if (version !== undefined && canBeUpgraded(db, version)) {
    const lacking = upgrades.flatMap(({ of, sql }) => (of >= version ? [sql] : []));
    db.script(`BEGIN IMMEDIATE; ${lacking.join('')} PRAGMA user_version = ${schemaVersion}; COMMIT;`);
    return;
  }
  if (version !== 0) throw new SyncError('version-unsupported', { file, version: version ?? -1 });
  if (db.one('SELECT 1 FROM sqlite_schema') !== undefined) {
    throw new SyncError('index-unreadable', { file, reason: 'not an index' });
  }
  db.script(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
}

/** The first files of version 3 do not say who wrote what. */
function canBeUpgraded(db: Database, version: number): boolean {
  if (!upgrades.some(({ of }) => of === version)) return false;
  const author = "SELECT 1 FROM pragma_table_info('incarnation') WHERE name = 'author'";
  return version !== 3 || db.one(author) !== undefined;
}

/** Reads every page's structure. Throws SyncError `index-unreadable` at the first thing that is not as SQLite wrote it. */
export function checkStructure(db: Database, file: string): void {
  const found = db.one<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  if (found !== 'ok') throw new SyncError('index-unreadable', { file, reason: found ?? 'no answer' });
}
