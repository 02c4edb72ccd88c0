import type { FileCounts, FolderIndex } from '../file-index/file-index.ts';
import type { Hash } from '../model/ids.ts';
import { topsLeftOut } from './folder-rules.ts';

/**
 * Counts what this device keeps of a folder: all of it but the top directories it leaves out by choice, whose counts are remembered until the
 * folder or the choice is another. `selection` names the top directories held here; undefined means all.
 */
export function createHeldCounts(
  index: FolderIndex,
): (selection: readonly string[] | undefined) => FileCounts {
  let last:
    | { readonly stateRoot: Hash; readonly selection: readonly string[]; readonly counts: FileCounts }
    | undefined;

  const count = (selection: readonly string[]): FileCounts => {
    let { files, directories, bytes } = index.totals();
    for (const path of topsLeftOut(index, selection)) {
      const below = index.countBelow(path);
      files -= below.files;
      directories -= below.directories + 1;
      bytes -= below.bytes;
    }
    return { files, directories, bytes };
  };

  return (selection) => {
    if (selection === undefined) {
      const { files, directories, bytes } = index.totals();
      return { files, directories, bytes };
    }
    const stateRoot = index.stateRoot();
    if (last?.stateRoot !== stateRoot || last.selection !== selection)
      last = { stateRoot, selection, counts: count(selection) };
    return last.counts;
  };
}
