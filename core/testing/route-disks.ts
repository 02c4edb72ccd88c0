import { type DiskPath, type FileSystem, isInside } from '../filesystem/filesystem.ts';
import type { MemoryFileSystem } from '../filesystem/memory-file-system.ts';

/** Two disks as one: what lies in `home` is on the first, all else on the second. No call names places on both. */
export function routeDisks(home: DiskPath, system: MemoryFileSystem, folders: MemoryFileSystem): FileSystem {
  const isAtHome = (path: DiskPath): boolean => path === home || isInside(path, home);
  const of = (path: DiskPath): MemoryFileSystem => (isAtHome(path) ? system : folders);
  return {
    list: (path) => of(path).list(path),
    look: (path) => of(path).look(path),
    isMountPoint: (directory) => of(directory).isMountPoint(directory),
    openRead: (path) => of(path).openRead(path),
    create: (path, mode) => of(path).create(path, mode),
    openWrite: (path) => of(path).openWrite(path),
    readLink: (path) => of(path).readLink(path),
    makeSymlink: (target, path) => of(path).makeSymlink(target, path),
    makeDirectory: (path, mode) => of(path).makeDirectory(path, mode),
    removeDirectory: (path) => of(path).removeDirectory(path),
    remove: (path) => of(path).remove(path),
    rename: (from, to) => of(from).rename(from, to),
    renameNew: (from, to) => of(from).renameNew(from, to),
    exchange: (a, b) => of(a).exchange(a, b),
    link: (existing, to) => of(existing).link(existing, to),
    copy: (from, to) => of(from).copy(from, to),
    clone: (from, to) => of(from).clone(from, to),
    setMode: (path, mode) => of(path).setMode(path, mode),
    setModifiedAt: (path, timeNs) => of(path).setModifiedAt(path, timeNs),
    space: (path) => of(path).space(path),
    async flushFiles(paths) {
      await system.flushFiles(paths.filter(isAtHome));
      await folders.flushFiles(paths.filter((path) => !isAtHome(path)));
    },
    async flushDirectories(paths) {
      await system.flushDirectories(paths.filter(isAtHome));
      await folders.flushDirectories(paths.filter((path) => !isAtHome(path)));
    },
  };
}
