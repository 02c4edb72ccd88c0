import type { FolderIndex, PendingRow } from '../file-index/file-index.ts';
import type { RelativePath } from '../model/path.ts';

/** LIMIT: paths remembered as just changed elsewhere; the oldest is forgotten first. */
const maxRemembered = 256;
/** LIMIT: changes that came together; more are no edits of a person's, and come in their turn. */
const maxTogether = 16;

/** Paths that other devices wrote just now, so that they need not wait behind a hundred thousand others. */
export interface RecentPaths {
  note(paths: readonly RelativePath[]): void;
  /** Those that are still to come here, the last first. */
  pending(): PendingRow[];
  all(): ReadonlySet<RelativePath>;
}

/** None yet. */
export function createRecentPaths(index: Pick<FolderIndex, 'pendingAt'>): RecentPaths {
  const recent = new Set<RelativePath>();
  return {
    note(paths) {
      if (paths.length > maxTogether) return;
      for (const path of paths) {
        recent.delete(path);
        recent.add(path);
      }
      for (const oldest of recent) {
        if (recent.size <= maxRemembered) break;
        recent.delete(oldest);
      }
    },
    pending() {
      const rows: PendingRow[] = [];
      for (const path of recent) {
        const row = index.pendingAt(path);
        if (row === undefined) recent.delete(path);
        else rows.unshift(row);
      }
      return rows;
    },
    all: () => recent,
  };
}
