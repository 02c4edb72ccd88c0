import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { checkManifest, maxChunksOf } from './check-manifest.ts';
import { blockHash, blockHashBytes } from './hash.ts';
import { chunksOf, hashAt, oneChunkManifest, packedHashAt, sameManifest } from './manifest-chunks.ts';
import { chunksPerNode, manifestNode, manifestNodes, manifestRoot, rootFromNodes } from './manifest-tree.ts';

const KiB = 1024;

describe('manifest root', () => {
  test('[CH6] one chunk is its own root', () => {
    const block = Buffer.from('a block');
    const manifest = oneChunkManifest(blockHash(block), block.length);
    expect(manifestRoot(manifest)).toBe(createHash('sha256').update(block).digest('hex'));
    expect(checkManifest(manifest, blockHash(block), block.length)).toBeUndefined();
  });

  test.each([2, 3, chunksPerNode, chunksPerNode + 1, 3 * chunksPerNode])(
    '[CH7] of %i chunks is the tree written down in the rules',
    (count) => {
      const manifest = madeUp(count);
      const nodes: Buffer[] = [];
      for (let first = 0; first < count; first += 1024) {
        const parts: Uint8Array[] = [Buffer.from('lockstep manifest node 1\0\0')];
        for (let i = first; i < Math.min(count, first + 1024); i++) {
          const size = Buffer.alloc(4);
          size.writeUInt32BE(manifest.sizes[i] as number);
          parts.push(packedHashAt(manifest, i), size);
        }
        nodes.push(sha512t256(parts));
      }
      const top =
        nodes.length === 1
          ? (nodes[0] as Buffer)
          : sha512t256([Buffer.from('lockstep manifest node 1\0\x01'), ...nodes]);
      const facts = Buffer.alloc(12);
      facts.writeBigUInt64BE(BigInt(manifest.sizeBytes));
      facts.writeUInt32BE(count, 8);
      expect(manifestRoot(manifest)).toBe(
        sha512t256([Buffer.from('lockstep manifest root 1\0'), facts, top]).toString('hex'),
      );
    },
  );

  test('[CH8] follows from the lowest nodes, and each of them from its group alone', () => {
    const manifest = madeUp(chunksPerNode * 2 + 5);
    const nodes = manifestNodes(manifest);
    expect(nodes.length).toBe(3 * 32);
    expect(rootFromNodes(nodes, { sizeBytes: manifest.sizeBytes, chunkCount: manifest.sizes.length })).toBe(
      manifestRoot(manifest),
    );
    const last = manifestNode(
      manifest.hashes.subarray(2 * chunksPerNode * 32),
      manifest.sizes.subarray(2 * chunksPerNode),
    );
    expect(equalBytes(last, nodes.subarray(64))).toBe(true);
  });

  test('[CH8] a change touches the nodes of its groups only', () => {
    const manifest = madeUp(chunksPerNode * 3);
    const hashes = manifest.hashes.slice();
    hashes[chunksPerNode * 32] = (hashes[chunksPerNode * 32] as number) ^ 1;
    const nodes = manifestNodes(manifest);
    const changed = manifestNodes({ ...manifest, hashes });
    const differs = [0, 1, 2].map(
      (i) => !equalBytes(nodes.subarray(i * 32, i * 32 + 32), changed.subarray(i * 32, i * 32 + 32)),
    );
    expect(differs).toEqual([false, true, false]);
  });

  test('[CH7] covers every hash, every size, their order and the size of the file', () => {
    const manifest = madeUp(5);
    const root = manifestRoot(manifest);
    fc.assert(
      fc.property(fc.nat(4), fc.nat(31), fc.integer({ min: 1, max: 255 }), (chunk, byte, flip) => {
        const hashes = manifest.hashes.slice();
        hashes[chunk * 32 + byte] = (hashes[chunk * 32 + byte] as number) ^ flip;
        expect(manifestRoot({ ...manifest, hashes })).not.toBe(root);
        const sizes = manifest.sizes.slice();
        sizes[chunk] = (sizes[chunk] as number) + flip;
        expect(manifestRoot({ ...manifest, sizes })).not.toBe(root);
      }),
    );
    expect(manifestRoot({ ...manifest, sizeBytes: manifest.sizeBytes + 1 })).not.toBe(root);
  });
});

