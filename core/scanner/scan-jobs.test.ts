import { describe, expect, test } from 'vitest';
import { diskPath, type FileSystem, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { RelativePath } from '../model/path.ts';
import type { DirectoryListing } from './listing.ts';
import { packListings, unpackListings } from './pack-listings.ts';
import { createScanJobs } from './scan-jobs.ts';
import { batchesUnderway, type ScanNews } from './scan-messages.ts';
import { walkDirectory } from './walk.ts';

const root = diskPath('/folder');
const walkAll = { root, directory: undefined, diskPath: root, recursive: true, ignored: '' } as const;

describe('jobs of the scan thread', () => {
  test('[SC17] a job stops when its batches are not taken, and goes on one batch for each that is', () => {
    const { fileSystem, news, jobs } = thread();
    for (let i = 0; i < 1_500; i++) fileSystem.makeDirectory(joinDisk(root, `d${i}`));
    jobs.take({ kind: 'start', job: 1, work: { kind: 'walk', request: walkAll } });
    while (jobs.step());
    expect(news.length).toBe(batchesUnderway);
    expect(jobs.step()).toBe(false);
    jobs.take({ kind: 'taken', job: 1 });
    while (jobs.step());
    expect(news.length).toBe(batchesUnderway + 1);
    for (let i = 0; i < 10; i++) jobs.take({ kind: 'taken', job: 1 });
    while (jobs.step());
    expect(news.at(-1)).toEqual({ kind: 'done', job: 1 });
    const listings = news.flatMap((each) => (each.kind === 'listings' ? unpackListings(each.packed) : []));
    expect(listings).toEqual([...walkDirectory(fileSystem, walkAll)]);
  });

  test('[SC17] a short job is not held up by a long one', () => {
    const { fileSystem, news, jobs } = thread();
    writeZeros(fileSystem, 40);
    jobs.take({
      kind: 'start',
      job: 1,
      work: { kind: 'hash', requests: [{ id: 1, diskPath: joinDisk(root, 'file') }] },
    });
    jobs.step();
    jobs.take({ kind: 'start', job: 2, work: { kind: 'walk', request: walkAll } });
    while (jobs.step());
    const done = news.filter(({ kind }) => kind === 'done').map(({ job }) => job);
    expect(done).toEqual([2, 1]);
  });

  test('[SC17] a job that is stopped closes its file and is never heard of again', () => {
    let open = 0;
    const { fileSystem, news, jobs } = thread((disk) => ({
      ...disk,
      openRead(path) {
        const handle = disk.openRead(path);
        open += 1;
        return {
          ...handle,
          close() {
            open -= 1;
            handle.close();
          },
        };
      },
    }));
    writeZeros(fileSystem, 10);
    jobs.take({
      kind: 'start',
      job: 1,
      work: { kind: 'hash', requests: [{ id: 1, diskPath: joinDisk(root, 'file') }] },
    });
    jobs.step();
    expect(open).toBe(1);
    jobs.take({ kind: 'stop', job: 1 });
    jobs.take({ kind: 'taken', job: 1 });
    jobs.take({ kind: 'stop', job: 1 });
    expect(open).toBe(0);
    expect(jobs.step()).toBe(false);
    expect(news).toEqual([]);
  });

  test('a job that breaks is told, and the others go on', () => {
    const { news, jobs } = thread((disk) => ({
      ...disk,
      list(directory) {
        if (directory === root) throw new TypeError('a mistake');
        return disk.list(directory);
      },
    }));
    jobs.take({ kind: 'start', job: 1, work: { kind: 'walk', request: walkAll } });
    jobs.take({
      kind: 'start',
      job: 2,
      work: { kind: 'hash', requests: [{ id: 5, diskPath: joinDisk(root, 'nothing') }] },
    });
    while (jobs.step());
    expect(news).toMatchObject([
      { kind: 'broken', job: 1, what: expect.stringContaining('a mistake') },
      { kind: 'hashed', job: 2, results: [{ id: 5, kind: 'absent' }] },
      { kind: 'done', job: 2 },
    ]);
  });
});

test('[SC16] listings come through packing as they were', () => {
  const observed = {
    kind: 'symlink' as const,
    sizeBytes: 2 ** 52,
    modifiedAtNs: -1_000_000_007n,
    changedAtNs: 2n ** 62n,
    inode: -(2n ** 63n),
    device: 2n ** 63n - 1n,
    mode: 0o7777,
    links: 2 ** 31,
  };
  const listings: DirectoryListing[] = [
    {
      path: undefined,
      diskPath: root,
      entries: [
        { path: 'a\nb' as RelativePath, name: 'a\nb', observed, target: '' },
        {
          path: '\u00e9' as RelativePath,
          name: '\u00e9',
          observed: { ...observed, kind: 'file' },
          diskName: 'e\u0301',
        },
      ],
      clashes: [
        { path: '\u00e9' as RelativePath, name: '\u00e9', observed: { ...observed, kind: 'directory' } },
      ],
      problems: [{ kind: 'name-clash', path: '\u00e9' as RelativePath, where: '\u00e9', cause: 'x' }],
    },
    {
      path: 'd' as RelativePath,
      diskPath: joinDisk(root, 'd'),
      entries: [],
      clashes: [],
      problems: [],
      failed: 'EIO',
    },
    {
      path: 'e' as RelativePath,
      diskPath: joinDisk(root, 'e'),
      entries: [{ path: 'e/f' as RelativePath, name: 'f', observed: { ...observed, kind: 'other' } }],
      clashes: [],
      problems: [],
    },
  ];
  expect(unpackListings(structuredClone(packListings(listings)))).toEqual(listings);
  expect(unpackListings(packListings([]))).toEqual([]);
});

function thread(over: (disk: FileSystem) => FileSystem = (disk) => disk) {
  const fileSystem = createMemoryFileSystem({
    clock: { now: () => 0, monotonic: () => 0, after: () => () => {} },
  });
  fileSystem.makeDirectory(root);
  const news: ScanNews[] = [];
  const jobs = createScanJobs({ fileSystem: over(fileSystem), monotonic: () => 0 }, (each) =>
    news.push(each),
  );
  return { fileSystem, news, jobs };
}

function writeZeros(fileSystem: FileSystem, mebibytes: number): void {
  const handle = fileSystem.create(joinDisk(root, 'file'), 0o644);
  handle.write(new Uint8Array(mebibytes * 1024 ** 2), 0);
  handle.close();
}
