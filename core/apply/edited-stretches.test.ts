import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../model/manifest.ts';
import { editedStretches } from './edited-stretches.ts';

const KiB = 1024;

/** A file of chunks that are named by a letter; a capital one has 700 KiB, the others 100. */
function manifest(letters: string): Manifest {
  const sizes = Uint32Array.from(letters, (letter) => (letter < 'a' ? 700 : 100) * KiB);
  const hashes = new Uint8Array(letters.length * 32);
  for (const [i, letter] of letters.split('').entries())
    hashes.fill(letter.charCodeAt(0), i * 32, i * 32 + 32);
  return { sizeBytes: sizes.reduce((sum, size) => sum + size, 0), hashes, sizes };
}

/** The stretches of what `wanted` has and `held` lacks, sizes in KiB. */
function stretches(wanted: string, held: string) {
  const missing = wanted.split('').flatMap((letter, i) => (held.includes(letter) ? [] : [i]));
  return editedStretches(manifest(wanted), missing, manifest(held)).map(({ chunks, from }) => ({
    chunks: chunks.map((chunk) => wanted[chunk]).join(''),
    from: [from.start / KiB, from.end / KiB],
  }));
}

describe('where chunks were edited from', () => {
  test('[AP19] is what lies between the chunks that both versions have', () => {
    expect(stretches('abXde', 'abcde')).toEqual([]);
    expect(stretches('abxde', 'abcde')).toEqual([{ chunks: 'x', from: [200, 300] }]);
    expect(stretches('xbcdy', 'abcde')).toEqual([
      { chunks: 'x', from: [0, 100] },
      { chunks: 'y', from: [400, 500] },
    ]);
    expect(stretches('abxyzfg', 'abcdefg')).toEqual([{ chunks: 'xyz', from: [200, 500] }]);
    expect(stretches('xyz', 'abc')).toEqual([{ chunks: 'xyz', from: [0, 300] }]);
  });

  test('[AP19] is nothing where nothing was, or much less than is missing', () => {
    expect(stretches('abxcd', 'abcd')).toEqual([]);
    expect(stretches('abcxyzw', 'abcd')).toEqual([]);
    expect(stretches('ab', 'abcd')).toEqual([]);
    expect(stretches('xy', '')).toEqual([]);
  });

  test('[AP19] a chunk that is here from elsewhere parts what is asked for, not what it was edited from', () => {
    const [wanted, held] = [manifest('axqyb'), manifest('acdeb')];
    expect(editedStretches(wanted, [1, 3], held)).toEqual([
      { chunks: [1], from: { start: 100 * KiB, end: 400 * KiB } },
      { chunks: [3], from: { start: 100 * KiB, end: 400 * KiB } },
    ]);
  });

  test('[AP19] large ones are looked for near where they were, a mebibyte at a time', () => {
    expect(stretches('aXYZb', 'aCDEb')).toEqual([
      { chunks: 'X', from: [100, 1312] },
      { chunks: 'Y', from: [288, 2012] },
      { chunks: 'Z', from: [988, 2200] },
    ]);
  });

  test('[AP19] every missing chunk is in one stretch at most, and no stretch leaves the earlier version', () => {
    const file = fc.string({ unit: fc.constantFrom(...'abcdefXYZ'.split('')), maxLength: 12 });
    fc.assert(
      fc.property(file, file, fc.array(fc.nat(11)), (wanted, held, alsoMissing) => {
        const missing = wanted
          .split('')
          .flatMap((letter, i) => (held.includes(letter) && !alsoMissing.includes(i) ? [] : [i]));
        const found = editedStretches(manifest(wanted), missing, manifest(held));
        const chunks = found.flatMap((stretch) => stretch.chunks);
        expect(new Set(chunks).size).toBe(chunks.length);
        expect(chunks).toEqual(chunks.toSorted((a, b) => a - b));
        for (const chunk of chunks) expect(missing).toContain(chunk);
        for (const { from } of found) {
          expect(from.start).toBeGreaterThanOrEqual(0);
          expect(from.end).toBeGreaterThan(from.start);
          expect(from.end).toBeLessThanOrEqual(manifest(held).sizeBytes);
        }
      }),
    );
  });
});
