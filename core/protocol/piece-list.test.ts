import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SyncError } from '../model/errors.ts';
import { pieceSizes } from '../model/manifest.ts';
import { decodePieces, encodePieces } from './protocol.ts';

const { minBytes, maxBytes } = pieceSizes;

const pieces = fc
  .tuple(
    fc.array(fc.integer({ min: minBytes, max: maxBytes }), { maxLength: 40 }),
    fc.integer({ min: 1, max: maxBytes }),
  )
  .chain(([sizes, last]) => {
    const all = [...sizes, last];
    return fc.uint8Array({ minLength: all.length * 32, maxLength: all.length * 32 }).map((hashes) => ({
      sizeBytes: all.reduce((sum, size) => sum + size, 0),
      hashes,
      sizes: Uint32Array.from(all),
    }));
  });

function listOf(sizes: readonly number[]): Uint8Array {
  return encodePieces({
    sizeBytes: 0,
    hashes: new Uint8Array(sizes.length * 32),
    sizes: Uint32Array.from(sizes),
  });
}

function isRefused(list: Uint8Array, blockBytes: number): boolean {
  try {
    decodePieces(list, blockBytes);
    return false;
  } catch (error) {
    return error instanceof SyncError && error.code === 'peer-misbehaved';
  }
}

describe('a list of pieces', () => {
  test('[PR21] comes back as it was', () => {
    fc.assert(
      fc.property(pieces, (written) => {
        expect(decodePieces(encodePieces(written), written.sizeBytes)).toEqual(written);
      }),
    );
  });

  test('[PR21] is refused where its pieces do not make up the block, or could not be pieces', () => {
    expect(isRefused(listOf([minBytes, maxBytes, 1]), minBytes + maxBytes + 1)).toBe(false);
    expect(isRefused(listOf([]), 0)).toBe(false);
    for (const sizes of [[], [1000, 999], [1000, 1001], [1, 1999], [0, 2000], [2000, 0]])
      expect(isRefused(listOf(sizes), 2000)).toBe(true);
    expect(isRefused(listOf([maxBytes + 1]), maxBytes + 1)).toBe(true);
    expect(isRefused(listOf([2000]).subarray(1), 2000)).toBe(true);
    expect(isRefused(Uint8Array.of(...listOf([2000]), 0), 2000)).toBe(true);
  });
});