describe('[CH9] a manifest from elsewhere', () => {
  const good = madeUp(4);
  const root = manifestRoot(good);
  const with_ = (changed: Partial<Manifest>): Manifest => ({ ...good, ...changed });
  const sizesWith = (index: number, size: number): Uint32Array => good.sizes.with(index, size);

  test('is taken as it should be', () => {
    expect(checkManifest(good, root, good.sizeBytes)).toBeUndefined();
  });

  test.each<[string, Manifest, string]>([
    ['another file size', with_({ sizeBytes: good.sizeBytes - 1 }), 'file-size'],
    ['no chunks', with_({ sizes: new Uint32Array(0), hashes: new Uint8Array(0) }), 'chunk-count'],
    ['more chunks than the size allows', madeUp(60, good.sizeBytes), 'chunk-count'],
    ['a hash too few', with_({ hashes: good.hashes.subarray(32) }), 'hashes'],
    ['a chunk below the least', with_({ sizes: sizesWith(1, 32 * KiB - 1) }), 'chunk-size'],
    ['a chunk above the greatest', with_({ sizes: sizesWith(1, 512 * KiB + 1) }), 'chunk-size'],
    ['an empty last chunk', with_({ sizes: sizesWith(3, 0) }), 'chunk-size'],
    ['sizes that do not add up', with_({ sizes: sizesWith(1, 100 * KiB + 1) }), 'total'],
    ['a foreign hash', with_({ hashes: good.hashes.with(3, (good.hashes[3] as number) ^ 1) }), 'root'],
  ])('is refused for %s', (_says, manifest, fault) => {
    expect(checkManifest(manifest, root, good.sizeBytes)).toBe(fault);
  });

  test('of a small file has one chunk', () => {
    const content = 'ab'.repeat(32) as Hash;
    expect(maxChunksOf(0)).toBe(1);
    expect(maxChunksOf(64 * KiB)).toBe(1);
    expect(maxChunksOf(64 * KiB + 1)).toBe(3);
    expect(checkManifest(oneChunkManifest(content, 64 * KiB), content, 64 * KiB)).toBeUndefined();
    expect(checkManifest(oneChunkManifest(content, 0), content, 0)).toBeUndefined();
    const two: Manifest = {
      sizeBytes: 64 * KiB,
      hashes: new Uint8Array(64),
      sizes: Uint32Array.of(32 * KiB, 32 * KiB),
    };
    expect(checkManifest(two, manifestRoot(two), 64 * KiB)).toBe('chunk-count');
  });
});

test('chunks are told in order, with their places', () => {
  const manifest = madeUp(3);
  expect([...chunksOf(manifest)].map(({ offset, sizeBytes }) => [offset, sizeBytes])).toEqual([
    [0, 100 * KiB],
    [100 * KiB, 100 * KiB],
    [200 * KiB, 100 * KiB],
  ]);
  expect([...chunksOf(manifest)].map(({ hash }) => hash)).toEqual([0, 1, 2].map((i) => hashAt(manifest, i)));
  expect(sameManifest(manifest, madeUp(3))).toBe(true);
  expect(sameManifest(manifest, madeUp(4))).toBe(false);
});

/** A manifest of chunks of 100 KiB nobody has the bytes of. */
function madeUp(count: number, sizeBytes = count * 100 * KiB): Manifest {
  const hashes = Array.from({ length: count }, (_, i) => blockHashBytes(Buffer.from(`chunk ${i}`)));
  return { sizeBytes, hashes: concatBytes(hashes), sizes: new Uint32Array(count).fill(100 * KiB) };
}

function sha512t256(parts: readonly Uint8Array[]): Buffer {
  return createHash('sha512-256').update(concatBytes(parts)).digest();
}
