import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock, Random } from '../base/base.ts';
import { joinDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { fileSystemSuite, runBehaviour } from './file-system-suite.ts';
import type { MemoryDiskOptions } from './memory-disk.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';

const clock: Clock = { now: () => 1_700_000_000_000, monotonic: () => 0, after: () => () => {} };
const top = '/' as DiskPath;
const at = (...names: readonly string[]): DiskPath => names.reduce(joinDisk, top);
const make = (options: Partial<MemoryDiskOptions> = {}) => createMemoryFileSystem({ clock, ...options });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function put(disk: ReturnType<typeof make>, path: DiskPath, text: string): void {
  const file = disk.create(path, 0o644);
  file.write(bytes(text), 0);
  file.close();
}

function read(disk: ReturnType<typeof make>, path: DiskPath): string | undefined {
  if (disk.look(path) === undefined) return undefined;
  const file = disk.openRead(path);
  const all = new Uint8Array(file.look().sizeBytes);
  file.read(all, 0);
  file.close();
  return new TextDecoder().decode(all);
}

const names = (disk: ReturnType<typeof make>, path: DiskPath = top): string[] =>
  disk.list(path).map((listed) => ('name' in listed ? listed.name : listed.unreadable));

/** A small generator that spreads well enough for dropping things. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let i = 0; i < length; i++) {
        state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
        out[i] = (state >>> 11) & 0xff;
      }
      return out;
    },
  };
}

describe.each([
  { called: 'memory', options: {} },
  { called: 'memory without exchange and clones', options: { exchange: false, clones: false } },
])('$called', ({ options }) => {
  test.each(fileSystemSuite)('$says', async (behaviour) => {
    const disk = make(options);
    disk.makeDirectory(at('root'));
    const makeOther = (path: DiskPath): void => disk.makeOther(path);
    await expect(
      runBehaviour(behaviour, { fileSystem: disk, root: at('root'), makeOther }),
    ).resolves.toBeUndefined();
  });
});

describe('memory disk', () => {
  test('[FS8] gives every change a time of its own though the clock stands still', () => {
    const disk = make();
    put(disk, at('file'), 'a');
    const times = new Set<bigint | undefined>();
    for (let i = 0; i < 10; i++) {
      const file = disk.openWrite(at('file'));
      file.write(bytes('b'), 0);
      file.close();
      times.add(disk.look(at('file'))?.changedAtNs);
    }
    expect(times.size).toBe(10);
  });

  test('[FS7] keeps times as coarsely as told', () => {
    const disk = make({ timeGranularityNs: 2_000_000_000n });
    put(disk, at('file'), '');
    disk.setModifiedAt(at('file'), 3_999_999_999n);
    expect(disk.look(at('file'))?.modifiedAtNs).toBe(2_000_000_000n);
    disk.setModifiedAt(at('file'), -1n);
    expect(disk.look(at('file'))?.modifiedAtNs).toBe(-2_000_000_000n);
  });

  test('[FS16] says ENOSPC when full, and changes nothing then', () => {
    const disk = make({ capacityBytes: 10 });
    put(disk, at('file'), '12345678');
    const file = disk.openWrite(at('file'));
    expect(() => file.write(bytes('abcdef'), 6)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    file.close();
    expect(read(disk, at('file'))).toBe('12345678');
    expect(() => disk.copy(at('file'), at('copy'))).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(disk.look(at('copy'))).toBeUndefined();
    expect(disk.space(top)).toEqual({ freeBytes: 2, totalBytes: 10 });
  });

  test('[FS16] gives room back when the last name and the last handle are gone', () => {
    const disk = make({ capacityBytes: 10 });
    put(disk, at('file'), '1234567890');
    disk.link(at('file'), at('second'));
    const reader = disk.openRead(at('file'));
    disk.remove(at('file'));
    disk.remove(at('second'));
    expect(disk.space(top).freeBytes).toBe(0);
    reader.close();
    expect(disk.space(top).freeBytes).toBe(10);
    put(disk, at('file'), '1234567890');
    disk.setCapacity(undefined);
    put(disk, at('more'), 'x');
    disk.rename(at('more'), at('file'));
    disk.setCapacity(10);
    expect(disk.space(top).freeBytes).toBe(9);
  });

  test('[FS17] shows another device where a disk is mounted, and what was below when it is gone', () => {
    const disk = make();
    disk.makeDirectory(at('stick'));
    const below = disk.look(at('stick'));
    const stick = disk.mount(at('stick'));
    put(disk, at('stick', 'file'), 'x');
    expect(disk.look(at('stick'))?.device).not.toBe(below?.device);
    expect([at('stick'), at('stick', 'file'), at('none', 'below')].map(disk.isMountPoint)).toEqual([
      true,
      false,
      false,
    ]);
    put(disk, at('file'), 'y');
    for (const call of [disk.rename, disk.renameNew, disk.link]) {
      expect(() => call(at('file'), at('stick', 'other'))).toThrow(
        expect.objectContaining({ code: 'EXDEV' }),
      );
    }
    expect(() => disk.rename(at('stick'), at('moved'))).toThrow(expect.objectContaining({ code: 'EBUSY' }));
    disk.unmount(at('stick'));
    expect(disk.isMountPoint(at('stick'))).toBe(false);
    expect(names(disk, at('stick'))).toEqual([]);
    expect(disk.look(at('stick'))?.device).toBe(below?.device);
    disk.mount(at('stick'), stick);
    expect(read(disk, at('stick', 'file'))).toBe('x');
    disk.failListing(at('stick'), 'EIO');
    expect(() => disk.list(at('stick'))).toThrow(expect.objectContaining({ code: 'EIO' }));
    disk.failListing(at('stick'), undefined);
    expect(names(disk, at('stick'))).toEqual(['file']);
  });

  test('[FS17] shows a directory of the same disk where that is bound, under the same device', () => {
    const disk = make();
    for (const name of ['covered', 'elsewhere']) disk.makeDirectory(at(name));
    put(disk, at('covered', 'below'), 'x');
    put(disk, at('elsewhere', 'file'), 'y');
    disk.bind(at('covered'), at('elsewhere'));
    expect(names(disk, at('covered'))).toEqual(['file']);
    expect(disk.look(at('covered'))?.device).toBe(disk.look(at('elsewhere'))?.device);
    expect([at('covered'), at('elsewhere')].map(disk.isMountPoint)).toEqual([true, false]);
    disk.unmount(at('covered'));
    expect(names(disk, at('covered'))).toEqual(['below']);
  });

  test('[FS9] lists names that are no text', () => {
    const disk = make();
    disk.addUnreadable(top, 'a\\xff');
    expect(disk.list(top)).toEqual([{ unreadable: 'a\\xff' }]);
  });

  test('[FS18] takes names that differ in case for one where told to, and keeps the spelling', () => {
    const disk = make({ caseInsensitive: true });
    put(disk, at('Stra\u00dfe'), 'x');
    expect(read(disk, at('STRA\u00dfE'))).toBe('x');
    expect(() => disk.create(at('stra\u00dfe'), 0o644)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    disk.rename(at('stra\u00dfe'), at('STRA\u00dfE'));
    expect(names(disk)).toEqual(['STRA\u00dfE']);
  });

  test('[FS18] knows a name in every normal form where told to, in its spelling or in its own', () => {
    const keeping = make({ normalisation: 'insensitive' });
    put(keeping, at('caf\u00e9'), 'x');
    expect(read(keeping, at('cafe\u0301'))).toBe('x');
    expect(names(keeping)).toEqual(['caf\u00e9']);
    const rewriting = make({ normalisation: 'nfd' });
    put(rewriting, at('caf\u00e9'), 'x');
    expect(read(rewriting, at('caf\u00e9'))).toBe('x');
    expect(names(rewriting)).toEqual(['cafe\u0301']);
  });

  test('[FS18] plays disks without links, modes or free names', () => {
    const disk = make({ hardLinks: false, symlinks: false, modes: false, nameRules: 'windows' });
    put(disk, at('file'), 'x');
    expect(() => disk.link(at('file'), at('second'))).toThrow(expect.objectContaining({ code: 'EPERM' }));
    expect(() => disk.makeSymlink('x', at('link'))).toThrow(expect.objectContaining({ code: 'EPERM' }));
    expect(() => disk.create(at('a:b'), 0o644)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    disk.setMode(at('file'), 0o600);
    expect(disk.look(at('file'))?.mode).toBe(0o755);
  });

  test('[FS1] resolves links in directory components as a disk does', () => {
    const disk = make();
    for (const path of [at('a'), at('a', 'b'), at('c')]) disk.makeDirectory(path);
    put(disk, at('a', 'file'), 'x');
    disk.makeSymlink('/a/b', at('c', 'deep'));
    disk.makeSymlink('deep/../', at('c', 'up'));
    expect(read(disk, at('c', 'up', 'file'))).toBe('x');
    disk.makeSymlink('nowhere', at('dangling'));
    expect(disk.look(at('dangling', 'x'))).toBeUndefined();
    expect(() => disk.create(at('dangling', 'x'), 0o644)).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
  });

  test('[FS15] holds twenty thousand files', () => {
    const disk = make();
    disk.makeDirectory(at('many'));
    for (let i = 0; i < 20_000; i++) put(disk, at('many', `file-${i}`), 'x');
    expect(disk.list(at('many'))).toHaveLength(20_000);
  });
});

describe('memory disk after a crash', () => {
  test('[FS15] has everything that was flushed', async () => {
    for (let seed = 0; seed < 200; seed++) {
      const disk = make();
      disk.makeDirectory(at('d'));
      put(disk, at('d', 'old'), 'old');
      put(disk, at('d', 'new'), 'new');
      await disk.flushFiles([at('d', 'old'), at('d', 'new')]);
      disk.rename(at('d', 'new'), at('d', 'old'));
      await disk.flushDirectories([at('d'), top]);
      disk.crash(seeded(seed));
      expect(names(disk, at('d'))).toEqual(['old']);
      expect(read(disk, at('d', 'old'))).toBe('new');
    }
  });

  test('[FS15] may have lost what was not flushed: bytes, names and removals', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const disk = make();
      put(disk, at('file'), 'x');
      put(disk, at('second'), 'y');
      disk.remove(at('second'));
      disk.crash(seeded(seed));
      seen.add(`${read(disk, at('file'))} ${read(disk, at('second'))}`);
    }
    expect([...seen].sort()).toEqual(
      [
        '\0 undefined',
        '\0 \0',
        '\0 ',
        '\0 y',
        ' undefined',
        ' \0',
        ' ',
        ' y',
        'undefined undefined',
        'x undefined',
        'x \0',
        'x ',
        'x y',
      ].sort(),
    );
  });

  test('[FS15] shows a rename between directories in both or in neither', async () => {
    for (let seed = 0; seed < 300; seed++) {
      const disk = make();
      disk.makeDirectory(at('a'));
      disk.makeDirectory(at('b'));
      put(disk, at('a', 'file'), 'x');
      await disk.flushFiles([at('a', 'file')]);
      await disk.flushDirectories([top, at('a'), at('b')]);
      disk.rename(at('a', 'file'), at('b', 'file'));
      disk.crash(seeded(seed));
      expect(
        [read(disk, at('a', 'file')), read(disk, at('b', 'file'))].filter((text) => text !== undefined),
      ).toEqual(['x']);
    }
  });

  test('[FS15] is the same for the same seed, and fails handles opened before', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const outcomes = [1, 2].map(() => {
          const disk = make();
          for (let i = 0; i < 10; i++) put(disk, at(`file${i}`), `${i}`);
          const reader = disk.openRead(at('file0'));
          disk.crash(seeded(seed));
          expect(() => reader.read(new Uint8Array(1), 0)).toThrow(expect.objectContaining({ code: 'EBADF' }));
          return names(disk).map((name) => `${name}=${read(disk, at(name))}`);
        });
        expect(outcomes[0]).toEqual(outcomes[1]);
      }),
      { numRuns: 50 },
    );
  });

  test('[FS15] of each directory has lost only the last changes', () => {
    for (let seed = 0; seed < 200; seed++) {
      const disk = make();
      for (let i = 0; i < 10; i++) disk.makeDirectory(at(`d${i}`));
      disk.crash(seeded(seed));
      expect(names(disk)).toEqual(Array.from({ length: names(disk).length }, (_, i) => `d${i}`));
    }
  });

  test('[FS15] counts links and room by the names that are left', () => {
    for (let seed = 0; seed < 100; seed++) {
      const disk = make({ capacityBytes: 1000 });
      put(disk, at('one'), 'xxxx');
      disk.link(at('one'), at('two'));
      disk.crash(seeded(seed));
      const left = names(disk);
      for (const name of left) expect(disk.look(at(name))?.links).toBe(left.length);
      const stored = (read(disk, at('one')) ?? '').replaceAll('\0', '').length;
      expect(disk.space(top).freeBytes).toBe(1000 - stored);
    }
  });
});
