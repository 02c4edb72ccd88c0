import type { FolderIndex } from '../file-index/file-index.ts';
import { nameOf, parentOf, type RelativePath } from '../model/path.ts';

/**
 * How this disk spells a path: each component as its base row says, else as in the path.
 * Almost no disk spells anything differently, so a folder without odd names costs one look at a counter.
 */
export interface Spelling {
  (path: RelativePath): string;
  /** Tells of a path spelled differently, so that looking up begins. */
  learn(diskName: string | undefined): void;
}

/** The spelling of one folder, from its base rows. */
export function createSpelling(index: FolderIndex): Spelling {
  let hasOddNames = index.fact('odd-names') === 'yes';
  const spell = (path: RelativePath): string => {
    if (!hasOddNames) return path;
    const name = index.base(path)?.diskName ?? nameOf(path);
    const parent = parentOf(path);
    return parent === undefined ? name : `${spell(parent)}/${name}`;
  };
  return Object.assign(spell, {
    learn(diskName: string | undefined) {
      if (diskName === undefined || hasOddNames) return;
      hasOddNames = true;
      index.transaction(() => index.setFact('odd-names', 'yes'));
    },
  });
}
