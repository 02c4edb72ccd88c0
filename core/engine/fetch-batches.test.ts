import { describe, expect, test } from 'vitest';
import type { RelativePath } from '../model/path.ts';
import { batchesOf, type FileOperation } from './fetch-batches.ts';

const MiB = 1024 * 1024;
const file = (path: string, sizeBytes: number, modifiedAtNs = 0n): FileOperation =>
  ({ kind: 'place-file', path, wanted: { sizeBytes, modifiedAtNs } }) as unknown as FileOperation;

const told = (operations: readonly FileOperation[], recent: readonly string[] = []) =>
  batchesOf(operations, new Set(recent as RelativePath[])).map(
    ({ turn, batch }) => `${turn}: ${batch.map(({ path }) => path).join(' ')}`,
  );

describe('[LM22] what is put together at a time', () => {
  test('small files are together, the newest first, apart from large ones', () => {
    expect(
      told([file('old', 5, 1n), file('film', 40 * MiB, 9n), file('new', 7, 3n), file('song', 2 * MiB, 2n)]),
    ).toEqual(['later: film', 'soon: new old', 'later: song']);
  });

  test('what was just changed comes by itself, unless it is large', () => {
    expect(told([file('a', 5), file('b', 5), file('film', 40 * MiB)], ['b', 'film'])).toEqual([
      'soon: a',
      'recent: b',
      'later: film',
    ]);
  });

  test('no batch has more than 256 files, or more than 32 MiB in several', () => {
    const many = batchesOf(
      Array.from({ length: 600 }, (_, i) => file(`${i}`, 10)),
      undefined,
    );
    expect(many.map(({ batch }) => batch.length)).toEqual([256, 256, 88]);
    const big = batchesOf(
      Array.from({ length: 5 }, (_, i) => file(`${i}`, 20 * MiB)),
      undefined,
    );
    expect(big.map(({ batch }) => batch.length)).toEqual([1, 1, 1, 1, 1]);
  });
});
