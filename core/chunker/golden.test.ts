import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { invariant } from '../base/base.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { ChunkSizes } from '../model/manifest.ts';
import { chunkFile } from './chunk-file.ts';
import { createCutter } from './cut-points.ts';
import { gear } from './gear.ts';

const KiB = 1024;

/** Content roots by what the bytes are. A change here gives every file of every user another identity: never adapt these to the code. */
const roots: readonly (readonly [says: string, bytes: () => Uint8Array, chunks: number, root: string])[] = [
  ['nothing', () => new Uint8Array(0), 1, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [
    'one zero byte',
    () => new Uint8Array(1),
    1,
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  ],
  [
    '64 KiB',
    () => seededBytes(1, 64 * KiB),
    1,
    '0da9def51e2821528d91f748ccc4299fccc84dfea5610d44960b4533d6a598b4',
  ],
  [
    '64 KiB and a byte',
    () => seededBytes(1, 64 * KiB + 1),
    1,
    'd98e2d307365634c824639c41b9dc5db22d5cd08b5c90619b3f9a7accb67f1c5',
  ],
  [
    '3 MiB',
    () => seededBytes(2, 3072 * KiB),
    22,
    'e337624d1b6abd4c559cf9b7760f236b6a2bdfe72cd5fb2f4fd452578520f7b7',
  ],
  [
    '3 MiB of zeros',
    () => new Uint8Array(3072 * KiB),
    6,
    'c8495d5f85975f784fb88e74423bce5131ede7f263fd5d54e30a7124fec9c888',
  ],
  [
    '1 MiB of a repeated line',
    () => repeated('The quick brown fox jumps over the lazy dog.\n', 1024 * KiB),
    2,
    '3708025f0b0639d3a55d1b61b0d3283b0a9088c054117e5e953296cd5e66d8fc',
  ],
];

/** Cut points of 12 MiB at the three size classes, as a count and a SHA-256 of the ends joined by commas. */
const cuts: readonly (readonly [says: string, sizes: ChunkSizes, chunks: number, digest: string])[] = [
  [
    'up to 1 GiB',
    { minBytes: 32 * KiB, averageBytes: 128 * KiB, maxBytes: 512 * KiB },
    84,
    '91421851052d815e18d939e3e9ebd872ea07a990563bc5f025eeb8ed5e95fd9a',
  ],
  [
    'up to 16 GiB',
    { minBytes: 128 * KiB, averageBytes: 512 * KiB, maxBytes: 2048 * KiB },
    24,
    '2148dc8a8d2b37b017fc0997138bb818354b09796520331e5f040c4a5c84a530',
  ],
  [
    'larger',
    { minBytes: 512 * KiB, averageBytes: 2048 * KiB, maxBytes: 8192 * KiB },
    6,
    '7df3652be2f46f98ed6f944bf704d2b44d4a1e18064f5c8ddf520e7888c61130',
  ],
];

describe('golden vectors', () => {
  test('[CH3] the gear table', () => {
    const bytes = Buffer.alloc(1024);
    for (const [byte, word] of gear.entries()) bytes.writeInt32BE(word, byte * 4);
    expect(gear.length).toBe(256);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '09132c376acf16beef81f5c185a41764aabe28ff71effc5d2dba88e8aa5fc061',
    );
  });

  test.each(cuts)('[CH3] cut points of files %s', (_says, sizes, chunks, digest) => {
    const bytes = seededBytes(3, 12 * 1024 * KiB);
    const cutter = createCutter(sizes);
    const ends = cutter.push(bytes);
    const last = cutter.finish();
    if (last !== undefined) ends.push(last);
    expect([ends.length, createHash('sha256').update(ends.join(',')).digest('hex')]).toEqual([
      chunks,
      digest,
    ]);
  });

  test.each(roots)('[CH6] [CH7] the root of %s', (_says, bytes, chunks, root) => {
    const fileSystem = createMemoryFileSystem({
      clock: { now: () => 0, monotonic: () => 0, after: () => () => {} },
    });
    const path = diskPath('/file');
    const handle = fileSystem.create(path, 0o644);
    handle.write(bytes(), 0);
    handle.close();
    const result = chunkFile({ fileSystem, path });
    invariant(result.kind === 'read', 'nobody writes to it');
    expect([result.manifest.sizes.length, result.content]).toEqual([chunks, root]);
  });
});

/** The same bytes for the same seed, for ever: the key stream of AES-128-CTR. */
function seededBytes(seed: number, length: number): Uint8Array {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(
    new Uint8Array(length),
  );
}

function repeated(text: string, length: number): Uint8Array {
  return Buffer.alloc(length, text);
}
