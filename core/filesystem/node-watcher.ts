import { lstatSync, watch } from 'node:fs';
import type { Clock } from '../base/base.ts';
import { createDirtyDirectories } from './dirty-directories.ts';
import { isInside, joinDisk, isOneComponent, nameOfDisk, parentDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { codeOfError } from './node-observe.ts';
import type { Watcher } from './watcher-interface.ts';

/** Watches one directory; throws the system's error if it cannot, calls `failed` if it cannot any more. */
export type WatchDirectory = (
  directory: DiskPath,
  heard: (event: string, name: string | null) => void,
  failed: (error: unknown) => void,
) => { close(): void };

const watchBySystem: WatchDirectory = (directory, heard, failed) =>
  watch(directory, { persistent: false }, heard).on('error', failed);

/** A directory the owner named. Without `system` it is not there now, but may come back. */
interface Watched {
  readonly inode: bigint | undefined;
  readonly system: { close(): void } | undefined;
}

/** Codes that only say the directory is gone or closed to us; the scan sees that by itself. */
const nothingToWatch = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP']);

/**
 * Watches directory by directory with fs.watch, on Linux an inotify watch each (about 1 KiB of kernel memory). A watch of the system
 * stays with the inode, so a name is looked at again whenever its parent tells of it.
 */
export function createNodeWatcher({
  clock,
  watchDirectory = watchBySystem,
}: {
  readonly clock: Clock;
  readonly watchDirectory?: WatchDirectory;
}): Watcher {
  return {
    open(root, hint) {
      const dirty = createDirtyDirectories(clock, hint);
      const watched = new Map<DiskPath, Watched>();
      // Named directories that are not there now, by what would hold them.
      const awaited = new Map<DiskPath, Set<DiskPath>>();

      const add = (directory: DiskPath): void => {
        const known = watched.get(directory);
        if (known?.system === undefined || known.inode !== inodeOf(directory)) renew(directory);
      };
      /** Watches what the name means now, which may have the inode number of what it meant before. What happened in it so far was not heard. */
      const renew = (directory: DiskPath): void => {
        const before = watched.get(directory);
        before?.system?.close();
        const inode = inodeOf(directory);
        const system = inode === undefined ? undefined : start(directory);
        watched.set(directory, { inode, system });
        awaitIf(inode === undefined, directory);
        if (system !== undefined) {
          dirty.mark(directory);
          // What came back before the watch stood was not told by it, and the owner may not see that it ever went: disks give inode numbers anew.
          for (const child of awaited.get(directory) ?? []) renew(child);
          return;
        }
        // Only what changed is told: an owner that looks and adds again must not be called for ever.
        if (before === undefined ? inode !== undefined : before.inode === inode) return;
        if (inode !== undefined) dirty.mark(directory);
        else if (directory === root) dirty.markLost();
        else dirty.mark(parentDisk(directory));
      };
      const awaitIf = (isGone: boolean, directory: DiskPath): void => {
        const holder = parentDisk(directory);
        const siblings = awaited.get(holder) ?? new Set();
        if (isGone) awaited.set(holder, siblings.add(directory));
        else if (siblings.delete(directory) && siblings.size === 0) awaited.delete(holder);
      };
      const start = (directory: DiskPath): { close(): void } | undefined => {
        try {
          return watchDirectory(directory, (event, name) => heard(directory, event, name), failed);
        } catch (error) {
          failed(error);
          return undefined;
        }
      };
      const failed = (error: unknown): void => {
        const code = codeOfError(error) ?? 'EIO';
        if (!nothingToWatch.has(code)) dirty.markIncomplete(code);
      };
      const heard = (directory: DiskPath, event: string, name: string | null): void => {
        // The system watch of a name that was given up may still speak.
        if (!watched.has(directory)) return;
        dirty.heard(directory);
        if (event !== 'rename' || name === null) return;
        const child = isOneComponent(name) ? joinDisk(directory, name) : undefined;
        if (child !== undefined && watched.has(child)) renew(child);
        // A directory's own removal or move is told like a child's, under its own name.
        if (name === nameOfDisk(directory)) renew(directory);
      };
      return {
        add,
        remove(directory) {
          for (const [known, { system }] of watched) {
            if (!isInside(known, directory)) continue;
            system?.close();
            watched.delete(known);
            awaitIf(false, known);
          }
        },
        close() {
          for (const { system } of watched.values()) system?.close();
          watched.clear();
          awaited.clear();
          dirty.close();
        },
      };
    },
  };
}

/** The inode of a real directory; undefined for anything else. */
function inodeOf(directory: DiskPath): bigint | undefined {
  try {
    const stats = lstatSync(directory, { bigint: true, throwIfNoEntry: false });
    return stats?.isDirectory() === true ? stats.ino : undefined;
  } catch {
    return undefined;
  }
}
