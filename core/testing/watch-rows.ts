import type { FolderIndex } from '../file-index/file-index.ts';
import type { BaseRow } from '../model/base-row.ts';
import type { RelativePath } from '../model/path.ts';

/**
 * The same index, which tells of each path whose row changes in a transaction while what is there, or is not, may still be undone by a power cut. Where an intent
 * stays, the disk is asked before the row is believed.
 */
export function watchRows(
  index: FolderIndex,
  told: { isUnflushed(path: RelativePath): boolean; untrue(path: RelativePath): void },
): FolderIndex {
  const changed = new Set<RelativePath>();
  let depth = 0;
  const note = (path: RelativePath): void => {
    if (told.isUnflushed(path)) changed.add(path);
  };
  return Object.assign(Object.create(index) as FolderIndex, {
    putBase(row: BaseRow) {
      note(row.path);
      index.putBase(row);
    },
    removeBase(path: RelativePath) {
      note(path);
      index.removeBase(path);
    },
    transaction<T>(work: () => T): T {
      return index.transaction(() => {
        depth += 1;
        try {
          const result = work();
          if (depth === 1)
            for (const path of changed) if (index.intent(path) === undefined) told.untrue(path);
          return result;
        } finally {
          depth -= 1;
          if (depth === 0) changed.clear();
        }
      });
    },
  });
}
