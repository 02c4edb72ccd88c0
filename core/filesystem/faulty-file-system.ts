import { DiskError, type DiskPath, type FileSystem, type WriteHandle } from './file-system.ts';

/** A call that can be made to fail: those of the disk, and those of its open files. */
export type DiskCall = keyof FileSystem | 'read' | 'write' | 'truncate' | 'lookOpen' | 'close';

/** Which calls something happens at, and what: `code` lets the call fail with nothing done, `run` is called before it. */
export interface Fault {
  /** Only these calls. */
  readonly call?: DiskCall | readonly DiskCall[];
  /** Only where this holds for the path (of a call with two, for one of them). */
  readonly path?: (path: DiskPath) => boolean;
  /** Of the matching calls only the n-th, counted from 1 since the fault was set; without, every one. */
  readonly at?: number;
  readonly code?: string;
  readonly run?: () => void;
}

/** One call that was made. */
export interface MadeCall {
  readonly call: DiskCall;
  readonly paths: readonly DiskPath[];
}

/** A disk that fails when told to. */
export interface FaultyFileSystem extends FileSystem {
  /** How many calls were made, those that failed included. */
  readonly callCount: number;
  /** The calls made since the last time this was read. */
  takeCalls(): MadeCall[];
  /** Sets a fault; the returned function takes it away. */
  fail(fault: Fault): () => void;
}

/** Wraps a disk. The same faults and the same calls give the same failures. */
export function createFaultyFileSystem(inner: FileSystem): FaultyFileSystem {
  const faults = new Map<Fault, { matched: number }>();
  let callCount = 0;
  let made: MadeCall[] = [];

  const step = (call: DiskCall, ...paths: readonly DiskPath[]): void => {
    callCount += 1;
    made.push({ call, paths });
    for (const [fault, state] of faults) {
      const calls = fault.call === undefined ? undefined : [fault.call].flat();
      if (calls !== undefined && !calls.includes(call)) continue;
      if (fault.path !== undefined && !paths.some(fault.path)) continue;
      state.matched += 1;
      if (fault.at !== undefined && state.matched !== fault.at) continue;
      fault.run?.();
      if (fault.code !== undefined) throw new DiskError(fault.code, call, paths[0] ?? '');
    }
  };
  const wrap = (handle: WriteHandle, path: DiskPath): WriteHandle => ({
    read(into, position) {
      step('read', path);
      return handle.read(into, position);
    },
    write(bytes, position) {
      step('write', path);
      handle.write(bytes, position);
    },
    truncate(sizeBytes) {
      step('truncate', path);
      handle.truncate(sizeBytes);
    },
    look() {
      step('lookOpen', path);
      return handle.look();
    },
    close() {
      // The real close comes first, so that a failing one leaks no descriptor: that is how systems close.
      handle.close();
      step('close', path);
    },
  });

  return {
    get callCount() {
      return callCount;
    },
    takeCalls() {
      const taken = made;
      made = [];
      return taken;
    },
    fail(fault) {
      faults.set(fault, { matched: 0 });
      return () => faults.delete(fault);
    },
    list(directory) {
      step('list', directory);
      return inner.list(directory);
    },
    look(path) {
      step('look', path);
      return inner.look(path);
    },
    isMountPoint: (directory) => inner.isMountPoint(directory),
    openRead(path) {
      step('openRead', path);
      return wrap(inner.openRead(path) as WriteHandle, path);
    },
    create(path, mode) {
      step('create', path);
      return wrap(inner.create(path, mode), path);
    },
    openWrite(path) {
      step('openWrite', path);
      return wrap(inner.openWrite(path), path);
    },
    readLink(path) {
      step('readLink', path);
      return inner.readLink(path);
    },
    makeSymlink(target, path) {
      step('makeSymlink', path);
      inner.makeSymlink(target, path);
    },
    makeDirectory(path, mode) {
      step('makeDirectory', path);
      inner.makeDirectory(path, mode);
    },
    removeDirectory(path) {
      step('removeDirectory', path);
      inner.removeDirectory(path);
    },
    remove(path) {
      step('remove', path);
      inner.remove(path);
    },
    rename(from, to) {
      step('rename', from, to);
      inner.rename(from, to);
    },
    renameNew(from, to) {
      step('renameNew', from, to);
      inner.renameNew(from, to);
    },
    exchange(a, b) {
      step('exchange', a, b);
      return inner.exchange(a, b);
    },
    link(existing, to) {
      step('link', existing, to);
      inner.link(existing, to);
    },
    copy(from, to) {
      step('copy', from, to);
      inner.copy(from, to);
    },
    clone(from, to) {
      step('clone', from, to);
      return inner.clone(from, to);
    },
    setMode(path, mode) {
      step('setMode', path);
      inner.setMode(path, mode);
    },
    setModifiedAt(path, modifiedAtNs) {
      step('setModifiedAt', path);
      inner.setModifiedAt(path, modifiedAtNs);
    },
    async flushFiles(paths) {
      step('flushFiles', ...paths);
      await inner.flushFiles(paths);
    },
    async flushDirectories(paths) {
      step('flushDirectories', ...paths);
      await inner.flushDirectories(paths);
    },
    space(path) {
      step('space', path);
      return inner.space(path);
    },
  };
}
