import type { Clock, Random } from '../base/base.ts';
import type { Observed } from '../model/disk.ts';
import { DiskError, type DiskPath } from './file-system.ts';
import { contentAfterCrash, createNameJournal, type NameChange } from './memory-journal.ts';
import {
  findPlace,
  type MemoryContent,
  type MemoryDirectory,
  type MemoryFile,
  type MemoryName,
  type MemoryNode,
  type MemoryPlace,
  recount,
} from './memory-tree.ts';
import { checkName, foldName, type NameRules } from './name-rules.ts';

/** What kind of disk to play; without any, one like ext4. */
export interface MemoryDiskOptions {
  /** Gives the times of changes, which the disk makes strictly rising by adding a nanosecond where it must. */
  readonly clock: Clock;
  readonly capacityBytes?: number;
  readonly caseInsensitive?: boolean;
  /** `insensitive` keeps a name's spelling but knows it in every Unicode form, as APFS; `nfd` rewrites it, as HFS+. */
  readonly normalisation?: 'none' | 'insensitive' | 'nfd';
  readonly nameRules?: NameRules;
  readonly hardLinks?: boolean;
  readonly symlinks?: boolean;
  /** Without, every file shows mode 0755, as on FAT. */
  readonly modes?: boolean;
  readonly exchange?: boolean;
  /** Whether files can share their blocks; here that is only seen in what `clone` says. */
  readonly clones?: boolean;
  readonly timeGranularityNs?: bigint;
}

/** A place known to hold something. */
export type FoundPlace = MemoryPlace & { readonly found: MemoryName };

/** LIMIT: what an unlimited disk says it has. */
const plentyBytes = 2 ** 40;
const directoryBytes = 4096;
/** The mask most systems give a process. */
const umask = 0o022;
const encoder = new TextEncoder();

/** The state of a memory disk: its nodes, names, times and room, without the calls that read and change them. */
export type MemoryDisk = ReturnType<typeof createMemoryDisk>;

