import type { Clock, Random } from '../base/base.ts';
import type { FolderIndex, KeptVersion } from '../file-index/file-index.ts';
import type { DiskRoot, FileSystem } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isSameObserved, type Observed } from '../model/disk.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';

/** One path's change, with everything staged that it needs. */
export type Commit = PlaceCommit | RetireCommit;

/** Puts a staged file or symlink at a path, in place of what base says is there, or of nothing. */
export interface PlaceCommit {
  readonly kind: 'place';
  readonly path: RelativePath;
  /** Its name in the staging directory. */
  readonly stagedName: string;
  /** What staging left there, by lstat. */
  readonly staged: Observed;
  /** The row of what is there now; undefined if nothing is. Its path differs where only the spelling does: then the name changes too, and this row goes. */
  readonly replaces: BaseRow | undefined;
  /** What the row becomes; `observed` is filled in from the disk. */
  readonly becomes: Omit<BaseRow, 'observed'>;
  /** Who wrote what is put here. */
  readonly author: DeviceKey | undefined;
  /** Whether the version store keeps what was here; not when it is itself moved elsewhere in this group. */
  readonly keep: boolean;
}

/** Takes a file or symlink away. */
export interface RetireCommit {
  readonly kind: 'retire';
  readonly path: RelativePath;
  readonly replaces: BaseRow;
  /** Whether the version store keeps it; not for the old name of something that was moved and is now held elsewhere. */
  readonly keep: boolean;
  /** What the row becomes: undefined when nothing is known of the path any more. */
  readonly becomes: Omit<BaseRow, 'observed'> | undefined;
  readonly reason: KeptVersion['reason'];
  readonly author: DeviceKey | undefined;
}

/** What committing needs. */
export interface CommitContext {
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly index: FolderIndex;
  readonly clock: Clock;
  readonly random: Random;
  /** A path as this disk spells it. */
  readonly spell: (path: RelativePath) => string;
}

/** Whether `a` is `b`, untouched but for its name: a rename or a link moves an inode's change time on most systems, and nothing else. */
export function isSameButRenamed(a: Observed, b: Observed): boolean {
  return isSameObserved({ ...a, changedAtNs: b.changedAtNs }, b, true);
}

/** Whether two looks saw one inode, whatever was written to it in between. */
export function isSameInode(a: Observed, b: Observed | undefined): boolean {
  return a.inode === b?.inode && a.kind === b.kind;
}
