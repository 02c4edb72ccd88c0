import { beforeEach, describe, expect, test } from 'vitest';
import { type DiskPath, diskPath, type FileSystem, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { relativePath } from '../model/path.ts';
import type { DirectoryListing } from './listing.ts';
import { walkDirectory } from './walk.ts';

const root = diskPath('/folder');
const at = (path: string): DiskPath => diskPath(`/folder/${path}`);
let disk: MemoryFileSystem;

beforeEach(() => {
  disk = createMemoryFileSystem({ clock: { now: () => 0, monotonic: () => 0, after: () => () => {} } });
  disk.makeDirectory(root);
});

describe('walking', () => {
  test('[SC7] lists directories before what is in them, names by code unit, on every run alike', () => {
    for (const name of ['b', 'a', 'a/y', 'a/x', 'B', 'a/x/deep']) disk.makeDirectory(at(name));
    for (const name of ['a.txt', 'a/x/1', 'z']) touch(name);
    const listings = walk();
    expect(listings.map(({ path }) => path)).toEqual([undefined, 'B', 'a', 'a/x', 'a/x/deep', 'a/y', 'b']);
    expect(namesIn(listings[0])).toEqual(['B', 'a', 'a.txt', 'b', 'z']);
    expect(listings[3]).toEqual({
      path: 'a/x',
      diskPath: at('a/x'),
      entries: [
        { path: 'a/x/1', name: '1', observed: disk.look(at('a/x/1')) },
        { path: 'a/x/deep', name: 'deep', observed: disk.look(at('a/x/deep')) },
      ],
      clashes: [],
      problems: [],
    });
    expect(walk()).toEqual(listings);
  });

  test('a walk that is not recursive gives one listing; one from a directory below begins there', () => {
    disk.makeDirectory(at('a'));
    disk.makeDirectory(at('a/b'));
    expect(walk({ recursive: false }).map(({ path }) => path)).toEqual([undefined]);
    expect(walk({ directory: 'a' }).map(({ path }) => path)).toEqual(['a', 'a/b']);
  });

  test('[SC7] 500 levels are no matter, and past the deepest path is a problem', () => {
    let path = '';
    for (let depth = 1; depth <= 513; depth++) {
      path = path === '' ? 'd' : `${path}/d`;
      disk.makeDirectory(at(path));
    }
    const listings = walk();
    expect(listings.length).toBe(513);
    expect(listings.at(-1)?.entries).toEqual([]);
    expect(listings.at(-1)?.problems).toEqual([{ kind: 'name-too-long', path: undefined, where: path }]);
  });

  test('[SC3] symlinks are read, not followed', () => {
    disk.makeDirectory(at('real'));
    disk.makeSymlink('real', at('link'));
    disk.makeSymlink('..', at('real/up'));
    disk.makeSymlink('nowhere', at('dangling'));
    const listings = walk();
    expect(listings.map(({ path }) => path)).toEqual([undefined, 'real']);
    expect(listings.flatMap(({ entries }) => entries.map(({ path, target }) => [path, target]))).toEqual([
      ['dangling', 'nowhere'],
      ['link', 'real'],
      ['real', undefined],
      ['real/up', '..'],
    ]);
  });

  test('[SC3] a start that is a symlink is not followed either', () => {
    disk.makeDirectory(diskPath('/elsewhere'));
    disk.makeSymlink('/elsewhere', at('link'));
    expect(walk({ directory: 'link' })).toMatchObject([{ failed: 'ENOTDIR', entries: [], problems: [] }]);
    expect(walk({ directory: 'nothing' })).toMatchObject([{ failed: 'ENOENT', entries: [], problems: [] }]);
  });

  test('[SC2] [SC3] special files and links to no text are problems', () => {
    disk.makeOther(at('pipe'));
    disk.makeSymlink('x', at('link'));
    const odd: FileSystem = { ...disk, readLink: () => ({ unreadable: '\\xff' }) };
    expect(walk({}, odd)).toMatchObject([
      {
        entries: [],
        problems: [
          { kind: 'link-target-not-text', path: 'link', where: 'link' },
          { kind: 'special-file', path: 'pipe', where: 'pipe' },
        ],
      },
    ]);
  });

  test('[SC4] another disk inside is not looked into', () => {
    disk.makeDirectory(at('mounted'));
    disk.mount(at('mounted'));
    touch('mounted/file');
    expect(walk()).toMatchObject([
      { path: undefined, entries: [], problems: [{ kind: 'nested-mount', path: 'mounted' }] },
    ]);
    expect(walk({ directory: 'mounted' })).toMatchObject([
      { failed: 'EXDEV', entries: [], problems: [{ kind: 'nested-mount', path: 'mounted' }] },
    ]);
  });

  test('[SC4] a directory of the same disk that is bound inside is not looked into either', () => {
    for (const name of ['bound', 'other', 'other/deep']) disk.makeDirectory(at(name));
    touch('bound/covered');
    disk.bind(at('bound'), at('other'));
    expect(walk()[0]).toMatchObject({
      entries: [{ path: 'other' }],
      problems: [{ kind: 'nested-mount', path: 'bound' }],
    });
    for (const directory of ['bound', 'bound/deep'])
      expect(walk({ directory })).toMatchObject([
        { failed: 'EXDEV', entries: [], problems: [{ kind: 'nested-mount', path: directory }] },
      ]);
  });

  test('[SC1] a directory that cannot be listed fails and the rest goes on', () => {
    for (const name of ['a', 'b', 'c']) disk.makeDirectory(at(name));
    disk.failListing(at('a'), 'EACCES');
    disk.failListing(at('b'), 'EIO');
    expect(walk().slice(1)).toEqual([
      failed('a', 'EACCES', [{ kind: 'unreadable', path: 'a', where: 'a', cause: 'EACCES' }]),
      failed('b', 'EIO', [{ kind: 'disk-error', path: 'b', where: 'b', cause: 'EIO' }]),
      { path: 'c', diskPath: at('c'), entries: [], clashes: [], problems: [] },
    ]);
  });

  test('[SC1] a folder whose top is missing fails', () => {
    disk.removeDirectory(root);
    expect(walk()).toMatchObject([{ path: undefined, failed: 'ENOENT', entries: [] }]);
  });

  test.each([
    ['a link', 'ENOTDIR', () => disk.makeSymlink('/outside', at('a'))],
    ['another directory', 'ECHANGED', () => disk.makeDirectory(at('a'))],
    ['nothing', 'ENOENT', () => {}],
  ])(
    '[SC1] a directory that becomes %s while it is read fails, whatever was read in its stead',
    (_says, cause, replace) => {
      disk.makeDirectory(at('a'));
      disk.makeDirectory(diskPath('/outside'));
      const racing: FileSystem = {
        ...disk,
        list(directory) {
          if (directory !== at('a')) return disk.list(directory);
          disk.removeDirectory(at('a'));
          replace();
          return [{ name: 'secret' }];
        },
      };
      expect(walk({}, racing).slice(1)).toEqual([failed('a', cause, [])]);
    },
  );

  test('[SC8] what vanishes after it was listed is left out', () => {
    touch('here');
    disk.makeDirectory(at('gone'));
    const racing: FileSystem = { ...disk, list: (directory) => [...disk.list(directory), { name: 'ghost' }] };
    expect(namesIn(walk({ recursive: false }, racing)[0])).toEqual(['gone', 'here']);
  });

  test('[SC2] what cannot be looked at is a problem', () => {
    touch('a');
    touch('b');
    const blind: FileSystem = {
      ...disk,
      look(path) {
        if (path === at('a')) disk.list(at('a'));
        return disk.look(path);
      },
    };
    expect(walk({}, blind)).toMatchObject([
      { entries: [{ name: 'b' }], problems: [{ kind: 'disk-error', path: 'a', cause: 'ENOTDIR' }] },
    ]);
  });

  test('stops at an abort', () => {
    disk.makeDirectory(at('a'));
    const abort = new AbortController();
    const steps = walkDirectory(
      disk,
      { root, directory: undefined, diskPath: root, recursive: true, ignored: '' },
      abort.signal,
    );
    steps.next();
    abort.abort(new Error('enough'));
    expect(() => steps.next()).toThrow('enough');
  });
});

describe('names', () => {
  test("[SC6] Lockstep's own name is not seen, whatever its case and level", () => {
    disk.makeDirectory(at('.lockstep'));
    disk.makeDirectory(at('a'));
    disk.makeDirectory(at('a/.LockStep'));
    touch('.lockstep/folder.json');
    touch('.lockstep.txt');
    expect(walk().map((listing) => [listing.path, namesIn(listing), listing.problems])).toEqual([
      [undefined, ['.lockstep.txt', 'a'], []],
      ['a', [], []],
    ]);
  });

  test('[SC6] names that are no path are problems', () => {
    const long = 'ü'.repeat(128);
    disk.addUnreadable(root, 'caf\\xe9');
    const odd: FileSystem = {
      ...disk,
      list: (directory) => [...disk.list(directory), { name: long }, { name: 'half \ud800' }],
    };
    expect(walk({}, odd)).toMatchObject([
      {
        entries: [],
        problems: [
          { kind: 'name-not-text', path: undefined, where: 'caf\\xe9' },
          { kind: 'name-not-text', path: undefined, where: 'half \ufffd' },
          { kind: 'name-too-long', path: undefined, where: long },
        ],
      },
    ]);
  });

  test('odd names that are paths are taken as they are', () => {
    const names = ['-rf', 'a\nb', '\u{1f600}', '\u202eevil', 'back\\slash', 'nul.txt', 'trailing. '];
    for (const name of names) touch(name);
    const [listing] = walk();
    expect(namesIn(listing)).toEqual(names.toSorted());
    expect(listing?.problems).toEqual([]);
  });

  test('[SC5] a name the disk spells otherwise keeps that spelling beside its path', () => {
    disk.makeDirectory(at('e\u0301t\u00e9'));
    touch('e\u0301t\u00e9/o\u0302');
    expect(
      walk().flatMap(({ diskPath, entries }) =>
        entries.map(({ path, name, diskName }) => ({ diskPath, path, name, diskName })),
      ),
    ).toEqual([
      { diskPath: root, path: '\u00e9t\u00e9', name: '\u00e9t\u00e9', diskName: 'e\u0301t\u00e9' },
      { diskPath: at('e\u0301t\u00e9'), path: '\u00e9t\u00e9/\u00f4', name: '\u00f4', diskName: 'o\u0302' },
    ]);
  });

  test('[SC5] of two spellings of one path the smaller bytes are the entry and the other clashes', () => {
    touch('\u00e9');
    touch('e\u0301');
    const [listing] = walk();
    expect(listing?.entries).toEqual([
      { path: '\u00e9', name: '\u00e9', diskName: 'e\u0301', observed: disk.look(at('e\u0301')) },
    ]);
    expect(listing?.clashes).toEqual([{ path: '\u00e9', name: '\u00e9', observed: disk.look(at('\u00e9')) }]);
    expect(listing?.problems).toEqual([{ kind: 'name-clash', path: '\u00e9', where: '\u00e9' }]);
  });

  test('[SC5] with a directory among the spellings none is taken', () => {
    disk.makeDirectory(at('e\u0301'));
    disk.makeDirectory(at('\u00e9'));
    touch('\u00e9/file');
    const listings = walk();
    expect(listings.length).toBe(1);
    expect(listings[0]?.entries).toEqual([]);
    expect(listings[0]?.clashes.map(({ diskName }) => diskName)).toEqual(['e\u0301', undefined]);
    expect(listings[0]?.problems.map(({ kind }) => kind)).toEqual(['name-clash', 'name-clash']);
  });
});

function walk(
  {
    directory,
    recursive = true,
    ignored = '',
  }: { directory?: string; recursive?: boolean; ignored?: string } = {},
  fileSystem: FileSystem = disk,
): DirectoryListing[] {
  const path = directory === undefined ? undefined : relativePath(directory);
  const place = directory === undefined ? root : at(directory);
  return [...walkDirectory(fileSystem, { root, directory: path, diskPath: place, recursive, ignored })];
}

function touch(path: string): void {
  const slash = path.lastIndexOf('/');
  const directory = slash < 0 ? root : at(path.slice(0, slash));
  disk.create(joinDisk(directory, path.slice(slash + 1)), 0o644).close();
}

function namesIn(listing: DirectoryListing | undefined): string[] | undefined {
  return listing?.entries.map(({ name }) => name);
}

function failed(path: string, cause: string, problems: readonly unknown[]): unknown {
  return { path, diskPath: at(path), entries: [], clashes: [], problems, failed: cause };
}
