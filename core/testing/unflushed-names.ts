import { type DiskPath, type FileSystem, nameOfDisk, parentDisk } from '../filesystem/filesystem.ts';

/** A disk that remembers which names were given or taken on it and are not durable yet. */
export interface UnflushedNames {
  readonly fileSystem: FileSystem;
  /** Whether what is at this path, or is not, may still be undone by a power cut. */
  isUnflushed(path: DiskPath): boolean;
  /** Nothing is: the power was cut. */
  forget(): void;
}

/** Wraps a disk; `fold` makes one of all spellings that are one to it. Each side of a rename counts for its own directory, as on disks that promise no more. */
export function rememberUnflushed(inner: FileSystem, fold: (path: string) => string): UnflushedNames {
  const names = new Map<string, Set<string>>();
  const changed = (...paths: readonly DiskPath[]): void => {
    for (const path of paths) {
      const directory = fold(parentDisk(path));
      names.set(directory, (names.get(directory) ?? new Set()).add(fold(nameOfDisk(path))));
    }
  };
  return {
    isUnflushed: (path) => names.get(fold(parentDisk(path)))?.has(fold(nameOfDisk(path))) === true,
    forget: () => names.clear(),
    fileSystem: {
      ...inner,
      create(path, mode) {
        const handle = inner.create(path, mode);
        changed(path);
        return handle;
      },
      makeSymlink(target, path) {
        inner.makeSymlink(target, path);
        changed(path);
      },
      makeDirectory(path, mode) {
        inner.makeDirectory(path, mode);
        changed(path);
      },
      removeDirectory(path) {
        inner.removeDirectory(path);
        changed(path);
        names.delete(fold(path));
      },
      remove(path) {
        inner.remove(path);
        changed(path);
      },
      rename(from, to) {
        inner.rename(from, to);
        changed(from, to);
      },
      renameNew(from, to) {
        inner.renameNew(from, to);
        changed(from, to);
      },
      exchange(a, b) {
        const isDone = inner.exchange(a, b);
        if (isDone) changed(a, b);
        return isDone;
      },
      link(existing, to) {
        inner.link(existing, to);
        changed(to);
      },
      copy(from, to) {
        inner.copy(from, to);
        changed(to);
      },
      clone(from, to) {
        const isDone = inner.clone(from, to);
        if (isDone) changed(to);
        return isDone;
      },
      async flushDirectories(paths) {
        await inner.flushDirectories(paths);
        for (const path of paths) names.delete(fold(path));
      },
    },
  };
}
