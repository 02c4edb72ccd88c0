import type { DiskPath } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';

/** A file, directory or symlink that a directory was seen to hold. */
export interface ListedEntry {
  readonly path: RelativePath;
  /** The path's last component. */
  readonly name: string;
  readonly observed: Observed;
  /** Where a symlink points; only symlinks have it. */
  readonly target?: string;
  /** The name as this disk spells it, when that differs from `name`. */
  readonly diskName?: string;
}

/** What one look at one directory gave. */
export interface DirectoryListing {
  /** The directory, undefined for the top of the folder. */
  readonly path: RelativePath | undefined;
  readonly diskPath: DiskPath;
  /** What is in it, by name; nothing of Lockstep's own, and nothing a problem stands for. */
  readonly entries: readonly ListedEntry[];
  /**
   * Entries whose path another entry took: names that are one after normalisation, by path. Each has a `name-clash` problem too. Of such
   * names the one with the smallest bytes is in `entries`; a directory among them keeps them all out of `entries`, and is not looked into.
   */
  readonly clashes: readonly ListedEntry[];
  /** What could not be taken in. A path a problem names may or may not be there: it proves no absence. */
  readonly problems: readonly Problem[];
  /** Why the directory could not be read (a system's code, or `ECHANGED` if another thing took its place meanwhile); then there are no entries and nothing is proven. */
  readonly failed?: string;
}

/** What to look at. */
export interface WalkRequest {
  /** Where the folder lies. */
  readonly root: DiskPath;
  /** The directory to begin with, undefined for the top of the folder. */
  readonly directory: RelativePath | undefined;
  /** Where `directory` lies, as the disk spells it. */
  readonly diskPath: DiskPath;
  /** Whether to look into the directories found as well. */
  readonly recursive: boolean;
  /** The text of the folder's ignore file, '' for none: directories it leaves out are not looked into. */
  readonly ignored: string;
}
