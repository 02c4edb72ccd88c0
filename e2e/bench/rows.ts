import fs from 'node:fs';
import path from 'node:path';
import { seededBytes } from '../harness/lab-seeded.ts';
import { hasBytes, hasSize, isGone } from './far-state.ts';
import { manyNames, writeLarge, writeMany } from './files.ts';
import type { Pair } from './meter.ts';
import type { Change, PairRow } from './row.ts';

const mebi = 1024 * 1024;
const largeBytes = (scale: number): number => Math.round(512 * scale) * mebi;
const insertAt = (scale: number): number => Math.round(10 * mebi * scale);
const editedBytes = 4096;
/** LIMIT: how many files are edited, each once: a file that changes again and again is rightly waited for. */
const edits = 40;
const editedName = (at: number): string => `edited/${at}.bin`;

/** What is there besides, as in most folders. */
function fewFiles(folder: string): void {
  writeMany(path.join(folder, 'others'), 'others', 200, 8192);
}

function oneLarge(folder: string, scale: number): void {
  fewFiles(folder);
  fs.mkdirSync(path.join(folder, 'films'));
  writeLarge(path.join(folder, 'films', 'large.bin'), 'large', largeBytes(scale));
}

/** A large file that is made beside the folder, all of it or `filledBytes` and then a hole, and moved into it. */
function largeNew(pair: Pair, stage: string, sizeBytes: number, filledBytes = sizeBytes): Change {
  const staged = path.join(stage, 'large.bin');
  writeLarge(staged, 'large', filledBytes);
  fs.truncateSync(staged, sizeBytes);
  return {
    make: () => fs.renameSync(staged, path.join(pair.nearFolder, 'large.bin')),
    expected: one(() => hasSize(sizeBytes, pair.farFolder, 'large.bin')),
  };
}

/** Many files that come as a whole directory, made elsewhere and moved in. */
function manyNew(pair: Pair, stage: string, count: number, sizeBytes: number): Change {
  writeMany(path.join(stage, 'many'), 'many', count, sizeBytes);
  const names = manyNames(count);
  return {
    make: () => fs.renameSync(path.join(stage, 'many'), path.join(pair.nearFolder, 'many')),
    expected: {
      count,
      isThere: (at) => hasSize(sizeBytes, pair.farFolder, 'many', names[at] ?? ''),
    },
  };
}

/** The large file as an editor saves it: written anew beside it and moved over it. */
function largeSavedAnew(pair: Pair, stage: string, scale: number): Change {
  const large = path.join(pair.nearFolder, 'films', 'large.bin');
  const anew = path.join(stage, 'large.bin');
  const old = fs.readFileSync(large);
  const [at, inserted] = [insertAt(scale), seededBytes('inserted', 1000)];
  fs.writeFileSync(anew, old.subarray(0, at));
  fs.appendFileSync(anew, inserted);
  fs.appendFileSync(anew, old.subarray(at));
  return {
    make: () => fs.renameSync(anew, large),
    expected: one(() => hasSize(largeBytes(scale) + 1000, pair.farFolder, 'films', 'large.bin')),
  };
}

/** One mebibyte of the large file written in its place; at its end if `offset` is its size. */
function largeWrittenIn(pair: Pair, scale: number, offset: number): Change {
  const bytes = seededBytes('written', Math.min(mebi, largeBytes(scale)));
  return {
    make: () => writeAt(path.join(pair.nearFolder, 'films', 'large.bin'), bytes, offset),
    expected: one(() => endsThere(path.join(pair.farFolder, 'films', 'large.bin'), bytes, offset)),
  };
}

