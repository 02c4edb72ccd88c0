import type { Clock } from '../base/base.ts';
import { coalesceMs, createDirtyDirectories } from './dirty-directories.ts';
import { isInside } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import type { MemoryFileSystem } from './memory-file-system.ts';
import type { Watcher } from './watcher-interface.ts';

/** How well a memory watcher hears. */
export interface WatcherBehaviour {
  /** Time from a change to its hint, and the time in which a directory's changes become one. Changed later, it holds for watches opened later. */
  delayMs?: number;
  /** Whether the next change in this directory is missed. */
  drops?: (directory: DiskPath) => boolean;
  /** Directories that can be watched at once; one more gives an `incomplete` hint with ENOSPC. */
  maxWatches?: number;
}

/** A watcher of a memory disk. Like the real one it hears by inode and tells by the name that was added. */
export function createMemoryWatcher(
  fileSystem: MemoryFileSystem,
  clock: Clock,
  behaviour: WatcherBehaviour = {},
): Watcher {
  return {
    open(root, hint) {
      const dirty = createDirtyDirectories(clock, hint, behaviour.delayMs ?? coalesceMs);
      const inodes = new Map<DiskPath, bigint>();
      const names = new Map<bigint, DiskPath>();
      const forget = (directory: DiskPath): void => {
        const inode = inodes.get(directory);
        inodes.delete(directory);
        if (inode !== undefined && names.get(inode) === directory) names.delete(inode);
      };
      const stop = fileSystem.onChange((inode) => {
        const directory = names.get(inode);
        if (directory === undefined || behaviour.drops?.(directory) === true) return;
        dirty.heard(directory);
        if (directory === root && fileSystem.look(root) === undefined) dirty.markLost();
      });
      return {
        add(directory) {
          const seen = fileSystem.look(directory);
          const inode = seen?.kind === 'directory' ? seen.inode : undefined;
          if (inode === undefined || (inodes.get(directory) === inode && names.get(inode) === directory))
            return;
          forget(directory);
          if (inodes.size >= (behaviour.maxWatches ?? Infinity)) {
            dirty.markIncomplete('ENOSPC');
            return;
          }
          inodes.set(directory, inode);
          names.set(inode, directory);
          dirty.mark(directory);
        },
        remove(directory) {
          for (const known of inodes.keys()) if (isInside(known, directory)) forget(known);
        },
        close() {
          stop();
          dirty.close();
        },
      };
    },
  };
}
