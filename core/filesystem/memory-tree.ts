import { DiskError, type DiskPath } from './file-system.ts';

interface NodeCommon {
  readonly inode: bigint;
  readonly device: bigint;
  mode: number;
  modifiedAtNs: bigint;
  changedAtNs: bigint;
  /** How many names it has. */
  links: number;
}

/** Bytes of a file: `data` up to `storedBytes`, zeros from there to `sizeBytes`. */
export interface MemoryContent {
  readonly data: Uint8Array;
  readonly storedBytes: number;
  readonly sizeBytes: number;
}

/** A regular file. */
export interface MemoryFile extends NodeCommon {
  readonly kind: 'file';
  content: MemoryContent;
  /** What a crash is sure to leave; undefined before the first flush. Its buffer is never written again. */
  flushed: MemoryContent | undefined;
  /** Open handles: the bytes of a file without names live until the last is closed. */
  opened: number;
}

/** A name in a directory as it was spelled, and what it names. */
export interface MemoryName {
  readonly name: string;
  readonly node: MemoryNode;
}

/** A directory; its names by the disk's slot. */
export interface MemoryDirectory extends NodeCommon {
  readonly kind: 'directory';
  readonly names: Map<string, MemoryName>;
  parent: MemoryDirectory | undefined;
  /** Names whose bytes are no text, rendered. */
  readonly unreadable: string[];
  /** Code that listing it fails with. */
  fault: string | undefined;
}

/** A symbolic link. */
export interface MemorySymlink extends NodeCommon {
  readonly kind: 'symlink';
  readonly target: string;
}

/** A FIFO or a device. */
export interface MemoryOther extends NodeCommon {
  readonly kind: 'other';
}

/** Anything with an inode. */
export type MemoryNode = MemoryFile | MemoryDirectory | MemorySymlink | MemoryOther;

/** Where a path leads: the directory of its last component, that component, and what is there. The top itself has no name. */
export interface MemoryPlace {
  readonly directory: MemoryDirectory;
  readonly name: string;
  readonly slot: string;
  readonly found: MemoryName | undefined;
  /** Whether what is there covers another directory. */
  readonly isMountPoint: boolean;
}

/** LIMITs of Linux, which tests of long names and of links in a circle rely on. */
const maxSymlinks = 40;
const maxNameBytes = 255;
const maxPathBytes = 4095;
const encoder = new TextEncoder();

/** What resolving a path needs to know of the disk. */
export interface MemoryLayout {
  readonly top: MemoryDirectory;
  /** Directories covered by another disk's top. */
  readonly mounts: ReadonlyMap<MemoryDirectory, MemoryDirectory>;
  slotOf(name: string): string;
}

/** Follows `path` as a real disk does: links in directory components are followed, the last component is not. Throws ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG. */
export function findPlace(layout: MemoryLayout, path: DiskPath, call: string): MemoryPlace {
  if (path.length > maxPathBytes / 3 && encoder.encode(path).length > maxPathBytes) {
    throw new DiskError('ENAMETOOLONG', call, path);
  }
  const pending = splitPath(path).reverse();
  const last = pending.shift();
  if (last === undefined)
    return {
      directory: layout.top,
      name: '',
      slot: '',
      found: { name: '', node: layout.top },
      isMountPoint: true,
    };
  let directory = layout.top;
  let followed = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      directory = directory.parent ?? directory;
      continue;
    }
    const { found } = placeIn(layout, directory, name, path, call);
    if (found === undefined) throw new DiskError('ENOENT', call, path);
    const { node } = found;
    if (node.kind === 'directory') directory = node;
    else if (node.kind === 'symlink') {
      followed += 1;
      if (followed > maxSymlinks) throw new DiskError('ELOOP', call, path);
      if (node.target.startsWith('/')) directory = layout.top;
      pending.push(...splitPath(node.target).reverse());
    } else throw new DiskError('ENOTDIR', call, path);
  }
  return placeIn(layout, directory, last, path, call);
}

function placeIn(
  layout: MemoryLayout,
  directory: MemoryDirectory,
  name: string,
  path: DiskPath,
  call: string,
): MemoryPlace {
  if (name.length > maxNameBytes / 3 && encoder.encode(name).length > maxNameBytes) {
    throw new DiskError('ENAMETOOLONG', call, path);
  }
  const slot = layout.slotOf(name);
  const found = directory.names.get(slot);
  const mounted = found?.node.kind === 'directory' ? layout.mounts.get(found.node) : undefined;
  return {
    directory,
    name,
    slot,
    found: found !== undefined && mounted !== undefined ? { name: found.name, node: mounted } : found,
    isMountPoint: mounted !== undefined,
  };
}

function splitPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Whether `inner` is `outer` or below it. */
export function isWithin(inner: MemoryDirectory, outer: MemoryDirectory): boolean {
  for (let at: MemoryDirectory | undefined = inner; at !== undefined; at = at.parent)
    if (at === outer) return true;
  return false;
}

/** Fills `into` from `position`; returns how many bytes there were. */
export function readContent(content: MemoryContent, into: Uint8Array, position: number): number {
  const count = Math.max(0, Math.min(into.length, content.sizeBytes - position));
  const stored = content.data.subarray(position, Math.min(position + count, content.storedBytes));
  into.set(stored);
  into.fill(0, stored.length, count);
  return count;
}

/** `content` with `bytes` at `position`. The buffer is written in place unless `keep` still needs it as it is. */
export function writeContent(
  content: MemoryContent,
  bytes: Uint8Array,
  position: number,
  keep: MemoryContent | undefined,
): MemoryContent {
  const end = position + bytes.length;
  const storedBytes = Math.max(content.storedBytes, end);
  const data = writableBuffer(content, storedBytes, keep);
  data.set(bytes, position);
  return { data, storedBytes, sizeBytes: Math.max(content.sizeBytes, end) };
}

/** `content` cut or lengthened to `sizeBytes`; what is beyond never comes back. */
export function resizeContent(
  content: MemoryContent,
  sizeBytes: number,
  keep: MemoryContent | undefined,
): MemoryContent {
  if (sizeBytes >= content.storedBytes) return { ...content, sizeBytes };
  const data = writableBuffer(content, content.storedBytes, keep);
  data.fill(0, sizeBytes, content.storedBytes);
  return { data, storedBytes: sizeBytes, sizeBytes };
}

function writableBuffer(
  content: MemoryContent,
  neededBytes: number,
  keep: MemoryContent | undefined,
): Uint8Array {
  if (content.data !== keep?.data && content.data.length >= neededBytes) return content.data;
  const room =
    neededBytes > content.data.length ? Math.max(neededBytes, content.data.length * 2) : content.data.length;
  const data = new Uint8Array(room);
  data.set(content.data.subarray(0, content.storedBytes));
  return data;
}

/** A file's content before anything is written. */
export const emptyContent: MemoryContent = { data: new Uint8Array(0), storedBytes: 0, sizeBytes: 0 };

/** Sets parents and link counts below `tops` by the names that are there; returns the files. */
export function recount(tops: readonly MemoryDirectory[]): ReadonlySet<MemoryFile> {
  const files = new Set<MemoryFile>();
  const pending = [...tops];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const { node } of directory.names.values()) {
      if (node.kind === 'directory') {
        node.parent = directory;
        pending.push(node);
        continue;
      }
      node.links = node.kind === 'file' && files.has(node) ? node.links + 1 : 1;
      if (node.kind === 'file') files.add(node);
    }
  }
  return files;
}
