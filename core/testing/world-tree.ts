import { createHash } from 'node:crypto';
import { bytesToHex } from '../base/base.ts';
import { type DiskPath, type FileSystem, joinDisk } from '../filesystem/filesystem.ts';
import type { MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { Observed } from '../model/disk.ts';

/** One thing in a folder, as a person's file manager would find it. */
export interface DiskThing {
  /** Below the folder, `/`-separated, as the disk spells it. */
  readonly path: string;
  readonly place: DiskPath;
  readonly observed: Observed;
}

/** Everything in a folder but what is private to the engine, parents first, by name. */
export function thingsIn(disk: MemoryFileSystem, directory: DiskPath, prefix = ''): DiskThing[] {
  const names = disk.list(directory).flatMap((listed) => ('name' in listed ? [listed.name] : []));
  return names.sort().flatMap((name) => {
    if (prefix === '' && name === '.lockstep') return [];
    const place = joinDisk(directory, name);
    const observed = disk.look(place);
    if (observed === undefined) return [];
    const thing = { path: prefix + name, place, observed };
    return observed.kind === 'directory' ? [thing, ...thingsIn(disk, place, `${prefix}${name}/`)] : [thing];
  });
}

/** Removes a thing and all it holds. */
export function removeTree(disk: FileSystem, place: DiskPath): void {
  if (disk.look(place)?.kind !== 'directory') return disk.remove(place);
  for (const listed of disk.list(place)) if ('name' in listed) removeTree(disk, joinDisk(place, listed.name));
  disk.removeDirectory(place);
}

/** The text of all files at or below a place, private ones too. */
export function textsBelow(disk: MemoryFileSystem, place: DiskPath): string[] {
  const there = disk.look(place);
  if (there?.kind === 'file') return [textAt(disk, place)];
  if (there?.kind !== 'directory') return [];
  return disk
    .list(place)
    .flatMap((listed) => ('name' in listed ? textsBelow(disk, joinDisk(place, listed.name)) : []));
}

/** The text of one file. */
export function textAt(disk: MemoryFileSystem, place: DiskPath): string {
  return new TextDecoder().decode(bytesAt(disk, place));
}

/** The bytes of one file. */
export function bytesAt(disk: MemoryFileSystem, place: DiskPath): Uint8Array {
  const handle = disk.openRead(place);
  const bytes = new Uint8Array(handle.look().sizeBytes);
  handle.read(bytes, 0);
  handle.close();
  return bytes;
}

/** Every path of a folder with what is there: `dir`, `link TARGET`, or executable bit, time and hash of a file. */
export function treeOf(disk: MemoryFileSystem, root: DiskPath): ReadonlyMap<string, string> {
  return new Map(thingsIn(disk, root).map((thing) => [thing.path, describeThing(disk, thing)]));
}

function describeThing(disk: MemoryFileSystem, { place, observed }: DiskThing): string {
  switch (observed.kind) {
    case 'directory':
      return 'dir';
    case 'symlink':
      return `link ${JSON.stringify(disk.readLink(place))}`;
    case 'file': {
      const executable = (observed.mode & 0o100) !== 0 ? 'x' : '-';
      return `${executable} ${observed.modifiedAtNs} ${bytesToHex(createHash('sha256').update(bytesAt(disk, place)).digest())}`;
    }
    case 'other':
      return 'other';
  }
}