/** A disk that holds nothing but its top. */
export function createMemoryDisk(options: MemoryDiskOptions) {
  const { clock, timeGranularityNs = 1n, normalisation = 'none', nameRules = 'posix' } = options;
  const folding = { caseInsensitive: options.caseInsensitive === true, normalises: normalisation !== 'none' };
  const mounts = new Map<MemoryDirectory, MemoryDirectory>();
  const volumes: MemoryDirectory[] = [];
  const journal = createNameJournal();
  const listeners = new Set<(inode: bigint) => void>();
  const room = { capacityBytes: options.capacityBytes, usedBytes: 0 };
  let lastInode = 1n;
  let lastChangeNs = 0n;
  let crashes = 0;

  const coarse = (timeNs: bigint): bigint =>
    timeNs - (((timeNs % timeGranularityNs) + timeGranularityNs) % timeGranularityNs);
  const stampNs = (): bigint => {
    const nowNs = BigInt(Math.floor(clock.now())) * 1_000_000n;
    lastChangeNs = nowNs > lastChangeNs ? nowNs : lastChangeNs + 1n;
    return lastChangeNs;
  };
  /** The node's change time moves. */
  const touch = (node: MemoryNode): void => {
    node.changedAtNs = stampNs();
  };
  /** The node's content changed. */
  const modify = (node: MemoryNode): void => {
    touch(node);
    node.modifiedAtNs = coarse(node.changedAtNs);
  };
  const tell = (directory: MemoryDirectory): void => {
    for (const listener of listeners) listener(directory.inode);
  };

  const newNode = (device: bigint, mode: number) => {
    const changedAtNs = stampNs();
    lastInode += 1n;
    const modifiedAtNs = coarse(changedAtNs);
    return { inode: lastInode, device, mode: mode & ~umask, modifiedAtNs, changedAtNs, links: 0 };
  };
  const newDirectory = (
    device: bigint,
    mode: number,
    parent: MemoryDirectory | undefined,
  ): MemoryDirectory => ({
    kind: 'directory',
    names: new Map(),
    parent,
    unreadable: [],
    fault: undefined,
    ...newNode(device, mode),
  });
  const newVolume = (parent: MemoryDirectory | undefined): MemoryDirectory => {
    const top = newDirectory(BigInt(volumes.length + 1), 0o755, parent);
    volumes.push(top);
    return top;
  };
  const layout = { top: newVolume(undefined), mounts, slotOf: (name: string) => foldName(name, folding) };

  const place = (path: DiskPath, call: string): MemoryPlace => findPlace(layout, path, call);
  const find = (path: DiskPath, call: string): FoundPlace => {
    const at = place(path, call);
    if (at.found === undefined) throw new DiskError('ENOENT', call, path);
    return { ...at, found: at.found };
  };
  const findDirectory = (path: DiskPath, call: string): MemoryDirectory => {
    const { node } = find(path, call).found;
    if (node.kind !== 'directory') throw new DiskError('ENOTDIR', call, path);
    return node;
  };
  /** Refuses the top, and names this disk cannot hold. */
  const checkNewName = (at: MemoryPlace, path: DiskPath, call: string): void => {
    if (at.name === '') throw new DiskError('EBUSY', call, path);
    if (checkName(at.name, nameRules) !== undefined) throw new DiskError('EINVAL', call, path);
  };
  const findNew = (path: DiskPath, call: string): MemoryPlace => {
    const at = place(path, call);
    if (at.found !== undefined) throw new DiskError('EEXIST', call, path);
    checkNewName(at, path, call);
    return at;
  };

  /** Takes room for more bytes; throws ENOSPC, nothing taken, if there is not that much. */
  const reserve = (moreBytes: number, call: string, path: DiskPath): void => {
    if (moreBytes > 0 && room.usedBytes + moreBytes > (room.capacityBytes ?? plentyBytes)) {
      throw new DiskError('ENOSPC', call, path);
    }
    room.usedBytes += moreBytes;
  };
  /** Gives back the room of a file without names and handles. Its bytes stay for a crash that brings the name back. */
  const releaseIfGone = (node: MemoryNode): void => {
    if (node.kind === 'file' && node.links === 0 && node.opened === 0)
      room.usedBytes -= node.content.storedBytes;
  };

  const change = (at: MemoryPlace, after: MemoryName | undefined): NameChange => ({
    directory: at.directory,
    slot: at.slot,
    before: at.directory.names.get(at.slot),
    after,
  });
  /** Makes the name changes of one call: what they name, its links, times and room, and who wants to hear of it. */
  const apply = (changes: readonly NameChange[]): void => {
    journal.apply(changes);
    const moved = new Set<MemoryNode>();
    for (const { directory, before, after } of changes) {
      if (before !== undefined) before.node.links -= 1;
      if (after !== undefined) after.node.links += 1;
      if (after?.node.kind === 'directory') after.node.parent = directory;
      for (const name of [before, after]) if (name !== undefined) moved.add(name.node);
    }
    for (const node of moved) {
      touch(node);
      releaseIfGone(node);
    }
    for (const directory of new Set(changes.map((item) => item.directory))) {
      modify(directory);
      tell(directory);
    }
  };
  const named = (at: MemoryPlace, node: MemoryNode): MemoryName => ({
    name: normalisation === 'nfd' ? at.name.normalize('NFD') : at.name,
    node,
  });

  return {
    options,
    place,
    find,
    findDirectory,
    findNew,
    checkNewName,
    change,
    apply,
    named,
    /** Gives a node its name. */
    add: (at: MemoryPlace, node: MemoryNode): void => apply([change(at, named(at, node))]),
    touch,
    tell,
    coarse,
    newNode,
    newDirectory,
    reserve,
    releaseIfGone,
    /** Replaces a file's bytes, which some handle opened in `directory` changed. */
    store(file: MemoryFile, content: MemoryContent, directory: MemoryDirectory): void {
      file.content = content;
      modify(file);
      tell(directory);
    },
    observe: (node: MemoryNode): Observed => ({
      kind: node.kind,
      sizeBytes: sizeOf(node),
      modifiedAtNs: node.modifiedAtNs,
      changedAtNs: node.changedAtNs,
      inode: node.inode,
      device: node.device,
      mode: options.modes === false ? 0o755 : node.mode,
      links: node.kind === 'directory' ? 2 : node.links,
    }),
    isMounted: (node: MemoryNode): boolean =>
      mounts.size > 0 && node.kind === 'directory' && [...mounts.values()].includes(node),
    mount(covered: MemoryDirectory, volume: MemoryDirectory | undefined): MemoryDirectory {
      const top = volume ?? newVolume(covered.parent);
      top.parent = covered.parent;
      mounts.set(covered, top);
      return top;
    },
    bind(covered: MemoryDirectory, source: MemoryDirectory): void {
      mounts.set(covered, source);
    },
    unmount(top: MemoryDirectory): void {
      for (const [covered, mounted] of mounts) if (mounted === top) mounts.delete(covered);
    },
    flushNames: (directory: MemoryDirectory): void => journal.flush(directory),
    room: () => {
      const totalBytes = room.capacityBytes ?? plentyBytes;
      return { freeBytes: Math.max(0, totalBytes - room.usedBytes), totalBytes };
    },
    setCapacity(capacityBytes: number | undefined): void {
      room.capacityBytes = capacityBytes;
    },
    crashCount: (): number => crashes,
    crash(random: Random): void {
      crashes += 1;
      journal.crash(random);
      room.usedBytes = 0;
      for (const file of recount(volumes)) {
        file.opened = 0;
        file.content = contentAfterCrash(file, random);
        file.flushed = file.content;
        room.usedBytes += file.content.storedBytes;
      }
    },
    onChange(listener: (inode: bigint) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function sizeOf(node: MemoryNode): number {
  switch (node.kind) {
    case 'file':
      return node.content.sizeBytes;
    case 'symlink':
      return encoder.encode(node.target).length;
    case 'directory':
      return directoryBytes;
    case 'other':
      return 0;
  }
}
