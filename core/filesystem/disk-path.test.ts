import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import {
  diskPath,
  isInside,
  isInsideOnDisk,
  isOneComponent,
  joinDisk,
  nameOfDisk,
  parentDisk,
  resolveUserPath,
} from './disk-path.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';

const top = diskPath('/');

describe.skipIf(process.platform === 'win32')('disk paths', () => {
  test('[FS22] are absolute, canonical, well-formed text', () => {
    expect(diskPath('/a//b/./c/../d/')).toBe('/a/b/d');
    for (const text of ['', 'a', './a', '/a\0b', '/a\ud800'])
      expect(() => diskPath(text)).toThrow(RangeError);
  });

  const names = fc.string({ unit: fc.constantFrom('a', '.', '/', '\0', ' ', '\u00e9', '\ud800', '\\', ':') });

  test('[FS22] join to a name that stays inside the directory', () => {
    fc.assert(
      fc.property(names.filter(isOneComponent), (name) => {
        const joined = joinDisk(diskPath('/root'), name);
        expect(diskPath(joined)).toBe(joined);
        expect(parentDisk(joined)).toBe('/root');
        expect(nameOfDisk(joined)).toBe(name);
      }),
    );
  });

  test('[FS22] join to nothing else', () => {
    const others = names.filter((name) => !isOneComponent(name));
    fc.assert(
      fc.property(others, (name) => {
        expect(() => joinDisk(diskPath('/root'), name)).toThrow('not a name');
      }),
    );
  });

  test('[FS22] join at the top of the disk, which is its own parent', () => {
    expect(joinDisk(top, 'a')).toBe('/a');
    expect(parentDisk(top)).toBe(top);
    expect(nameOfDisk(top)).toBe('');
  });

  test('[FS22] lie inside by whole components', () => {
    expect(isInside(diskPath('/a/b'), diskPath('/a'))).toBe(true);
    expect(isInside(diskPath('/a'), diskPath('/a'))).toBe(true);
    expect(isInside(diskPath('/ab'), diskPath('/a'))).toBe(false);
    expect(isInside(diskPath('/a'), diskPath('/a/b'))).toBe(false);
    expect(isInside(diskPath('/a'), top)).toBe(true);
    expect(isInside(diskPath('/a/..b'), diskPath('/a'))).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('what a person types', () => {
  const disk = createMemoryFileSystem({ clock: createManualClock(), caseInsensitive: true });
  for (const path of ['/home', '/home/me', '/home/me/Photos', '/data']) disk.makeDirectory(diskPath(path));
  disk.makeSymlink('../../data', diskPath('/home/me/link'));
  disk.makeSymlink('/home/me/link/sub/../other', diskPath('/way'));
  disk.makeSymlink('loop', diskPath('/loop'));
  disk.makeDirectory(diskPath('/data/sub'));
  const resolve = (text: string) => resolveUserPath(disk, text, diskPath('/home/me'));

  test('[FS25] is taken from the working directory, with every link resolved, the last too', () => {
    expect(resolve('Photos/')).toBe('/home/me/Photos');
    expect(resolve('.')).toBe('/home/me');
    expect(resolve('link')).toBe('/data');
    expect(resolve('link/..')).toBe('/');
    expect(resolve('link/sub/new/file')).toBe('/data/sub/new/file');
    expect(resolve('/way')).toBe('/data/other');
    expect(resolve('/../../x')).toBe('/x');
    expect(resolve('missing/../Photos')).toBe('/home/me/Photos');
  });

  test('[FS25] is refused when it goes in a circle or is no text', () => {
    expect(() => resolve('/loop/x')).toThrow(expect.objectContaining({ code: 'ELOOP' }));
    expect(() => resolve('a\0')).toThrow(RangeError);
    expect(() => resolve('\udfff')).toThrow(RangeError);
  });

  test('[FS25] is known to lie inside a folder however it is spelled, also before it exists', () => {
    const photos = diskPath('/home/me/Photos');
    expect(isInsideOnDisk(disk, diskPath('/home/me/PHOTOS/new'), photos)).toBe(true);
    expect(isInsideOnDisk(disk, diskPath('/HOME/me'), photos)).toBe(false);
    expect(isInsideOnDisk(disk, diskPath('/home/me/photos'), diskPath('/home/me/missing'))).toBe(false);
  });
});
