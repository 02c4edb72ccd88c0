import assert from 'node:assert/strict';
import { joinDisk } from './disk-path.ts';
import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';

/** A disk under test, and an empty directory on it. */
export interface SuiteWorld {
  readonly fileSystem: FileSystem;
  readonly root: DiskPath;
  /** Makes a FIFO. */
  makeOther(path: DiskPath): void;
}

/** One thing every disk must do. */
export interface Behaviour {
  /** Its rule and sentence, for a test's name. */
  readonly says: string;
  run(
    disk: FileSystem,
    at: (...names: readonly string[]) => DiskPath,
    world: SuiteWorld,
  ): void | Promise<void>;
}

/** Runs one behaviour in a world of its own. */
export async function runBehaviour(behaviour: Behaviour, world: SuiteWorld): Promise<void> {
  await behaviour.run(world.fileSystem, (...names) => names.reduce(joinDisk, world.root), world);
}

const encoder = new TextEncoder();

function put(disk: FileSystem, path: DiskPath, text: string): void {
  const file = disk.create(path, 0o644);
  file.write(encoder.encode(text), 0);
  file.close();
}

function text(disk: FileSystem, path: DiskPath): string {
  const file = disk.openRead(path);
  const bytes = new Uint8Array(file.look().sizeBytes);
  file.read(bytes, 0);
  file.close();
  return new TextDecoder().decode(bytes);
}

function names(disk: FileSystem, directory: DiskPath): string[] {
  return disk
    .list(directory)
    .map((listed) => ('name' in listed ? listed.name : `?${listed.unreadable}`))
    .sort();
}

function there(disk: FileSystem, path: DiskPath) {
  const seen = disk.look(path);
  assert.ok(seen, `nothing at ${path}`);
  return seen;
}

function fails(codes: string, run: () => unknown): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof DiskError, `not a DiskError: ${String(error)}`);
    assert.ok(codes.split(' ').includes(error.code), `${error.code} is none of ${codes}`);
    return true;
  });
}

