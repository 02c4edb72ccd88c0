import { openFolderIndex, type FolderIndex } from '../../file-index/file-index.ts';
import { chunkFile, blockHash } from '../../chunker/chunker.ts';
import { createFaultyFileSystem, type FaultyFileSystem } from '../../filesystem/faulty-file-system.ts';
import {
  type DiskPath,
  type DiskRoot,
  type FileSystem,
  joinDisk,
  openDiskRoot,
} from '../../filesystem/filesystem.ts';
import { parseSample, sampleFolder } from '../../file-index/testing/samples.ts';
import type { Observed } from '../../model/disk.ts';
import type { Content } from '../../model/entry.ts';
import type { Hash } from '../../model/ids.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { createSeededRandom, type SeededRandom } from '../../testing/seeded-random.ts';
import type { CommitContext } from '../commit.ts';

/** A folder on some disk, its index, and a user beside it who needs no permission. */
export interface ApplyWorld {
  /** The disk as the program sees it: counted, and failing when told to. */
  readonly disk: FaultyFileSystem;
  /** The disk as the user sees it. */
  readonly inner: FileSystem;
  readonly root: DiskRoot;
  readonly index: FolderIndex;
  readonly context: CommitContext;
  readonly clock: ManualClock;
  readonly random: SeededRandom;
  readonly user: User;
  /** The program stops and starts again on the same disk and index: nothing but what it wrote down is left. */
  restarted(): ApplyWorld;
}

/** What a person, or their editor, does with files. */
export interface User {
  /** Makes a file, or writes over one in place. */
  write(path: string, text: string): void;
  /** Writes beside it and renames over it, as most editors do. */
  saveByRename(path: string, text: string): void;
  remove(path: string): void;
  makeDirectory(path: string): void;
  /** Removes whatever is there and makes a directory with a file in it. */
  replaceByDirectory(path: string, text: string): void;
  read(path: string): string | undefined;
  /** Everything outside the private directory: `dir`, `-> TARGET` or the text of a file. */
  tree(): ReadonlyMap<string, string>;
  /** The texts in the version store by their names there, directories' contents included. */
  store(): ReadonlyMap<string, string>;
}

/** Opens a world on an empty directory `at` of a disk. */
export async function openApplyWorld(inner: FileSystem, at: DiskPath, seed: string): Promise<ApplyWorld> {
  const root = openDiskRoot(inner, at);
  root.makePrivate();
  await inner.flushDirectories([at, root.privateDirectory]);
  const index = await openFolderIndex({ file: ':memory:', folderId: sampleFolder, parseEntry: parseSample });
  return worldOver({ inner, at, index, clock: createManualClock(), random: createSeededRandom(seed) });
}

function worldOver(parts: {
  readonly inner: FileSystem;
  readonly at: DiskPath;
  readonly index: FolderIndex;
  readonly clock: ManualClock;
  readonly random: SeededRandom;
}): ApplyWorld {
  const { inner, at, index, clock, random } = parts;
  const disk = createFaultyFileSystem(inner);
  const root = openDiskRoot(disk, at);
  const user = createUser(inner, at);
  const context = { fileSystem: disk, root, index, clock, random, spell: (path: string) => path };
  return { disk, inner, root, index, context, clock, random, user, restarted: () => worldOver(parts) };
}

function createUser(disk: FileSystem, root: DiskPath): User {
  const place = (path: string): DiskPath => path.split('/').reduce(joinDisk, root);
  const makeFile = (path: DiskPath, text: string): void => {
    const file = disk.create(path, 0o644);
    file.write(Buffer.from(text), 0);
    file.close();
  };
  const removeAny = (path: DiskPath): void => {
    const there = disk.look(path);
    if (there?.kind === 'directory') disk.removeDirectory(path);
    else if (there !== undefined) disk.remove(path);
  };
  const walk = (directory: DiskPath, prefix: string, into: Map<string, string>): Map<string, string> => {
    for (const listed of disk.list(directory)) {
      if (!('name' in listed) || listed.name === '.lockstep') continue;
      const path = joinDisk(directory, listed.name);
      const { kind } = disk.look(path) as Observed;
      if (kind === 'directory') {
        into.set(prefix + listed.name, 'dir');
        walk(path, `${prefix}${listed.name}/`, into);
      } else into.set(prefix + listed.name, textAt(disk, path) ?? '');
    }
    return into;
  };
  return {
    write(path, text) {
      const there = disk.look(place(path));
      if (there?.kind !== 'file') {
        removeAny(place(path));
        makeFile(place(path), text);
        return;
      }
      const file = disk.openWrite(place(path));
      file.truncate(0);
      file.write(Buffer.from(text), 0);
      file.close();
    },
    saveByRename(path, text) {
      const beside = place(`${path}.saving`);
      makeFile(beside, text);
      if (disk.look(place(path))?.kind === 'directory') disk.removeDirectory(place(path));
      disk.rename(beside, place(path));
    },
    remove: (path) => removeAny(place(path)),
    makeDirectory: (path) => disk.makeDirectory(place(path)),
    replaceByDirectory(path, text) {
      removeAny(place(path));
      disk.makeDirectory(place(path));
      makeFile(place(`${path}/inside`), text);
    },
    read: (path) => textAt(disk, place(path)),
    tree: () => walk(root, '', new Map()),
    store: () => walk(place('.lockstep/versions'), '', new Map()),
  };
}

/** The text of a file, `-> TARGET` of a symlink, undefined for anything else. */
export function textAt(disk: FileSystem, path: DiskPath): string | undefined {
  const there = disk.look(path);
  if (there?.kind === 'symlink') {
    const link = disk.readLink(path);
    return 'target' in link ? `-> ${link.target}` : undefined;
  }
  if (there?.kind !== 'file') return undefined;
  const file = disk.openRead(path);
  const bytes = new Uint8Array(there.sizeBytes);
  file.read(bytes, 0);
  file.close();
  return Buffer.from(bytes).toString();
}

/** What a short text is as content: `dir`, `-> TARGET`, or a file. */
export function contentOfText(text: string): Content {
  if (text === 'dir') return { kind: 'directory' };
  if (text.startsWith('-> ')) return { kind: 'symlink', target: text.slice(3) };
  const bytes = Buffer.from(text);
  return { kind: 'file', content: blockHash(bytes), sizeBytes: bytes.length };
}

/** What lies at a path now, read from the disk. */
export function contentOnDisk(disk: FileSystem, path: DiskPath): Content | undefined {
  const there = disk.look(path);
  if (there === undefined) return undefined;
  if (there.kind === 'directory') return { kind: 'directory' };
  if (there.kind === 'symlink') return contentOfText(textAt(disk, path) ?? '');
  const read = chunkFile({ fileSystem: disk, path });
  return read.kind === 'read'
    ? { kind: 'file', content: read.content, sizeBytes: read.manifest.sizeBytes }
    : undefined;
}

/** The hash function the engine would pass in. */
export const hashWith =
  (disk: FileSystem) =>
  (
    path: DiskPath,
    expected: Observed,
  ): Promise<
    | { content: Hash; manifest: Extract<ReturnType<typeof chunkFile>, { kind: 'read' }>['manifest'] }
    | undefined
  > => {
    const read = chunkFile({ fileSystem: disk, path, expected });
    return Promise.resolve(read.kind === 'read' ? read : undefined);
  };