/** The rows for two hosts, in the order of the report. Sizes are those at scale 1. */
export const pairRows: readonly PairRow[] = [
  {
    id: 'big-file',
    title: 'one new file of 512 MiB',
    goal: 'at most 1.0 × rsync, 0.7 × Syncthing at 1 s',
    kind: 'change',
    base: fewFiles,
    prepare: (pair, stage, scale) => largeNew(pair, stage, largeBytes(scale)),
  },
  {
    id: 'huge-file',
    title: 'one new file of 5 GiB',
    goal: 'at most 250 MB of memory',
    kind: 'change',
    base: fewFiles,
    prepare: (pair, stage, scale) => largeNew(pair, stage, largeBytes(scale) * 10),
  },
  {
    id: 'sparse-file',
    title: 'one new file of 20 GiB that is a hole but for its first 16 MiB',
    goal: 'at most 250 MB of memory',
    kind: 'change',
    base: fewFiles,
    prepare: (pair, stage, scale) => largeNew(pair, stage, largeBytes(scale) * 40, 16 * mebi),
  },
  {
    id: 'small-files',
    title: '5,000 new files of 8 KiB',
    goal: 'at most 1.2 × rsync, 0.4 × Syncthing at 1 s',
    kind: 'change',
    base: fewFiles,
    prepare: (pair, stage, scale) => manyNew(pair, stage, Math.round(5000 * scale), 8192),
  },
  {
    id: 'tiny-files',
    title: '100,000 new files of 300 B',
    goal: 'at most 2.0 × rsync, 0.15 × Syncthing at 1 s',
    kind: 'change',
    base: fewFiles,
    prepare: (pair, stage, scale) => manyNew(pair, stage, Math.round(100_000 * scale), 300),
  },
  {
    id: 'edit',
    title: 'one edit of 4 KiB in a file of 1 MiB',
    goal: 'median 150 ms, 95th percentile 300 ms',
    kind: 'changes',
    count: edits,
    base(folder) {
      fewFiles(folder);
      fs.mkdirSync(path.join(folder, 'edited'));
      for (let at = 0; at < edits; at += 1)
        writeLarge(path.join(folder, editedName(at)), `edited ${at}`, mebi);
    },
    next(pair, at) {
      const bytes = seededBytes(`edit ${at}`, editedBytes);
      const offset = ((at * 37) % 256) * editedBytes;
      return {
        make: () => writeAt(path.join(pair.nearFolder, editedName(at)), bytes, offset),
        expected: one(() => endsThere(path.join(pair.farFolder, editedName(at)), bytes, offset)),
      };
    },
  },
  {
    id: 'insert',
    title: '1,000 B inserted at 10 MiB in 512 MiB',
    goal: 'at most 1.0 × rsync; 0.3 MB on the wire',
    kind: 'change',
    base: oneLarge,
    prepare: largeSavedAnew,
  },
  {
    id: 'overwrite',
    title: '1 MiB overwritten in 512 MiB',
    goal: 'at most 1.0 × rsync; 2 MB on the wire',
    kind: 'change',
    base: oneLarge,
    prepare: (pair, _stage, scale) => largeWrittenIn(pair, scale, Math.round(largeBytes(scale) * 0.3)),
  },
  {
    id: 'append',
    title: '1 MiB appended to 512 MiB',
    goal: 'at most 1.0 × rsync; 1.2 MB on the wire',
    kind: 'change',
    base: oneLarge,
    prepare: (pair, _stage, scale) => largeWrittenIn(pair, scale, largeBytes(scale)),
  },
  {
    id: 'copy',
    title: 'a copy of a file of 512 MiB',
    goal: '0.1 MB on the wire',
    kind: 'change',
    base: oneLarge,
    prepare(pair, stage, scale) {
      fs.copyFileSync(path.join(pair.nearFolder, 'films', 'large.bin'), path.join(stage, 'copy.bin'));
      return {
        make: () => fs.renameSync(path.join(stage, 'copy.bin'), path.join(pair.nearFolder, 'copy.bin')),
        expected: one(() => hasSize(largeBytes(scale), pair.farFolder, 'copy.bin')),
      };
    },
  },
  {
    id: 'rename',
    title: 'its directory renamed',
    goal: 'under 0.5 s; 0.1 MB on the wire',
    kind: 'change',
    base: oneLarge,
    prepare: (pair, _stage, scale) => ({
      make: () => fs.renameSync(path.join(pair.nearFolder, 'films'), path.join(pair.nearFolder, 'cinema')),
      expected: {
        count: 2,
        isThere: (at) =>
          at === 0
            ? hasSize(largeBytes(scale), pair.farFolder, 'cinema', 'large.bin')
            : isGone(pair.farFolder, 'films'),
      },
    }),
  },
  {
    id: 'delete',
    title: '5,000 files deleted',
    goal: '0.1 MB on the wire',
    kind: 'change',
    base(folder, scale) {
      fewFiles(folder);
      writeMany(path.join(folder, 'many'), 'many', Math.round(5000 * scale), 8192);
    },
    prepare(pair, _stage, scale) {
      const names = manyNames(Math.round(5000 * scale));
      return {
        make: () => fs.rmSync(path.join(pair.nearFolder, 'many'), { recursive: true }),
        expected: {
          count: names.length + 1,
          isThere: (at) => isGone(pair.farFolder, 'many', names[at] ?? ''),
        },
      };
    },
  },
  {
    id: 'reconnect',
    title: 'reconnect after a cut of the link, 100,000 files unchanged',
    goal: 'under 10 kB, under 1 s after connecting',
    kind: 'reconnect',
    after: 'cut',
    base: manyUnchanged,
  },
  {
    id: 'restart',
    title: 'the far program started anew, 100,000 files unchanged',
    goal: 'under 10 kB',
    kind: 'reconnect',
    after: 'restart',
    base: manyUnchanged,
  },
  {
    id: 'idle',
    title: 'idle, 100,000 files',
    goal: '150 MB of memory, under 0.5 % of one core',
    kind: 'idle',
    seconds: 60,
    base: manyUnchanged,
  },
];

function manyUnchanged(folder: string, scale: number): void {
  writeMany(path.join(folder, 'many'), 'many', Math.round(100_000 * scale), 300);
}

function one(isThere: () => boolean): Change['expected'] {
  return { count: 1, isThere };
}

/** Whether what was written is in a file, by its end: every program here replaces a file as a whole. */
function endsThere(file: string, bytes: Uint8Array, offset: number): boolean {
  const end = bytes.subarray(-64);
  return hasBytes(file, offset + bytes.length - end.length, end);
}

function writeAt(file: string, bytes: Uint8Array, offset: number): void {
  const handle = fs.openSync(file, 'r+');
  try {
    fs.writeSync(handle, bytes, 0, bytes.length, offset);
  } finally {
    fs.closeSync(handle);
  }
}
