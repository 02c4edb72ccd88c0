import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pieceSizes } from '../model/manifest.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { blockHash, chunksOf, createCutter, piecesOf } from './chunker.ts';

describe('pieces', () => {
  test('[CH13] are cut like chunks, only smaller, and named by their hashes', () => {
    const bytes = createSeededRandom('block').bytes(200_000);
    const cutter = createCutter(pieceSizes);
    const ends = [...cutter.push(bytes), cutter.finish()];
    const pieces = [...chunksOf(piecesOf(bytes))];
    expect(pieces.map(({ offset, sizeBytes }) => offset + sizeBytes)).toEqual(ends);
    expect(pieces.length).toBeGreaterThan(50);
    for (const { hash, offset, sizeBytes } of pieces)
      expect(hash).toBe(blockHash(bytes.subarray(offset, offset + sizeBytes)));
  });

  test('[CH13] are most of them the same where little was edited', () => {
    const bytes = createSeededRandom('block').bytes(200_000);
    const before = new Set([...chunksOf(piecesOf(bytes))].map(({ hash }) => hash));
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.uint8Array({ maxLength: 100 }), fc.nat(100), (at, more, gone) => {
        const edited = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + gone)]);
        const other = [...chunksOf(piecesOf(edited))].filter(({ hash }) => !before.has(hash));
        expect(other.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThan(50_000);
      }),
    );
  });

  test('[CH13] of nothing are none', () => {
    expect(piecesOf(new Uint8Array(0)).sizes).toHaveLength(0);
  });
});
