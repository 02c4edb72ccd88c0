import { compareText, invariant } from '../base/base.ts';
import { type BaseLook, wasLeftOut } from '../model/base-row.ts';
import { type DiskKind, isSameObserved, type Observed } from '../model/disk.ts';
import { parentOf, type RelativePath } from '../model/path.ts';
import type { DirectoryListing, ListedEntry } from './listing.ts';

/** Something on disk that is not what this device last recorded there. */
export interface ObservedChange {
  readonly entry: ListedEntry;
  /** What was recorded, undefined for a path never seen. */
  readonly base: BaseLook | undefined;
}

/** How a directory differs from what was last recorded of it. Everything by path. */
export interface ListingChanges {
  readonly changed: readonly ObservedChange[];
  /** Recorded on disk, and the directory no longer holds it. */
  readonly gone: readonly BaseLook[];
  /** Directories not recorded there before, or another directory than the one recorded (a rename, a replacement): a watch on them must be placed anew and all that lies below looked at. */
  readonly newDirectories: readonly ListedEntry[];
  /** How many are as recorded. */
  readonly same: number;
  /** There, but kept out by the ignore rules; neither changed nor gone. */
  readonly ignored: readonly RelativePath[];
  /** Recorded paths this listing proves nothing about, present or absent: a problem stands for them, or the directory could not be read. */
  readonly unproven: readonly BaseLook[];
}

/**
 * Compares a listing with the base rows directly in that directory. Change is measured against what the disk gave back when the row was
 * recorded, never against the entry; a directory is the same while it is the same inode, whatever its times and mode.
 * A row with nothing recorded on disk is never gone. A failed listing changes nothing.
 */
export function compareListing(
  listing: DirectoryListing,
  rows: readonly BaseLook[],
  isIgnored: (path: RelativePath, kind: DiskKind) => boolean,
): ListingChanges {
  const rowAt = new Map<RelativePath, BaseLook>();
  for (const row of rows) {
    invariant(parentOf(row.path) === listing.path, 'rows of the listed directory');
    rowAt.set(row.path, row);
  }
  const onDisk = [...rows]
    .filter((row) => row.observed !== undefined)
    .sort((a, b) => compareText(a.path, b.path));
  const changed: ObservedChange[] = [];
  const newDirectories: ListedEntry[] = [];
  const ignored: RelativePath[] = [];
  if (listing.failed !== undefined)
    return { changed, gone: [], newDirectories, same: 0, ignored, unproven: onDisk };

  let same = 0;
  const seen = new Set<RelativePath>();
  for (const listed of listing.entries) {
    const base = rowAt.get(listed.path);
    const entry = ofRecordedSpelling(listed, base, listing.clashes);
    seen.add(entry.path);
    if (isIgnored(entry.path, entry.observed.kind)) {
      ignored.push(entry.path);
      continue;
    }
    const recorded = base?.observed;
    if (
      recorded !== undefined &&
      isAsRecorded(entry.observed, recorded) &&
      base?.diskName === entry.diskName &&
      base !== undefined &&
      !wasLeftOut(base)
    ) {
      same += 1;
      continue;
    }
    changed.push({ entry, base });
    if (entry.observed.kind === 'directory') newDirectories.push(entry);
  }
  const doubtful = new Set<RelativePath>();
  for (const { path } of listing.problems) if (path !== undefined) doubtful.add(path);
  const missing = onDisk.filter(({ path }) => !seen.has(path));
  return {
    changed,
    gone: missing.filter(({ path }) => !doubtful.has(path)),
    newDirectories,
    same,
    ignored,
    unproven: missing.filter(({ path }) => doubtful.has(path)),
  };
}

function isAsRecorded(observed: Observed, recorded: Observed): boolean {
  if (observed.kind === 'directory')
    return recorded.kind === 'directory' && observed.inode === recorded.inode;
  return isSameObserved(observed, recorded);
}

/** Of several spellings of one path, the one recorded: a newcomer with smaller bytes must not pass for the file that was there. */
function ofRecordedSpelling(
  listed: ListedEntry,
  base: BaseLook | undefined,
  clashes: readonly ListedEntry[],
): ListedEntry {
  if (clashes.length === 0 || base?.observed === undefined || base.diskName === listed.diskName)
    return listed;
  return clashes.find(({ path, diskName }) => path === listed.path && diskName === base.diskName) ?? listed;
}
