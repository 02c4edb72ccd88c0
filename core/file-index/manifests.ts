import type { Manifest } from '../model/manifest.ts';
import type { Database } from './database.ts';
import type { FolderIndex } from './folder-index.ts';
import { toBlob } from './hex.ts';
import type { Transactions } from './transactions.ts';

interface Stored {
  readonly size: number;
  readonly hashes: Uint8Array;
  readonly sizes: Uint8Array;
}

/** The ordered chunks of file versions, by content. */
export function createManifests(
  db: Database,
  transactions: Transactions,
): Pick<FolderIndex, 'putManifest' | 'manifest'> {
  return {
    putManifest(content, { sizeBytes, hashes, sizes }) {
      transactions.required();
      db.run(
        'INSERT OR IGNORE INTO manifest (content, size, hashes, sizes) VALUES (?, ?, ?, ?)',
        toBlob(content),
        sizeBytes,
        hashes,
        packed(sizes),
      );
    },
    manifest(content) {
      const sql = 'SELECT size, hashes, sizes FROM manifest WHERE content = ?';
      const row = db.one<Stored>(sql, toBlob(content));
      return row === undefined ? undefined : toManifest(row);
    },
  };
}

/** The machine's own byte order: the file never leaves the machine. */
const packed = (sizes: Uint32Array): Uint8Array =>
  new Uint8Array(sizes.buffer, sizes.byteOffset, sizes.byteLength);

const toManifest = (row: Stored): Manifest => ({
  sizeBytes: row.size,
  hashes: row.hashes,
  // A copy, because a view of four-byte numbers must begin at a multiple of four.
  sizes: new Uint32Array(row.sizes.slice().buffer),
});
