import { beforeEach, describe, expect, test } from 'vitest';
import { openPart, type PartFile, type PartSource } from '../apply/apply.ts';
import { chunkFile, piecesOf } from '../chunker/chunker.ts';
import { blockOf } from '../chunker/testing/block-of.ts';
import {
  type DiskPath,
  diskPath,
  type FileSystem,
  joinDisk,
  openDiskRoot,
} from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { Manifest } from '../model/manifest.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { type FileWish, putTogetherFromPieces } from './fine-pieces.ts';

const before = createSeededRandom('film').bytes(400_000);
const after = Buffer.from(before);
after.write('EDITED', 200_000);

let disk: FileSystem;
let edited: PartSource;
let part: PartFile;
let manifest: Manifest;
let missingAtFirst: number;

function write(path: DiskPath, bytes: Uint8Array): Manifest {
  const file = disk.create(path, 0o644);
  file.write(bytes, 0);
  file.close();
  const read = chunkFile({ fileSystem: disk, path });
  if (read.kind !== 'read') throw new Error('nobody else writes here');
  return read.manifest;
}

beforeEach(async () => {
  disk = createMemoryFileSystem({ clock: createManualClock() });
  const at = diskPath('/folder');
  disk.makeDirectory(at);
  const root = openDiskRoot(disk, at);
  for (const directory of [joinDisk(at, '.lockstep'), root.staging]) disk.makeDirectory(directory);
  edited = { path: joinDisk(at, 'film'), manifest: write(joinDisk(at, 'film'), before) };
  manifest = write(joinDisk(at, 'as it shall be'), after);
  part = await openPart({
    fileSystem: disk,
    root,
    name: 'x.part',
    manifest,
    sources: [edited],
    breathe: () => Promise.resolve(),
  });
  missingAtFirst = part.missingCount();
});

/** Puts the part together with a holder who answers as told; resolves to the bytes that were fetched beside lists. */
async function putTogether({
  bytesPerS = 0,
  listOf = piecesOf,
  gives = () => true,
}: {
  readonly bytesPerS?: number;
  readonly listOf?: (block: Uint8Array) => Manifest;
  readonly gives?: () => boolean;
} = {}): Promise<number> {
  let fetched = 0;
  const fetch = async (wish: FileWish) => {
    for (const item of wish.items) {
      const bytes = after.subarray(item.offset, item.offset + item.sizeBytes);
      if ('onPieces' in wish) await wish.onPieces(item, listOf(bytes), 'holder' as never);
      else {
        fetched += bytes.length;
        if (gives()) await wish.onBlock(item, blockOf(bytes), 'holder' as never);
      }
    }
  };
  const file = { part, manifest, content: 'c' as never, edited, bytesPerS, fileSystem: disk };
  await putTogetherFromPieces({ ...file, fetch, put() {} });
  return fetched;
}

describe('an edited file', () => {
  test('[EN3] is put together from pieces here and those that changed', async () => {
    expect(missingAtFirst).toBeGreaterThan(0);
    expect(await putTogether()).toBeLessThan(20_000);
    expect(part.missingCount()).toBe(0);
    expect(part.read(0, after.length)).toEqual(new Uint8Array(after));
  });

  test('[EN3] is left to be fetched whole where bytes come fast', async () => {
    await putTogether({ bytesPerS: 4_000_000 });
    expect(part.missingCount()).toBe(missingAtFirst);
  });

  test('[EN3] stays as it is where the earlier version is gone, or shorter than it was', async () => {
    const file = disk.openWrite(edited.path);
    file.truncate(1000);
    file.close();
    expect(await putTogether()).toBe(0);
    disk.remove(edited.path);
    expect(await putTogether()).toBe(0);
    expect(part.missingCount()).toBe(missingAtFirst);
  });

  test('[EN3] lacks a chunk of which a piece does not come, or that comes out wrong', async () => {
    await putTogether({ gives: () => false });
    expect(part.missingCount()).toBe(missingAtFirst);
    const elsewhere = (block: Uint8Array): Manifest => piecesOf(before.subarray(0, block.length));
    expect(await putTogether({ listOf: elsewhere })).toBe(0);
    expect(part.missingCount()).toBe(missingAtFirst);
  });

  test('[EN3] is not looked for piece by piece in what has little of it', async () => {
    const other = (block: Uint8Array): Manifest => piecesOf(createSeededRandom('other').bytes(block.length));
    expect(await putTogether({ listOf: other })).toBe(0);
    expect(part.missingCount()).toBe(missingAtFirst);
  });
});
