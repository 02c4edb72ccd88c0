import { invariant } from '../base/base.ts';
import type { Database } from './database.ts';
import type { FolderTotals } from './folder-index.ts';

interface Stored {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  readonly conflicts: number;
  readonly pending_paths: number;
  readonly pending_bytes: number;
}

/** The counts the triggers of the schema keep. */
export function readTotals(db: Database): FolderTotals {
  const [total] = db.all<Stored>('SELECT * FROM total');
  invariant(total !== undefined, 'the index has its totals');
  return {
    files: total.files,
    directories: total.directories,
    bytes: total.bytes,
    conflicts: total.conflicts,
    pendingPaths: total.pending_paths,
    pendingBytes: total.pending_bytes,
    notHeld: db.all('SELECT status AS reason, paths FROM not_held WHERE paths > 0 ORDER BY status'),
  };
}
