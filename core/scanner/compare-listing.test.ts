import { describe, expect, test } from 'vitest';
import { diskPath } from '../filesystem/filesystem.ts';
import type { BaseRow, BaseStatus } from '../model/base-row.ts';
import type { DiskKind, Observed } from '../model/disk.ts';
import { emptyPast } from '../model/past.ts';
import { type RelativePath, relativePath } from '../model/path.ts';
import { compareListing, type ListingChanges } from './compare-listing.ts';
import { makeIgnoreRules } from './ignore-rules.ts';
import type { DirectoryListing, ListedEntry } from './listing.ts';

describe('comparing', () => {
  test('[SC9] tells what is new, changed, gone and the same, by path', () => {
    const changes = compare(
      [entry('d/a'), entry('d/b', { sizeBytes: 9 }), entry('d/c'), entry('d/e')],
      [row('d/z'), row('d/b'), row('d/c'), row('d/a'), row('d/f')],
    );
    expect(changes.changed.map(({ entry, base }) => [entry.path, base?.path])).toEqual([
      ['d/b', 'd/b'],
      ['d/e', undefined],
    ]);
    expect(changes.gone.map(({ path }) => path)).toEqual(['d/f', 'd/z']);
    expect(changes.same).toBe(2);
    expect(changes.newDirectories).toEqual([]);
    expect(changes.unproven).toEqual([]);
  });

  test.each<[string, Partial<Observed>, boolean]>([
    ['nothing', {}, false],
    ['size', { sizeBytes: 2 }, true],
    ['modification time', { modifiedAtNs: 2n }, true],
    ['change time', { changedAtNs: 2n }, true],
    ['inode', { inode: 2n }, true],
    ['mode', { mode: 0o755 }, true],
    ['kind', { kind: 'symlink' }, true],
    ['device number alone, as after a restart', { device: 2n }, false],
  ])('[SC9] a file that differs in %s', (_says, differing, isChanged) => {
    const { changed, same } = compare([entry('d/a', differing)], [row('d/a')]);
    expect([changed.length, same]).toEqual(isChanged ? [1, 0] : [0, 1]);
  });

  test('[SC9] [SC11] a directory is the same while kind and inode are', () => {
    const directory = { kind: 'directory' as const };
    const touched = { ...directory, modifiedAtNs: 5n, changedAtNs: 5n, mode: 0o700, sizeBytes: 7, links: 9 };
    expect(compare([entry('d/a', touched)], [row('d/a', directory)]).same).toBe(1);
    const moved = compare([entry('d/a', { ...directory, inode: 8n })], [row('d/a', directory)]);
    expect(moved.changed.length).toBe(1);
    expect(moved.newDirectories.map(({ path }) => path)).toEqual(['d/a']);
  });

  test('[SC11] a directory is new where none was, or where a file was', () => {
    const directory = { kind: 'directory' as const };
    const changes = compare([entry('d/a', directory), entry('d/b', directory)], [row('d/b')]);
    expect(changes.newDirectories.map(({ path }) => path)).toEqual(['d/a', 'd/b']);
    expect(compare([entry('d/a')], [row('d/a', directory)]).newDirectories).toEqual([]);
  });

  test('[SC11] another spelling of the same name is a change', () => {
    const respelled = compare([entry('d/\u00e9', {}, 'e\u0301')], [row('d/\u00e9')]);
    expect(respelled.changed.length).toBe(1);
    const kept = compare([entry('d/\u00e9', {}, 'e\u0301')], [{ ...row('d/\u00e9'), diskName: 'e\u0301' }]);
    expect(kept.same).toBe(1);
    const directory = compare(
      [entry('d/\u00e9', { kind: 'directory' }, 'e\u0301')],
      [row('d/\u00e9', { kind: 'directory' })],
    );
    expect(directory.newDirectories.length).toBe(1);
  });

  test('[SC1] [SC10] a failed listing proves nothing', () => {
    const { changed, gone, same, unproven } = compare([], [row('d/b'), row('d/a')], { failed: 'EACCES' });
    expect([changed, gone, same]).toEqual([[], [], 0]);
    expect(unproven.map(({ path }) => path)).toEqual(['d/a', 'd/b']);
  });

  test('[SC2] [SC10] what a problem stands for is not gone', () => {
    const problems = [
      { kind: 'special-file' as const, path: relativePath('d/a'), where: 'd/a' },
      { kind: 'name-not-text' as const, path: undefined, where: 'd/?' },
    ];
    const { gone, unproven } = compare([], [row('d/a'), row('d/b')], { problems });
    expect(gone.map(({ path }) => path)).toEqual(['d/b']);
    expect(unproven.map(({ path }) => path)).toEqual(['d/a']);
  });

  test('[SC10] a row with nothing recorded on disk is never gone, and what appears there is a change', () => {
    const absent: BaseRow = { ...row('d/a', {}, 'space'), observed: undefined };
    expect(compare([], [absent]).gone).toEqual([]);
    expect(compare([entry('d/a')], [absent]).changed).toEqual([{ entry: entry('d/a'), base: absent }]);
  });

  test('[SC12] of clashing spellings the recorded one is compared', () => {
    const newcomer = entry('d/\u00e9', { inode: 7n }, 'e\u0301');
    const recorded = entry('d/\u00e9');
    const clash = {
      clashes: [recorded],
      problems: [{ kind: 'name-clash' as const, path: recorded.path, where: '' }],
    };
    const calm = compare([newcomer], [row('d/\u00e9')], clash);
    expect([calm.changed, calm.gone, calm.same]).toEqual([[], [], 1]);
    expect(compare([newcomer], [], clash).changed[0]?.entry).toBe(newcomer);
    // Without its directory's contents a clash of directories is neither changed nor gone.
    const none = compare([], [row('d/\u00e9', { kind: 'directory' })], clash);
    expect([none.changed, none.gone, none.unproven.length]).toEqual([[], [], 1]);
  });

  test('[SC13] what is ignored is neither changed nor gone', () => {
    const changes = compare([entry('d/.DS_Store', { sizeBytes: 3 }), entry('d/a')], [row('d/.DS_Store')]);
    expect(changes.ignored).toEqual(['d/.DS_Store']);
    expect(changes.changed.map(({ entry }) => entry.path)).toEqual(['d/a']);
    expect(changes.gone).toEqual([]);
  });

  test('rows of another directory are a bug', () => {
    expect(() => compare([], [row('e/a')])).toThrow('rows of the listed directory');
  });
});

