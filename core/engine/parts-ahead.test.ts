import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../base/base.ts';
import { chunkFile, zeroChunk } from '../chunker/chunker.ts';
import { blockOf } from '../chunker/testing/block-of.ts';
import { diskPath, type DiskRoot, joinDisk, openDiskRoot } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { deviceKey, hash } from '../model/ids.ts';
import { type Manifest } from '../model/manifest.ts';
import { relativePath } from '../model/path.ts';
import type { ChunksAhead } from '../protocol/protocol.ts';
import { testFolder } from '../testing/index-device.ts';
import { createManualClock, type ManualClock, settle } from '../testing/manual-clock.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import type { WishForBlocks } from '../transfer/transfer.ts';
import { createPartsAhead, type PartsAhead } from './parts-ahead.ts';

const film = createSeededRandom('film').bytes(2_000_000);
const teller = deviceKey('0a'.repeat(32));
const other = deviceKey('0b'.repeat(32));
const reading = hash('0c'.repeat(32));

let clock: ManualClock;
let disk: MemoryFileSystem;
let root: DiskRoot;
let manifest: Manifest;
let isWanted: boolean;
let lacking: Set<number>;
let asked: number[];
let ahead: PartsAhead;

beforeEach(() => {
  clock = createManualClock();
  disk = createMemoryFileSystem({ clock });
  const at = diskPath('/folder');
  disk.makeDirectory(at);
  root = openDiskRoot(disk, at);
  for (const directory of [joinDisk(at, '.lockstep'), root.staging]) disk.makeDirectory(directory);
  const original = joinDisk(at, 'film');
  const file = disk.create(original, 0o644);
  file.write(film, 0);
  file.close();
  const read = chunkFile({ fileSystem: disk, path: original });
  if (read.kind !== 'read') throw new Error('nobody else writes here');
  ({ manifest } = read);
  isWanted = true;
  lacking = new Set();
  asked = [];
  ahead = createPartsAhead({
    folderId: testFolder,
    fileSystem: disk,
    root,
    clock,
    log: silentLog,
    isWanted: () => isWanted,
    received() {},
    fetcher: { fetch: (wish) => answer(wish as WishForBlocks) },
  });
});

/** Gives every block at once, as the fetcher does with one after the other, but for those in `lacking`. */
async function answer({ items, onBlock, signal, holders }: WishForBlocks): Promise<{ missing: [] }> {
  expect(holders).toEqual([teller]);
  for (const item of items) {
    expect(item.content).toBe(reading);
    asked.push(item.offset);
    await Promise.resolve();
    signal.throwIfAborted();
    if (!lacking.has(item.offset))
      await onBlock(item, blockOf(film.subarray(item.offset, item.offset + item.sizeBytes)), teller);
  }
  return { missing: [] };
}

function chunks(from: number, to: number, changed: Partial<ChunksAhead> = {}): ChunksAhead {
  return {
    folderId: testFolder,
    reading,
    path: relativePath('film'),
    sizeBytes: film.length,
    firstChunk: from,
    hashes: manifest.hashes.slice(from * 32, to * 32),
    sizes: manifest.sizes.slice(from, to),
    ...changed,
  };
}

const staged = (): string[] => disk.list(root.staging).map((listed) => ('name' in listed ? listed.name : ''));
const nothing = chunks.bind(undefined, 0, 0);

