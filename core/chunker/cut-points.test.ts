import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChunkSizes, chunkSizesFor } from '../model/manifest.ts';
import { createCutter } from './cut-points.ts';
import { gear } from './gear.ts';

const small: ChunkSizes = { minBytes: 16, averageBytes: 64, maxBytes: 256 };

describe('cutting', () => {
  test('[CH3] agrees with the definition taken at its word, byte by byte', () => {
    fc.assert(
      fc.property(anyBytes(4_000), (bytes) => {
        expect(cut([bytes], small)).toEqual(cutByDefinition(bytes, small));
      }),
    );
  });

  test('[CH4] does not depend on how the stream is split', () => {
    fc.assert(
      fc.property(anyBytes(4_000), fc.array(fc.nat(600), { maxLength: 40 }), (bytes, lengths) => {
        const parts: Uint8Array[] = [];
        let at = 0;
        for (const length of lengths) {
          parts.push(bytes.subarray(at, at + length));
          at += length;
        }
        parts.push(bytes.subarray(at));
        expect(cut(parts, small)).toEqual(cut([bytes], small));
      }),
    );
  });

  test('[CH2] every chunk keeps to its bounds, whatever the bytes', () => {
    fc.assert(
      fc.property(anyBytes(4_000), (bytes) => {
        const ends = cut([bytes], small);
        const sizes = ends.map((end, index) => end - (ends[index - 1] ?? 0));
        expect(ends.at(-1)).toBe(bytes.length);
        for (const size of sizes) expect(size).toBeLessThanOrEqual(small.maxBytes);
        for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(small.minBytes);
      }),
    );
  });

  test('[CH2] bytes that never cut end at the greatest size', () => {
    expect(cut([new Uint8Array(1000)], small)).toEqual([256, 512, 768, 1000]);
  });

  test('[CH1] an empty stream is one empty chunk, and the end is told once', () => {
    expect(cut([], small)).toEqual([0]);
    expect(cut([new Uint8Array(512)], small)).toEqual([256, 512]);
  });

  test('[CH5] an insertion is cut away within a few chunks', () => {
    const sizes = chunkSizesFor(1);
    const before = seededBytes(7, 8 * 1024 ** 2);
    const after = Buffer.concat([
      before.subarray(0, 3_000_000),
      seededBytes(8, 1000),
      before.subarray(3_000_000),
    ]);
    const endsBefore = cut([before], sizes);
    const endsAfter = new Set(cut([after], sizes));
    const lost = endsBefore.filter((end) => !endsAfter.has(end <= 3_000_000 ? end : end + 1000));
    expect(lost.length).toBeLessThanOrEqual(3);
  });

  test('[CH3] chunks of ordinary bytes come near the wished size', () => {
    const ends = cut([seededBytes(9, 32 * 1024 ** 2)], chunkSizesFor(1));
    const meanKiB = (32 * 1024) / ends.length;
    expect(meanKiB).toBeGreaterThan(115);
    expect(meanKiB).toBeLessThan(175);
  });

  test('sizes that cannot be cut to are a bug', () => {
    expect(() => createCutter({ minBytes: 16, averageBytes: 100, maxBytes: 256 })).toThrow('power of two');
    expect(() => createCutter({ minBytes: 64, averageBytes: 64, maxBytes: 256 })).toThrow('ascend');
  });
});

function cut(parts: readonly Uint8Array[], sizes: ChunkSizes): number[] {
  const cutter = createCutter(sizes);
  const ends = parts.flatMap((part) => cutter.push(part));
  const last = cutter.finish();
  return last === undefined ? ends : [...ends, last];
}

function cutByDefinition(bytes: Uint8Array, { minBytes, averageBytes, maxBytes }: ChunkSizes): number[] {
  const ends: number[] = [];
  const wishedBits = Math.log2(averageBytes);
  for (let start = 0; start < bytes.length || ends.length === 0; start = ends.at(-1) as number) {
    let hash = 0;
    let size = Math.min(minBytes, bytes.length - start);
    while (size < maxBytes && start + size < bytes.length) {
      const zeroBits = size < averageBytes ? wishedBits + 2 : wishedBits - 2;
      hash = (hash * 2 + (gear[bytes[start + size] as number] as number)) % 2 ** 32;
      if (hash < 0) hash += 2 ** 32;
      size += 1;
      if (hash < 2 ** (32 - zeroBits)) break;
    }
    ends.push(start + size);
  }
  return ends;
}

/** Bytes with much and with little in them: runs, few values, and evenly spread. */
function anyBytes(maxLength: number): fc.Arbitrary<Uint8Array> {
  const seeded = fc
    .tuple(fc.nat(250), fc.integer({ min: 0, max: maxLength }))
    .map(([seed, length]) => seededBytes(seed, length));
  return fc.oneof(seeded, fc.uint8Array({ maxLength }), fc.uint8Array({ maxLength, max: 2 }));
}

function seededBytes(seed: number, length: number): Uint8Array {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(
    new Uint8Array(length),
  );
}
