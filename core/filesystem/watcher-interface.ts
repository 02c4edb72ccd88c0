import type { DiskPath } from './file-system.ts';

/** What a watcher tells. Hints only: a directory may have changed, or may not; the scan decides. */
export type WatchHint =
  /** Something happened to a name in this directory, or to the directory itself. */
  | { readonly kind: 'dirty'; readonly directory: DiskPath }
  /** Something was missed somewhere below: look at everything. */
  | { readonly kind: 'lost' }
  /** Not every directory is watched; rescans must stand in. Told once per watch. `cause` is the system's code, e.g. ENOSPC. */
  | { readonly kind: 'incomplete'; readonly cause: string };

/**
 * A watch over a directory tree, whose owner tells it which directories exist: the scan that finds them is the truth.
 * The owner calls `add` for each directory it lists, at every scan and at every look at a dirty directory: for one that is watched
 * already this costs one look, and it is what finds a directory that was replaced or came back.
 */
export interface Watch {
  /**
   * Watches this directory itself (not what is below it). One not watched so far, or replaced since, is told as dirty once the watch
   * stands, so that what happened between the owner's listing and the watch is not missed.
   */
  add(directory: DiskPath): void;
  /** Stops watching this directory and everything below it. */
  remove(directory: DiskPath): void;
  /** Ends the watch; no hint comes after it. */
  close(): void;
}

/** Opens watches. */
export interface Watcher {
  /** Watches nothing until `add`, or (where the system watches trees) all of `root` from soon on, which it tells with `lost`. */
  open(root: DiskPath, hint: (hint: WatchHint) => void): Watch;
}