describe('a file that another device is still reading', () => {
  test('[EN4] is received chunk by chunk, and taken once its manifest is known', async () => {
    ahead.heard(teller, chunks(0, 3));
    ahead.heard(teller, chunks(3, 5));
    await settle();
    const there = ahead.take(manifest, 'x.part');
    expect(there).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(staged()).toEqual(['x.part']);
    const got = new Uint8Array(manifest.sizes.slice(0, 5).reduce((sum, size) => sum + size, 0));
    const handle = disk.openRead(root.stagedAt('x.part'));
    handle.read(got, 0);
    handle.close();
    expect(got).toEqual(new Uint8Array(film.subarray(0, got.length)));
    expect(ahead.take(manifest, 'y.part')).toBeUndefined();
  });

  test('[EN4] lacks what did not come', async () => {
    lacking.add(0);
    ahead.heard(teller, chunks(0, 3));
    await settle();
    expect(ahead.take(manifest, 'x.part')).toEqual(new Set([1, 2]));
  });

  test('[EN4] is not asked twice for a chunk, nor for zeros', async () => {
    const sizes = Uint32Array.of(512 * 1024, 512 * 1024);
    const [some, zeros] = [manifest.hashes.subarray(0, 32), zeroChunk(film.length).hash];
    lacking.add(512 * 1024);
    ahead.heard(teller, chunks(0, 2, { hashes: Buffer.concat([zeros, some]), sizes }));
    ahead.heard(teller, chunks(2, 3, { hashes: Buffer.concat([some]), sizes: sizes.subarray(1) }));
    await settle();
    expect(asked).toEqual([512 * 1024]);
  });

  test('[EN4] is no part of a file that begins otherwise, is of another size, or has been begun already', async () => {
    ahead.heard(teller, chunks(0, 3));
    await settle();
    const hashes = manifest.hashes.slice();
    hashes[40] = (hashes[40] as number) ^ 1;
    expect(ahead.take({ ...manifest, hashes }, 'x.part')).toBeUndefined();
    expect(ahead.take({ ...manifest, sizes: manifest.sizes.slice(0, 2) }, 'x.part')).toBeUndefined();
    const sizes = manifest.sizes.slice();
    sizes[1] = (sizes[1] as number) + 1;
    expect(ahead.take({ ...manifest, sizes }, 'x.part')).toBeUndefined();
    expect(ahead.take({ ...manifest, sizeBytes: film.length + 1 }, 'x.part')).toBeUndefined();
    disk.create(root.stagedAt('x.part'), 0o600).close();
    expect(ahead.take(manifest, 'x.part')).toBeUndefined();
    expect(staged()).toEqual(['x.part']);
  });

  test('[EN4] is not received where it is not wanted, has too long a list, from the middle on, or beside two others', async () => {
    isWanted = false;
    ahead.heard(teller, chunks(0, 3));
    isWanted = true;
    ahead.heard(teller, chunks(2, 3));
    ahead.heard(teller, chunks(0, 3, { sizeBytes: Number.MAX_SAFE_INTEGER }));
    await settle();
    expect([asked, staged()]).toEqual([[], []]);
    for (const digits of ['01', '02', '03'])
      ahead.heard(teller, chunks(0, 1, { reading: hash(digits.repeat(32)), hashes: new Uint8Array(32) }));
    expect(staged()).toHaveLength(2);
  });

  test('[EN4] leaves as much room on the disk as it may come to take', async () => {
    disk.setCapacity(7 * film.length);
    expect(disk.space(root.root).freeBytes).toBeGreaterThan(4 * film.length);
    const films = ['01', '02', '03'].map((digits) => chunks(0, 1, { reading: hash(digits.repeat(32)) }));
    ahead.heard(teller, { ...(films[0] as ChunksAhead), sizeBytes: 4 * film.length });
    expect(staged()).toHaveLength(0);
    for (const one of films) ahead.heard(teller, { ...one, sizeBytes: 2 * film.length });
    expect(staged()).toHaveLength(1);
  });

  test.each([
    ['leave some out', () => chunks(4, 5)],
    ['repeat some', () => chunks(2, 4)],
    ['are of another size', () => chunks(3, 4, { sizeBytes: film.length + 1 })],
    ['are too small', () => chunks(3, 5, { sizes: Uint32Array.of(1, 70_000) })],
    ['are empty', () => chunks(3, 4, { sizes: Uint32Array.of(0) })],
    ['are too large', () => chunks(3, 4, { sizes: Uint32Array.of(600_000) })],
    ['are more than the file', () => chunks(3, 4, { sizes: Uint32Array.from({ length: 5 }, () => 500_000) })],
    ['are too many', () => chunks(3, 4, { sizes: Uint32Array.from({ length: 60 }, () => 500_000) })],
  ])('[EN4] comes to nothing when chunks %s, which is held against the peer', async (_, next) => {
    ahead.heard(teller, chunks(0, 3));
    await settle();
    expect(() => ahead.heard(teller, next())).toThrow(expect.objectContaining({ code: 'peer-misbehaved' }));
    expect(staged()).toEqual([]);
  });

  test('[EN4] goes when its reading came to nothing, with the folder, or after ten minutes without news; and nobody else speaks of it', async () => {
    ahead.heard(teller, chunks(0, 3));
    expect(() => ahead.heard(other, nothing())).toThrow(expect.objectContaining({ code: 'peer-misbehaved' }));
    expect(staged()).toHaveLength(1);
    ahead.heard(teller, nothing());
    expect(staged()).toEqual([]);
    ahead.heard(teller, nothing());
    ahead.heard(teller, chunks(0, 3));
    ahead.stop();
    expect(staged()).toEqual([]);
    ahead.heard(teller, chunks(0, 3));
    clock.advance(300_000);
    ahead.heard(teller, chunks(3, 4));
    clock.advance(400_000);
    expect(staged()).toHaveLength(1);
    clock.advance(300_000);
    expect(staged()).toEqual([]);
    await settle();
  });

  test('[EN4] goes when it cannot be written', async () => {
    ahead.heard(teller, chunks(0, 3));
    disk.remove(root.stagedAt(staged()[0] as string));
    expect(ahead.take(manifest, 'x.part')).toBeUndefined();
    await settle();
    expect(staged()).toEqual([]);
  });
});
