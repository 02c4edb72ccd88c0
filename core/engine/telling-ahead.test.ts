import { expect, test } from 'vitest';
import { largeFileBytes } from '../file-index/file-index.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { ChunkList } from '../model/manifest.ts';
import { relativePath } from '../model/path.ts';
import { type ChunksAhead, maxAheadBytes } from '../protocol/protocol.ts';
import { createTestRandom, testFolder } from '../testing/index-device.ts';
import type { IndexSession } from '../transfer/transfer.ts';
import { createTellingAhead, type FileBeingRead } from './telling-ahead.ts';

const list = (chunks: number): ChunkList => ({
  hashes: new Uint8Array(chunks * 32),
  sizes: new Uint32Array(chunks).fill(100_000),
});
const file = (name: string, sizeBytes = largeFileBytes): FileBeingRead => ({
  path: relativePath(name),
  diskPath: diskPath(`/folder/${name}`),
  observed: { sizeBytes } as Observed,
});

function setUp({ isNews = true, hasFileOfSize = false, peers = 2 } = {}) {
  const told: { readonly to: number; readonly chunks: ChunksAhead }[] = [];
  const sessions = Array.from(
    { length: peers },
    (_, to) =>
      ({ tellAhead: (chunks: ChunksAhead) => void told.push({ to, chunks }) }) as unknown as IndexSession,
  );
  const telling = createTellingAhead({
    folderId: testFolder,
    random: createTestRandom('ahead'),
    isNews: () => isNews,
    hasFileOfSize: () => hasFileOfSize,
    sessions: () => sessions,
  });
  return { telling, told };
}

test('[EN4] the chunks of a large new file are told to one device, in order, and its blocks given out', () => {
  const { telling, told } = setUp();
  const film = file('film');
  telling.read(film, list(3));
  telling.read(film, list(0));
  telling.read(film, list(2));
  expect(told.map(({ to, chunks }) => [to, chunks.firstChunk, chunks.sizes.length])).toEqual([
    [0, 0, 3],
    [0, 3, 2],
  ]);
  const reading = (told[0] as (typeof told)[number]).chunks.reading;
  expect(told[1]?.chunks).toMatchObject({ reading, path: 'film', sizeBytes: largeFileBytes });
  telling.ended(film.path, true);
  expect(told).toHaveLength(2);
  expect(telling.fileOf(reading)).toBe(film);
  telling.read(film, list(1));
  expect(told[2]?.chunks.firstChunk).toBe(0);
  expect(told[2]?.chunks.reading).not.toBe(reading);
});

test('[EN4] what was read in vain is said to come to nothing, and is given out no more', () => {
  const { telling, told } = setUp();
  telling.read(file('film'), list(3));
  telling.ended(relativePath('film'), false);
  expect(told.at(-1)?.chunks.sizes).toHaveLength(0);
  expect(telling.fileOf((told[0] as (typeof told)[number]).chunks.reading)).toBeUndefined();
  telling.ended(relativePath('film'), false);
  expect(told).toHaveLength(2);
});

test('[EN4] a few files that were read last are given out', () => {
  const { telling, told } = setUp();
  for (const name of ['1', '2', '3', '4', '5']) {
    telling.read(file(name), list(1));
    telling.ended(relativePath(name), true);
  }
  expect(told.map(({ chunks }) => telling.fileOf(chunks.reading)?.path)).toEqual([
    undefined,
    '2',
    '3',
    '4',
    '5',
  ]);
});

test.each([
  ['is small', {}, largeFileBytes - 1],
  ['is too large', {}, maxAheadBytes + 1],
  ['may be a copy', { hasFileOfSize: true }, largeFileBytes],
  ['is not new, or told to nobody', { isNews: false }, largeFileBytes],
  ['nobody is connected for', { peers: 0 }, largeFileBytes],
])('[EN4] nothing is told of a file that %s', (_, how, sizeBytes) => {
  const { telling, told } = setUp(how);
  telling.read(file('film', sizeBytes), list(3));
  telling.ended(relativePath('film'), false);
  expect(told).toEqual([]);
});
