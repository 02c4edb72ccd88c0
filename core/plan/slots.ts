import type { BaseRow } from '../model/base-row.ts';
import { nameOf, parentOf, type RelativePath } from '../model/path.ts';
import type { BaseLookup } from './plan-folder.ts';

/** Where names meet on this disk: two paths with one slot cannot both be there. */
export interface Slots {
  /** The slot of `path`: itself on a disk that tells all names apart. */
  slotOf(path: RelativePath): string;
  /** The row of what stands on disk in the slot of `path`, however it is spelled. */
  standingAt(path: RelativePath): BaseRow | undefined;
  /** Rows of what stands on disk directly in a directory. */
  standingIn(directory: RelativePath): readonly BaseRow[];
}

/** Reads slots off `base`; `foldName` undefined means that the disk folds nothing. Remembers what it has looked up. */
export function createSlots(base: BaseLookup, foldName: ((name: string) => string) | undefined): Slots {
  const standingIn = (directory: RelativePath | undefined): readonly BaseRow[] =>
    base.children(directory).filter((row) => row.observed !== undefined);
  if (foldName === undefined) {
    return {
      slotOf: (path) => path,
      standingAt: (path) => standing(base.at(path)),
      standingIn,
    };
  }

  const listings = new Map<RelativePath | undefined, Map<string, BaseRow>>();
  const listingOf = (directory: RelativePath | undefined): Map<string, BaseRow> => {
    let listing = listings.get(directory);
    if (listing === undefined) {
      listing = new Map(standingIn(directory).map((row) => [foldName(nameOf(row.path)), row]));
      listings.set(directory, listing);
    }
    return listing;
  };
  const standingAt = (path: RelativePath): BaseRow | undefined => {
    const exact = standing(base.at(path));
    if (exact !== undefined) return exact;
    const parent = parentOf(path);
    const directory = parent === undefined ? undefined : standingAt(parent)?.path;
    if (parent !== undefined && directory === undefined) return undefined;
    return listingOf(directory).get(foldName(nameOf(path)));
  };
  return {
    slotOf: (path) => path.split('/').map(foldName).join('/'),
    standingAt,
    standingIn,
  };
}

function standing(row: BaseRow | undefined): BaseRow | undefined {
  return row?.observed === undefined ? undefined : row;
}
