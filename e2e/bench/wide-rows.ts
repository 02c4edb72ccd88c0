import type { News, WideRow } from './row.ts';

const kibi = 1024;
const mebi = 1024 * kibi;

/** What each host's link is like; a path between two hosts is two of them. */
export const wideLink = { mbit: 3, delayMs: 10, lossPercent: 3 };

type Sizes = Pick<News, 'name' | 'sizeBytes'>;

function files(prefix: string, count: number, sizeBytes: number): readonly Sizes[] {
  return Array.from({ length: count }, (_, at) => ({ name: `${prefix}-${at}.bin`, sizeBytes }));
}

function news(sizes: readonly Sizes[], from: readonly number[], to: readonly number[]): readonly News[] {
  return sizes.map(({ name, sizeBytes }) => ({ name, sizeBytes, from, to }));
}

const some = files('some', 2, 10 * mebi);
const many = files('many', 10, 10 * mebi);
/** What is appended to files that were there before. */
const appended = (kept: readonly Sizes[], sizeBytes: number): readonly Sizes[] =>
  kept.map(({ name }) => ({ name, sizeBytes }));

/** The rows of the published system, in its order and by its names. Sizes are those at scale 1. */
export const wideRows: readonly WideRow[] = [
  {
    id: 'S1-1',
    title: 'one new file of 10 MiB to one host',
    publishedS: 56,
    hosts: 2,
    arriving: [],
    kept: [],
    news: news(files('new', 1, 10 * mebi), [0], [1]),
  },
  {
    id: 'S1-2',
    title: 'two new hosts, one of them with a file of 10 MiB, join two that have another',
    publishedS: 257,
    hosts: 4,
    arriving: [2, 3],
    kept: [],
    news: [
      ...news(files('old', 1, 10 * mebi), [0, 1], [2, 3]),
      ...news(files('brought', 1, 10 * mebi), [2], [0, 1, 3]),
    ],
  },
  {
    id: 'S1-3',
    title: 'a new file of 10 MiB on each of two hosts, to all four',
    publishedS: 272,
    hosts: 4,
    arriving: [],
    kept: some,
    news: [
      ...news(files('first', 1, 10 * mebi), [0], [1, 2, 3]),
      ...news(files('second', 1, 10 * mebi), [1], [0, 2, 3]),
    ],
  },
  {
    id: 'S1-4',
    title: 'nothing to do, 4 hosts',
    publishedS: 25,
    hosts: 4,
    arriving: [1, 2, 3],
    kept: files('some', 4, 10 * mebi),
    news: [],
  },
  {
    id: 'S1-5',
    title: '5 MiB appended to each of two files, to two hosts',
    publishedS: 105,
    hosts: 3,
    arriving: [],
    kept: some,
    news: news(appended(some, 5 * mebi), [0], [1, 2]),
  },
  {
    id: 'S2-1',
    title: '10 new files of 10 MiB to five hosts',
    publishedS: 1967,
    hosts: 6,
    arriving: [],
    kept: [],
    news: news(many, [0], [1, 2, 3, 4, 5]),
  },
  {
    id: 'S2-2',
    title: '1 MiB appended to each of 10 files of 10 MiB, to five hosts',
    publishedS: 192,
    hosts: 6,
    arriving: [],
    kept: many,
    news: news(appended(many, mebi), [0], [1, 2, 3, 4, 5]),
  },
  {
    id: 'S2-3',
    title: 'nothing to do, 6 hosts',
    publishedS: 93,
    hosts: 6,
    arriving: [1, 2, 3, 4, 5],
    kept: many,
    news: [],
  },
  {
    id: 'S3',
    title: '20 new files of 500 KiB to five hosts',
    publishedS: 239,
    hosts: 6,
    arriving: [],
    kept: [],
    news: news(files('small', 20, 500 * kibi), [0], [1, 2, 3, 4, 5]),
  },
].map((row) => ({ kind: 'wide', goal: `below the ${row.publishedS} s of its authors`, ...row }));