describe('[SC13] ignore rules', () => {
  test.each<[string, DiskKind, boolean]>([
    ['.DS_Store', 'file', true],
    ['deep/down/.DS_Store', 'file', true],
    ['Thumbs.db', 'file', true],
    ['thumbs.db', 'file', true],
    ['~$report.docx', 'file', true],
    ['~$Sheet.XLSM', 'file', true],
    ['.~lock.report.odt#', 'file', true],
    ['.notes.txt.swp', 'file', true],
    ['.notes.txt.swo', 'file', true],
    ['.#notes.txt', 'symlink', true],
    ['.#notes.txt', 'file', false],
    ['.DS_Store', 'directory', false],
    ['.DS_Store', 'symlink', false],
    ['.DS_Store/inside', 'file', false],
    ['notes.txt~', 'file', false],
    ['notes.bak', 'file', false],
    ['notes.swp', 'file', false],
    ['.swp', 'file', false],
    ['~$prices.txt', 'file', false],
    ['desktop.ini', 'file', false],
    ['Icon\r', 'file', false],
    ['._photo.jpg', 'file', false],
    ['4913', 'file', false],
    ['.gitignore', 'file', false],
    ['.git', 'directory', false],
    ['Thumbs', 'file', false],
  ])('%s, a %s: %s', (path, kind, ignored) => {
    expect(makeIgnoreRules('').isIgnored(relativePath(path), kind)).toBe(ignored);
  });
});

function compare(
  entries: readonly ListedEntry[],
  rows: readonly BaseRow[],
  differing: Partial<DirectoryListing> = {},
): ListingChanges {
  const listing: DirectoryListing = {
    path: relativePath('d'),
    diskPath: diskPath('/folder/d'),
    entries,
    clashes: [],
    problems: [],
    ...differing,
  };
  return compareListing(listing, rows, makeIgnoreRules('').isIgnored);
}

function entry(path: string, differing: Partial<Observed> = {}, diskName?: string): ListedEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    path: path as RelativePath,
    name,
    observed: observed(differing),
    ...(diskName === undefined ? {} : { diskName }),
  };
}

function row(path: string, differing: Partial<Observed> = {}, status: BaseStatus = 'held'): BaseRow {
  return {
    path: path as RelativePath,
    status,
    shown: undefined,
    content: undefined,
    seen: emptyPast,
    observed: observed(differing),
  };
}

function observed(differing: Partial<Observed>): Observed {
  return {
    kind: 'file',
    sizeBytes: 1,
    modifiedAtNs: 1n,
    changedAtNs: 1n,
    inode: 1n,
    device: 1n,
    mode: 0o644,
    links: 1,
    ...differing,
  };
}
