import { invariant } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { Database } from './database.ts';
import type { FolderIndex, KeptVersion } from './folder-index.ts';
import { toBlob, toBlobOrNull, toHex } from './hex.ts';
import { columnsToContent, type ContentColumns, contentToColumns } from './row-text.ts';
import type { Transactions } from './transactions.ts';

interface Stored extends ContentColumns {
  readonly id: number;
  readonly path: string;
  readonly stored_name: string | null;
  readonly replaced_at: number;
  readonly replaced_by: Uint8Array | null;
  readonly reason: string;
  readonly executable: number;
  readonly modified_at_ns: string;
}

/** What sync replaced or removed and the version store keeps. */
export function createVersions(
  db: Database,
  transactions: Transactions,
): Pick<
  FolderIndex,
  'addVersion' | 'removeVersion' | 'versions' | 'versionsOf' | 'versionHolding' | 'versionsHolding'
> {
  return {
    addVersion(version) {
      transactions.required();
      const row = db.one<{ id: number }>(
        `INSERT INTO version (path, kind, content, size, target, stored_name, replaced_at, replaced_by, reason,
           executable, modified_at_ns)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        version.path,
        ...contentToColumns(version.content),
        version.storedName ?? null,
        version.replacedAt,
        toBlobOrNull(version.replacedBy),
        version.reason,
        version.executable ? 1 : 0,
        String(version.modifiedAtNs),
      );
      invariant(row !== undefined, 'a version that was added has a number');
      return row.id;
    },
    removeVersion(id) {
      transactions.required();
      db.run('DELETE FROM version WHERE id = ?', id);
    },
    versions: (after, limit) =>
      db
        .all<Stored>('SELECT * FROM version WHERE id > ? ORDER BY id LIMIT ?', after, limit)
        .map(toKeptVersion),
    versionsOf: (path) =>
      db.all<Stored>('SELECT * FROM version WHERE path = ? ORDER BY id DESC', path).map(toKeptVersion),
    versionHolding(content) {
      const row = db.one<Stored>(
        'SELECT * FROM version WHERE content = ? AND stored_name IS NOT NULL ORDER BY id DESC LIMIT 1',
        toBlob(content),
      );
      return row === undefined ? undefined : toKeptVersion(row);
    },
    versionsHolding: (content) =>
      db
        .all<Stored>(
          'SELECT * FROM version WHERE content = ? AND stored_name IS NOT NULL ORDER BY id DESC',
          toBlob(content),
        )
        .map(toKeptVersion),
  };
}

function toKeptVersion(row: Stored): KeptVersion {
  const content = columnsToContent(row);
  invariant(content !== undefined, 'a kept version has content');
  return {
    id: row.id,
    path: row.path as RelativePath,
    content,
    storedName: row.stored_name ?? undefined,
    replacedAt: row.replaced_at,
    replacedBy: row.replaced_by === null ? undefined : (toHex(row.replaced_by) as DeviceKey),
    reason: row.reason as KeptVersion['reason'],
    executable: row.executable !== 0,
    modifiedAtNs: BigInt(row.modified_at_ns),
  };
}
