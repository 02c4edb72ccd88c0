import type { DiskPath } from '../filesystem/filesystem.ts';
import type { DiskKind, Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { DirectoryListing, ListedEntry } from './listing.ts';

/**
 * Listings as they cross from thread to thread: a few columns instead of an object for every entry, because cloning those costs more
 * than the walk did. Entries stand listing by listing, in each first `entries`, then `clashes`.
 */
export interface PackedListings {
  readonly directories: readonly PackedDirectory[];
  /** The names of all entries, joined by NUL, which no name holds. */
  readonly names: string;
  /** Five a piece: modification time, change time (nanoseconds), inode, device, size. */
  readonly wide: BigInt64Array;
  /** Three a piece: kind, mode, links. */
  readonly narrow: Uint32Array;
  readonly targets: readonly (readonly [entry: number, target: string])[];
  readonly diskNames: readonly (readonly [entry: number, diskName: string])[];
}

interface PackedDirectory {
  readonly path: RelativePath | undefined;
  readonly diskPath: DiskPath;
  readonly entryCount: number;
  readonly clashCount: number;
  readonly problems: readonly Problem[];
  readonly failed: string | undefined;
}

const kinds: readonly DiskKind[] = ['file', 'directory', 'symlink', 'other'];
const wideFields = 5;
const narrowFields = 3;

/** Packs listings. Inodes and devices are 64 bits as Node gives them, signed. */
export function packListings(listings: readonly DirectoryListing[]): PackedListings {
  const all: ListedEntry[] = [];
  const directories: PackedDirectory[] = [];
  for (const { path, diskPath, entries, clashes, problems, failed } of listings) {
    for (const entry of entries) all.push(entry);
    for (const entry of clashes) all.push(entry);
    directories.push({
      path,
      diskPath,
      entryCount: entries.length,
      clashCount: clashes.length,
      problems,
      failed,
    });
  }
  const wide = new BigInt64Array(all.length * wideFields);
  const narrow = new Uint32Array(all.length * narrowFields);
  const targets: [number, string][] = [];
  const diskNames: [number, string][] = [];
  for (const [index, { observed, target, diskName }] of all.entries()) {
    const w = index * wideFields;
    wide[w] = observed.modifiedAtNs;
    wide[w + 1] = observed.changedAtNs;
    wide[w + 2] = observed.inode;
    wide[w + 3] = observed.device;
    wide[w + 4] = BigInt(observed.sizeBytes);
    const n = index * narrowFields;
    narrow[n] = kinds.indexOf(observed.kind);
    narrow[n + 1] = observed.mode;
    narrow[n + 2] = observed.links;
    if (target !== undefined) targets.push([index, target]);
    if (diskName !== undefined) diskNames.push([index, diskName]);
  }
  return { directories, names: all.map(({ name }) => name).join('\0'), wide, narrow, targets, diskNames };
}

/** The listings that were packed. */
export function unpackListings(packed: PackedListings): DirectoryListing[] {
  const { directories, wide, narrow } = packed;
  const names = packed.names.split('\0');
  const targets = new Map(packed.targets);
  const diskNames = new Map(packed.diskNames);
  let next = 0;

  const unpackEntry = (prefix: string): ListedEntry => {
    const index = next++;
    const w = index * wideFields;
    const n = index * narrowFields;
    const name = names[index] as string;
    const observed: Observed = {
      kind: kinds[narrow[n] as number] as DiskKind,
      sizeBytes: Number(wide[w + 4]),
      modifiedAtNs: wide[w] as bigint,
      changedAtNs: wide[w + 1] as bigint,
      inode: wide[w + 2] as bigint,
      device: wide[w + 3] as bigint,
      mode: narrow[n + 1] as number,
      links: narrow[n + 2] as number,
    };
    const target = targets.get(index);
    const diskName = diskNames.get(index);
    return {
      path: (prefix + name) as RelativePath,
      name,
      observed,
      ...(target === undefined ? {} : { target }),
      ...(diskName === undefined ? {} : { diskName }),
    };
  };

  return directories.map(({ path, diskPath, entryCount, clashCount, problems, failed }) => {
    const prefix = path === undefined ? '' : `${path}/`;
    const entries = Array.from({ length: entryCount }, () => unpackEntry(prefix));
    const clashes = Array.from({ length: clashCount }, () => unpackEntry(prefix));
    return { path, diskPath, entries, clashes, problems, ...(failed === undefined ? {} : { failed }) };
  });
}
