import { invariant, type Random } from '../base/base.ts';
import { DiskError, type DiskPath, type FileSystem, type WriteHandle } from './file-system.ts';
import { createMemoryDisk, type MemoryDisk, type MemoryDiskOptions } from './memory-disk.ts';
import { memoryHandle } from './memory-handles.ts';
import { moveName, swapNames } from './memory-moves.ts';
import { emptyContent, type MemoryDirectory, type MemoryFile } from './memory-tree.ts';

/** A disk mounted in the memory disk, or taken out of it. */
export interface MemoryVolume {
  readonly top: MemoryDirectory;
}

/** A disk in memory with the contract of {@link FileSystem}, and means to make things happen that only real life does. Modes are kept, not enforced. */
export interface MemoryFileSystem extends FileSystem {
  /** Makes a FIFO. */
  makeOther(path: DiskPath): void;
  /** Adds a name that is no text to a directory's listing. */
  addUnreadable(directory: DiskPath, rendering: string): void;
  /** Lets listing a directory fail with `code`, or work again. */
  failListing(directory: DiskPath, code: string | undefined): void;
  /** Covers a directory with another disk: a new one, or one unmounted before. */
  mount(path: DiskPath, volume?: MemoryVolume): MemoryVolume;
  /** Uncovers the directory again: what it held before shows, mostly nothing. */
  unmount(path: DiskPath): void;
  /** Covers a directory with another one of this disk. */
  bind(path: DiskPath, source: DiskPath): void;
  setCapacity(capacityBytes: number | undefined): void;
  /**
   * Pulls the plug. Of each directory, a random number of its last unflushed changes is gone, a rename in both directories or in none;
   * unflushed bytes are there, as before, missing or zeros. Modes, times and flushed things stay. Open handles fail with EBADF from now on.
   */
  crash(random: Random): void;
  /** Tells the inode of each directory in which something changed, right after; the returned function ends it. */
  onChange(listener: (inode: bigint) => void): () => void;
}

/** An empty disk whose top `/` exists. */
export function createMemoryFileSystem(options: MemoryDiskOptions): MemoryFileSystem {
  const disk = createMemoryDisk(options);
  return {
    ...readingCalls(disk),
    ...makingCalls(disk),
    ...movingCalls(disk),
    ...flushingCalls(disk),
    ...realLife(disk),
  };
}

function open(
  disk: MemoryDisk,
  file: MemoryFile,
  directory: MemoryDirectory,
  path: DiskPath,
  access: 'read' | 'write',
): WriteHandle {
  const openedAt = disk.crashCount();
  file.opened += 1;
  return memoryHandle(
    {
      isStale: () => openedAt !== disk.crashCount(),
      observe: disk.observe,
      store(target, storedBytes, make) {
        disk.reserve(storedBytes - target.content.storedBytes, 'write', path);
        disk.store(target, make(), directory);
      },
      closed(target) {
        target.opened -= 1;
        disk.releaseIfGone(target);
      },
    },
    file,
    path,
    access,
  );
}

function openExisting(disk: MemoryDisk, path: DiskPath, access: 'read' | 'write'): WriteHandle {
  const call = access === 'read' ? 'openRead' : 'openWrite';
  const { found, directory } = disk.find(path, call);
  if (found.node.kind === 'symlink') throw new DiskError('ELOOP', call, path);
  if (found.node.kind !== 'file') throw new DiskError('EINVAL', call, path);
  return open(disk, found.node, directory, path, access);
}

