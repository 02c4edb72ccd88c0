import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folderId, incarnationId } from '../model/ids.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { diskPath, isInside, joinDisk } from './disk-path.ts';
import { openDiskRoot } from './disk-root.ts';
import type { DiskPath } from './file-system.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';

const rootPath = diskPath('/folder');
const at = (...names: readonly string[]): DiskPath => names.reduce(joinDisk, rootPath);
const marker = { folderId: folderId('ab'.repeat(16)), incarnation: incarnationId('cd'.repeat(8)) };

function make() {
  const disk = createMemoryFileSystem({ clock: createManualClock() });
  disk.makeDirectory(rootPath);
  return { disk, root: openDiskRoot(disk, '/folder') };
}

function placeOf(find: () => DiskPath): DiskPath | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

describe.skipIf(process.platform === 'win32')('disk root', () => {
  test('[FS22] leads into the folder and nowhere else', () => {
    const { root } = make();
    expect(root.at('')).toBe('/folder');
    expect(root.at('a/b c/\u00e9')).toBe('/folder/a/b c/\u00e9');
    const pieces = fc.constantFrom(
      'a',
      'b',
      'c d',
      '..',
      '.',
      '',
      '.lockstep',
      '.LockStep',
      'x\0',
      '\ud800',
      '...',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 5 }), (components) => {
        const relative = components.join('/');
        const path = placeOf(() => root.at(relative));
        fc.pre(path !== undefined);
        expect(isInside(path, rootPath)).toBe(true);
        expect(diskPath(path)).toBe(path);
        expect(isInside(path, root.privateDirectory)).toBe(false);
        expect(root.relativeOf(path)).toBe(relative);
      }),
    );
  });

  test('[FS22] knows no relative path for what is not the folder\u2019s', () => {
    const { root } = make();
    expect(root.relativeOf(rootPath)).toBe('');
    expect(root.relativeOf(diskPath('/folder2/a'))).toBeUndefined();
    expect(root.relativeOf(diskPath('/folder/.lockstep/staging/x'))).toBeUndefined();
    expect(() => root.stagedAt('../x')).toThrow(RangeError);
    expect(() => root.versionAt('')).toThrow(RangeError);
    expect(root.stagedAt('x')).toBe('/folder/.lockstep/staging/x');
    expect(root.versionAt('x')).toBe('/folder/.lockstep/versions/x');
  });

  test('[FS23] is a real directory', () => {
    const { disk } = make();
    disk.create(diskPath('/file'), 0o644).close();
    disk.makeSymlink('folder', diskPath('/link'));
    expect(() => openDiskRoot(disk, '/missing')).toThrow(
      expect.objectContaining({ code: 'directory-missing' }),
    );
    expect(() => openDiskRoot(disk, '/file')).toThrow(expect.objectContaining({ code: 'not-a-directory' }));
    expect(() => openDiskRoot(disk, '/link')).toThrow(expect.objectContaining({ code: 'not-a-directory' }));
    expect(() => openDiskRoot(disk, 'folder')).toThrow(RangeError);
  });

  test('[FS23] [A32] finds a parent that is missing, a link, a file or another disk', () => {
    const { disk, root } = make();
    for (const path of [at('real'), at('real', 'deep'), at('stick'), at('bound')]) disk.makeDirectory(path);
    disk.makeSymlink('real', at('link'));
    disk.create(at('file'), 0o644).close();
    disk.mount(at('stick'));
    disk.bind(at('bound'), at('real'));
    expect(root.parentFault('x')).toBeUndefined();
    expect(root.parentFault('link')).toBeUndefined();
    expect(root.parentIsSafe('real/deep/x')).toBe(true);
    expect(root.parentFault('none/x')).toBe('missing');
    expect(root.parentFault('real/none/x')).toBe('missing');
    expect(root.parentFault('link/deep/x')).toBe('not-a-directory');
    expect(root.parentFault('file/x')).toBe('not-a-directory');
    expect(root.parentFault('stick/x')).toBe('other-device');
    expect(root.parentFault('bound/deep/x')).toBe('other-device');
    expect(root.parentIsSafe('link/x')).toBe(false);
  });

  test('[FS23] is not the directory that is left when its disk is unmounted', () => {
    const disk = createMemoryFileSystem({ clock: createManualClock() });
    disk.makeDirectory(rootPath);
    const volume = disk.mount(rootPath);
    const root = openDiskRoot(disk, '/folder');
    expect(root.parentFault('x')).toBeUndefined();
    disk.unmount(rootPath);
    expect(root.parentFault('x')).toBe('other-device');
    disk.mount(rootPath, volume);
    expect(root.parentFault('x')).toBeUndefined();
  });

  test('[FS24] [A32] makes its private directories once, closed to others, and never through a link', () => {
    const { disk, root } = make();
    root.makePrivate();
    root.makePrivate();
    for (const path of [root.privateDirectory, root.staging, root.versions]) {
      expect(disk.look(path)).toMatchObject({ kind: 'directory', mode: 0o700 });
    }
    const other = make();
    other.disk.makeDirectory(diskPath('/elsewhere'));
    other.disk.makeSymlink('/elsewhere', at('.lockstep'));
    expect(() => other.root.makePrivate()).toThrow(expect.objectContaining({ code: 'not-a-directory' }));
    expect(other.disk.list(diskPath('/elsewhere'))).toEqual([]);
  });

  test('[FS24] reads back the marker it wrote', async () => {
    const { root } = make();
    expect(root.readMarker()).toBe('missing');
    root.makePrivate();
    expect(root.readMarker()).toBe('missing');
    await root.writeMarker(marker);
    expect(root.readMarker()).toEqual(marker);
    await root.writeMarker({ ...marker, incarnation: incarnationId('ef'.repeat(8)) });
    expect(root.readMarker()).toEqual({ ...marker, incarnation: 'ef'.repeat(8) });
    root.removeMarker();
    root.removeMarker();
    expect(root.readMarker()).toBe('missing');
  });

  test('[FS24] takes nothing else for a marker', () => {
    const texts = [
      '',
      '{',
      'null',
      '[]',
      '{}',
      '{"folderId":"x","incarnation":"y"}',
      '"text"',
      ' '.repeat(5000),
    ];
    for (const text of texts) {
      const { disk, root } = make();
      root.makePrivate();
      const file = disk.create(joinDisk(root.privateDirectory, 'folder.json'), 0o644);
      file.write(new TextEncoder().encode(text), 0);
      file.close();
      expect(root.readMarker()).toBe('unreadable');
    }
    const { disk, root } = make();
    disk.makeDirectory(diskPath('/elsewhere'));
    disk.makeSymlink('/elsewhere', at('.lockstep'));
    expect(root.readMarker()).toBe('unreadable');
  });
});