/** What every implementation of {@link FileSystem} does; written with plain assertions so that any test runner can run it. */
export const fileSystemSuite: readonly Behaviour[] = [
  {
    says: '[FS1] looks at a link, not at what it leads to, and follows links above the last component',
    run(disk, at) {
      disk.makeDirectory(at('real'));
      put(disk, at('real', 'file'), 'x');
      disk.makeSymlink('real', at('way'));
      assert.equal(there(disk, at('way')).kind, 'symlink');
      assert.equal(text(disk, at('way', 'file')), 'x');
      assert.deepEqual(disk.readLink(at('way')), { target: 'real' });
      disk.makeSymlink('way/../real/file', at('zigzag'));
      fails('ENOTDIR', () => disk.list(at('way')));
      fails('ENOTSUP', () => disk.setMode(at('way'), 0o700));
      fails('EINVAL', () => disk.readLink(at('real')));
    },
  },
  {
    says: '[FS1] says ELOOP for links in a circle',
    run(disk, at) {
      disk.makeSymlink('b', at('a'));
      disk.makeSymlink('a', at('b'));
      assert.equal(there(disk, at('a')).kind, 'symlink');
      fails('ELOOP', () => disk.look(at('a', 'x')));
    },
  },
  {
    says: '[FS2] sees nothing where nothing is, also below a file, and says what else went wrong',
    run(disk, at) {
      put(disk, at('file'), '');
      assert.equal(disk.look(at('none')), undefined);
      assert.equal(disk.look(at('none', 'below')), undefined);
      assert.equal(disk.look(at('file', 'below')), undefined);
      fails('ENAMETOOLONG', () => disk.look(at('n'.repeat(256))));
      assert.equal(disk.look(at('n'.repeat(255))), undefined);
    },
  },
  {
    says: '[FS2] tells kind, size, mode and links',
    run(disk, at, world) {
      put(disk, at('file'), 'four');
      disk.makeDirectory(at('directory'), 0o700);
      disk.makeSymlink('f\u00fcr', at('link'));
      world.makeOther(at('fifo'));
      disk.setMode(at('file'), 0o754);
      disk.link(at('file'), at('again'));
      const file = there(disk, at('file'));
      assert.equal(file.kind, 'file');
      assert.equal(file.sizeBytes, 4);
      assert.equal(file.mode, 0o754);
      assert.equal(file.links, 2);
      assert.equal(there(disk, at('directory')).kind, 'directory');
      assert.equal(there(disk, at('directory')).mode, 0o700);
      assert.equal(there(disk, at('link')).kind, 'symlink');
      assert.equal(there(disk, at('link')).sizeBytes, 4);
      assert.equal(there(disk, at('fifo')).kind, 'other');
      assert.equal(there(disk, at('again')).inode, file.inode);
      assert.equal(there(disk, at('directory')).device, file.device);
    },
  },
  {
    says: '[FS3] opens regular files only, and does not wait for a FIFO',
    run(disk, at, world) {
      put(disk, at('file'), 'x');
      disk.makeSymlink('file', at('link'));
      disk.makeDirectory(at('directory'));
      world.makeOther(at('fifo'));
      for (const open of [disk.openRead, disk.openWrite]) {
        fails('ELOOP', () => open(at('link')));
        fails('EINVAL EISDIR', () => open(at('directory')));
        fails('EINVAL ENXIO', () => open(at('fifo')));
        fails('ENOENT', () => open(at('none')));
        fails('ENOTDIR', () => open(at('file', 'below')));
      }
    },
  },
  {
    says: '[FS4] makes nothing where something is',
    run(disk, at) {
      put(disk, at('source'), 'source');
      disk.makeDirectory(at('moving'));
      put(disk, at('file'), 'kept');
      disk.makeDirectory(at('directory'));
      disk.makeSymlink('nowhere', at('dangling'));
      for (const name of ['file', 'directory', 'dangling']) {
        fails('EEXIST', () => disk.create(at(name), 0o644));
        fails('EEXIST', () => disk.makeDirectory(at(name)));
        fails('EEXIST', () => disk.makeSymlink('x', at(name)));
        fails('EEXIST', () => disk.link(at('source'), at(name)));
        fails('EEXIST', () => disk.copy(at('source'), at(name)));
        fails('EEXIST', () => disk.renameNew(at('source'), at(name)));
        fails('EEXIST', () => disk.renameNew(at('moving'), at(name)));
      }
      assert.equal(text(disk, at('file')), 'kept');
      assert.equal(text(disk, at('source')), 'source');
      assert.deepEqual(names(disk, at()), ['dangling', 'directory', 'file', 'moving', 'source']);
    },
  },
  {
    says: '[FS4] moves files, links and directories to free names',
    run(disk, at) {
      put(disk, at('file'), 'x');
      disk.makeSymlink('file', at('link'));
      disk.makeDirectory(at('directory'));
      put(disk, at('directory', 'inside'), 'y');
      const before = there(disk, at('file')).inode;
      disk.renameNew(at('file'), at('file2'));
      disk.renameNew(at('link'), at('link2'));
      disk.renameNew(at('directory'), at('directory2'));
      assert.deepEqual(names(disk, at()), ['directory2', 'file2', 'link2']);
      assert.equal(there(disk, at('file2')).inode, before);
      assert.equal(there(disk, at('file2')).links, 1);
      assert.equal(text(disk, at('directory2', 'inside')), 'y');
      fails('ENOENT', () => disk.renameNew(at('gone'), at('elsewhere')));
      fails('EINVAL', () => disk.renameNew(at('directory2'), at('directory2', 'below')));
    },
  },
  {
    says: '[FS5] renames over a file or a link, never over a directory that holds something',
    run(disk, at) {
      put(disk, at('new'), 'new');
      put(disk, at('old'), 'old');
      disk.makeSymlink('old', at('link'));
      disk.makeDirectory(at('full'));
      put(disk, at('full', 'inside'), '');
      disk.makeDirectory(at('empty'));
      fails('EISDIR ENOTEMPTY EPERM', () => disk.rename(at('new'), at('full')));
      fails('ENOTEMPTY EEXIST', () => disk.rename(at('empty'), at('full')));
      fails('ENOTDIR', () => disk.rename(at('empty'), at('old')));
      fails('EINVAL', () => disk.rename(at('full'), at('full', 'below')));
      fails('ENOENT', () => disk.rename(at('none'), at('old')));
      disk.rename(at('new'), at('old'));
      assert.equal(text(disk, at('old')), 'new');
      disk.rename(at('old'), at('link'));
      assert.equal(there(disk, at('link')).kind, 'file');
      assert.deepEqual(names(disk, at()), ['empty', 'full', 'link']);
    },
  },
  {
    says: '[FS5] leaves two names of one file as they are',
    run(disk, at) {
      put(disk, at('one'), 'x');
      disk.link(at('one'), at('two'));
      disk.rename(at('one'), at('two'));
      assert.deepEqual(names(disk, at()), ['one', 'two']);
    },
  },
  {
    says: '[FS6] swaps two names in one step, or changes nothing',
    run(disk, at) {
      put(disk, at('a'), 'A');
      put(disk, at('b'), 'B');
      disk.makeDirectory(at('directory'));
      const swapped = disk.exchange(at('a'), at('b'));
      assert.equal(text(disk, at('a')), swapped ? 'B' : 'A');
      assert.equal(text(disk, at('b')), swapped ? 'A' : 'B');
      if (!swapped) return;
      assert.equal(disk.exchange(at('a'), at('directory')), true);
      assert.equal(there(disk, at('a')).kind, 'directory');
      assert.equal(text(disk, at('directory')), 'B');
      fails('ENOENT', () => disk.exchange(at('a'), at('none')));
    },
  },
  {
    says: '[FS7] keeps a time before 1970 and one in the far future to the microsecond, of directories and links themselves too',
    run(disk, at) {
      put(disk, at('file'), '');
      disk.makeDirectory(at('directory'));
      disk.makeSymlink('file', at('link'));
      const fileTimeNs = there(disk, at('file')).modifiedAtNs;
      for (const seconds of [-1_700_000_000n, -1n, 0n, 4_000_000_000n]) {
        const wantedNs = seconds * 1_000_000_000n + 500_000_000n;
        for (const name of ['directory', 'link']) {
          disk.setModifiedAt(at(name), wantedNs);
          const difference = there(disk, at(name)).modifiedAtNs - wantedNs;
          assert.ok(difference > -1000n && difference < 1000n, `off by ${difference} ns`);
        }
      }
      assert.equal(there(disk, at('file')).modifiedAtNs, fileTimeNs);
      fails('ENOENT', () => disk.setModifiedAt(at('none'), 0n));
    },
  },
  {
    says: '[FS8] never moves the change time back, whatever time a file is given',
    run(disk, at) {
      put(disk, at('file'), 'one');
      const changes: (() => void)[] = [
        () => {
          const file = disk.openWrite(at('file'));
          file.write(encoder.encode('two'), 0);
          file.close();
        },
        () => disk.setMode(at('file'), 0o600),
        () => disk.setModifiedAt(at('file'), 5n),
        () => disk.link(at('file'), at('second')),
        () => disk.rename(at('second'), at('third')),
        () => disk.remove(at('third')),
      ];
      let before = there(disk, at('file')).changedAtNs;
      for (const change of changes) {
        change();
        const after = there(disk, at('file')).changedAtNs;
        assert.ok(after >= before);
        before = after;
      }
    },
  },
  {
    says: '[FS9] lists names as they are, however odd',
    run(disk, at) {
      const odd = [
        '-rf',
        'a\nb',
        'caf\u00e9',
        'cafe\u0301',
        '\u202eabc',
        '\ud83d\ude00',
        '\ufeffbom',
        'x'.repeat(255),
        ' ',
        'replacement\ufffd',
      ];
      for (const name of odd) put(disk, at(name), '');
      assert.deepEqual(names(disk, at()), odd.toSorted());
      fails('ENOENT', () => disk.list(at('none')));
      fails('ENOTDIR', () => disk.list(at('-rf')));
    },
  },
  {
    says: '[FS10] reads and writes whole buffers anywhere, with zeros in gaps',
    run(disk, at) {
      const file = disk.create(at('file'), 0o644);
      file.write(encoder.encode('end'), 5);
      file.write(encoder.encode('st'), 0);
      const whole = new Uint8Array(10).fill(9);
      assert.equal(file.read(whole, 0), 8);
      assert.deepEqual([...whole], [115, 116, 0, 0, 0, 101, 110, 100, 9, 9]);
      assert.equal(file.read(whole, 100), 0);
      file.truncate(1);
      file.truncate(3);
      assert.equal(file.look().sizeBytes, 3);
      const cut = new Uint8Array(3);
      file.read(cut, 0);
      assert.deepEqual([...cut], [115, 0, 0]);
      file.truncate(2 ** 40);
      assert.equal(file.look().sizeBytes, 2 ** 40);
      assert.equal(file.read(cut, 2 ** 39), 3);
      assert.deepEqual([...cut], [0, 0, 0]);
      file.close();
    },
  },
  {
    says: '[FS11] keeps an open file whatever becomes of its name',
    run(disk, at) {
      put(disk, at('file'), 'old');
      const reader = disk.openRead(at('file'));
      put(disk, at('new'), 'new');
      disk.rename(at('new'), at('file'));
      const bytes = new Uint8Array(3);
      assert.equal(reader.read(bytes, 0), 3);
      assert.equal(new TextDecoder().decode(bytes), 'old');
      assert.equal(reader.look().links, 0);
      assert.notEqual(reader.look().inode, there(disk, at('file')).inode);
      reader.close();
    },
  },
  {
    says: '[FS12] flushes what it can and tells what failed',
    async run(disk, at) {
      const paths = Array.from({ length: 40 }, (_, i) => at(`file${i}`));
      for (const path of paths) put(disk, path, 'x');
      await disk.flushFiles(paths);
      await disk.flushFiles([]);
      await disk.flushDirectories([at()]);
      await assert.rejects(disk.flushFiles([at('file1'), at('none')]), { name: 'DiskError', code: 'ENOENT' });
      await assert.rejects(disk.flushDirectories([at('file1')]), { name: 'DiskError', code: 'ENOTDIR' });
    },
  },
  {
    says: '[FS13] links a second name to one file, and a link to itself',
    run(disk, at) {
      put(disk, at('one'), 'x');
      disk.link(at('one'), at('two'));
      const file = disk.openWrite(at('two'));
      file.write(encoder.encode('y'), 0);
      file.close();
      assert.equal(text(disk, at('one')), 'y');
      disk.remove(at('one'));
      assert.equal(text(disk, at('two')), 'y');
      assert.equal(there(disk, at('two')).links, 1);
      disk.makeDirectory(at('directory'));
      fails('EPERM', () => disk.link(at('directory'), at('three')));
      fails('ENOENT', () => disk.link(at('none'), at('three')));
    },
  },
  {
    says: '[FS13] copies bytes and mode of a file, and of nothing else',
    run(disk, at, world) {
      put(disk, at('one'), 'bytes');
      disk.setMode(at('one'), 0o750);
      disk.copy(at('one'), at('two'));
      assert.equal(text(disk, at('two')), 'bytes');
      assert.equal(there(disk, at('two')).mode, 0o750);
      const file = disk.openWrite(at('two'));
      file.write(encoder.encode('B'), 0);
      file.close();
      assert.equal(text(disk, at('one')), 'bytes');
      disk.makeSymlink('one', at('link'));
      world.makeOther(at('fifo'));
      for (const name of ['link', 'fifo', '']) {
        fails('EINVAL', () => disk.copy(name === '' ? at() : at(name), at('three')));
      }
      fails('ENOENT', () => disk.copy(at('none'), at('three')));
    },
  },
  {
    says: '[FS13] clones are copies, or nothing',
    run(disk, at) {
      put(disk, at('one'), 'bytes');
      disk.setMode(at('one'), 0o750);
      put(disk, at('taken'), 'kept');
      if (disk.clone(at('one'), at('two'))) {
        assert.equal(text(disk, at('two')), 'bytes');
        assert.equal(there(disk, at('two')).mode, 0o750);
        assert.notEqual(there(disk, at('two')).inode, there(disk, at('one')).inode);
        const file = disk.openWrite(at('two'));
        file.write(encoder.encode('B'), 0);
        file.close();
        assert.equal(text(disk, at('one')), 'bytes');
        fails('EEXIST', () => disk.clone(at('one'), at('taken')));
        fails('EINVAL', () => disk.clone(at(), at('three')));
        fails('ENOENT', () => disk.clone(at('none'), at('three')));
      } else assert.equal(disk.look(at('two')), undefined);
      assert.equal(text(disk, at('taken')), 'kept');
    },
  },
  {
    says: '[FS13] removes names and empty directories, each with its own call',
    run(disk, at) {
      put(disk, at('file'), '');
      disk.makeDirectory(at('directory'));
      put(disk, at('directory', 'inside'), '');
      disk.makeSymlink('directory', at('link'));
      fails('ENOTEMPTY', () => disk.removeDirectory(at('directory')));
      fails('ENOTDIR', () => disk.removeDirectory(at('link')));
      fails('ENOTDIR', () => disk.removeDirectory(at('file')));
      fails('EISDIR EPERM', () => disk.remove(at('directory')));
      fails('ENOENT', () => disk.remove(at('none')));
      disk.remove(at('link'));
      disk.remove(at('file'));
      disk.remove(at('directory', 'inside'));
      disk.removeDirectory(at('directory'));
      assert.deepEqual(names(disk, at()), []);
    },
  },
  {
    says: '[FS13] tells the room there is',
    run(disk, at) {
      const { freeBytes, totalBytes } = disk.space(at());
      assert.ok(freeBytes > 0 && freeBytes <= totalBytes);
      fails('ENOENT', () => disk.space(at('none')));
    },
  },
];