function readingCalls(disk: MemoryDisk) {
  return {
    list(path) {
      const directory = disk.findDirectory(path, 'list');
      if (directory.fault !== undefined) throw new DiskError(directory.fault, 'list', path);
      return [
        ...[...directory.names.values()].map(({ name }) => ({ name })),
        ...directory.unreadable.map((unreadable) => ({ unreadable })),
      ];
    },
    isMountPoint(directory) {
      try {
        return disk.place(directory, 'isMountPoint').isMountPoint;
      } catch (error) {
        if (error instanceof DiskError) return false;
        throw error;
      }
    },
    look(path) {
      try {
        const { found } = disk.place(path, 'look');
        return found === undefined ? undefined : disk.observe(found.node);
      } catch (error) {
        if (error instanceof DiskError && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
          return undefined;
        throw error;
      }
    },
    openRead: (path) => openExisting(disk, path, 'read'),
    readLink(path) {
      const { node } = disk.find(path, 'readLink').found;
      if (node.kind !== 'symlink') throw new DiskError('EINVAL', 'readLink', path);
      return { target: node.target };
    },
    space(path) {
      disk.find(path, 'space');
      return disk.room();
    },
  } satisfies Partial<FileSystem>;
}

function makingCalls(disk: MemoryDisk) {
  return {
    openWrite: (path) => openExisting(disk, path, 'write'),
    create(path, mode) {
      const at = disk.findNew(path, 'create');
      const file: MemoryFile = {
        kind: 'file',
        content: emptyContent,
        flushed: undefined,
        opened: 0,
        ...disk.newNode(at.directory.device, mode),
      };
      disk.add(at, file);
      return open(disk, file, at.directory, path, 'write');
    },
    makeSymlink(target, path) {
      if (disk.options.symlinks === false) throw new DiskError('EPERM', 'makeSymlink', path);
      if (target === '') throw new DiskError('ENOENT', 'makeSymlink', path);
      const at = disk.findNew(path, 'makeSymlink');
      disk.add(at, { kind: 'symlink', target, ...disk.newNode(at.directory.device, 0o777), mode: 0o777 });
    },
    makeDirectory(path, mode = 0o777) {
      const at = disk.findNew(path, 'makeDirectory');
      disk.add(at, disk.newDirectory(at.directory.device, mode, at.directory));
    },
    copy: (from, to) => copyFile(disk, from, to, 'copy'),
    clone(from, to) {
      if (disk.options.clones === false) return false;
      copyFile(disk, from, to, 'clone');
      return true;
    },
    setMode(path, mode) {
      const { found, directory } = disk.find(path, 'setMode');
      if (found.node.kind === 'symlink') throw new DiskError('ENOTSUP', 'setMode', path);
      found.node.mode = mode & 0o7777;
      disk.touch(found.node);
      disk.tell(directory);
    },
    setModifiedAt(path, modifiedAtNs) {
      const { found, directory } = disk.find(path, 'setModifiedAt');
      found.node.modifiedAtNs = disk.coarse(modifiedAtNs);
      disk.touch(found.node);
      disk.tell(directory);
    },
  } satisfies Partial<FileSystem>;
}

function movingCalls(disk: MemoryDisk) {
  return {
    removeDirectory(path) {
      const at = disk.find(path, 'removeDirectory');
      const { node } = at.found;
      if (node.kind !== 'directory') throw new DiskError('ENOTDIR', 'removeDirectory', path);
      if (at.name === '' || disk.isMounted(node)) throw new DiskError('EBUSY', 'removeDirectory', path);
      if (node.names.size + node.unreadable.length > 0)
        throw new DiskError('ENOTEMPTY', 'removeDirectory', path);
      disk.apply([disk.change(at, undefined)]);
    },
    remove(path) {
      const at = disk.find(path, 'remove');
      if (at.found.node.kind === 'directory') throw new DiskError('EISDIR', 'remove', path);
      disk.apply([disk.change(at, undefined)]);
    },
    rename: (from, to) => moveName(disk, from, to, 'replace'),
    renameNew: (from, to) => moveName(disk, from, to, 'new'),
    exchange: (a, b) => swapNames(disk, a, b),
    link(existing, to) {
      const { node } = disk.find(existing, 'link').found;
      if (node.kind === 'directory' || disk.options.hardLinks === false) {
        throw new DiskError('EPERM', 'link', existing);
      }
      const at = disk.findNew(to, 'link');
      if (node.device !== at.directory.device) throw new DiskError('EXDEV', 'link', existing);
      disk.add(at, node);
    },
  } satisfies Partial<FileSystem>;
}

function flushingCalls(disk: MemoryDisk) {
  return {
    flushFiles: (paths) =>
      forEach(paths, (path) => {
        const { node } = disk.find(path, 'flushFiles').found;
        if (node.kind === 'symlink') throw new DiskError('ELOOP', 'flushFiles', path);
        if (node.kind !== 'file') throw new DiskError('EINVAL', 'flushFiles', path);
        node.flushed = node.content;
      }),
    flushDirectories: (paths) =>
      forEach(paths, (path) => disk.flushNames(disk.findDirectory(path, 'flushDirectories'))),
  } satisfies Partial<FileSystem>;
}

function realLife(disk: MemoryDisk): Omit<MemoryFileSystem, keyof FileSystem> {
  return {
    makeOther(path) {
      const at = disk.findNew(path, 'makeOther');
      disk.add(at, { kind: 'other', ...disk.newNode(at.directory.device, 0o644) });
    },
    addUnreadable(path, rendering) {
      const directory = disk.findDirectory(path, 'addUnreadable');
      directory.unreadable.push(rendering);
      disk.touch(directory);
      disk.tell(directory);
    },
    failListing(path, code) {
      disk.findDirectory(path, 'failListing').fault = code;
    },
    mount(path, volume) {
      const covered = disk.findDirectory(path, 'mount');
      invariant(!disk.isMounted(covered), 'a disk is mounted there already');
      return { top: disk.mount(covered, volume?.top) };
    },
    bind(path, source) {
      disk.bind(disk.findDirectory(path, 'bind'), disk.findDirectory(source, 'bind'));
    },
    unmount: (path) => disk.unmount(disk.findDirectory(path, 'unmount')),
    setCapacity: (capacityBytes) => disk.setCapacity(capacityBytes),
    crash: (random) => disk.crash(random),
    onChange: (listener) => disk.onChange(listener),
  };
}

async function forEach(paths: readonly DiskPath[], flush: (path: DiskPath) => void): Promise<void> {
  const failures: DiskError[] = [];
  for (const path of paths) {
    try {
      flush(path);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      failures.push(error);
    }
  }
  if (failures[0] !== undefined) throw failures[0];
}

function copyFile(disk: MemoryDisk, from: DiskPath, to: DiskPath, call: 'copy' | 'clone'): void {
  const { node } = disk.find(from, call).found;
  if (node.kind !== 'file') throw new DiskError('EINVAL', call, from);
  const at = disk.findNew(to, call);
  const { content, mode } = node;
  disk.reserve(content.storedBytes, call, to);
  disk.add(at, {
    kind: 'file',
    content: { ...content, data: content.data.slice(0, content.storedBytes) },
    flushed: undefined,
    opened: 0,
    ...disk.newNode(at.directory.device, mode),
    mode,
  });
}
