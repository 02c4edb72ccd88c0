import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { diskPath, joinDisk, nameOfDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { createFaultyFileSystem } from './faulty-file-system.ts';
import { fileSystemSuite, runBehaviour } from './file-system-suite.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';

const top = diskPath('/');
const at = (name: string) => joinDisk(top, name);
const make = () => createMemoryFileSystem({ clock: createManualClock() });

describe('faulty disk without faults', () => {
  test.each(fileSystemSuite)('$says', async (behaviour) => {
    const disk = make();
    const fileSystem = createFaultyFileSystem(disk);
    const makeOther = (path: DiskPath): void => disk.makeOther(path);
    await expect(runBehaviour(behaviour, { fileSystem, root: top, makeOther })).resolves.toBeUndefined();
  });
});

describe('faulty disk', () => {
  test('[FS19] fails the n-th matching call, with nothing done, and no other', () => {
    const disk = createFaultyFileSystem(make());
    disk.fail({ call: 'makeDirectory', at: 2, code: 'EIO' });
    disk.makeDirectory(at('a'));
    disk.makeSymlink('x', at('link'));
    expect(() => disk.makeDirectory(at('b'))).toThrow(
      expect.objectContaining({ code: 'EIO', call: 'makeDirectory' }),
    );
    expect(disk.look(at('b'))).toBeUndefined();
    disk.makeDirectory(at('b'));
    expect(disk.callCount).toBe(5);
  });

  test('[FS19] fails calls on some paths, either of two, until the fault is taken away', async () => {
    const disk = createFaultyFileSystem(make());
    disk.create(at('good'), 0o644).close();
    const mend = disk.fail({ path: (path) => nameOfDisk(path) === 'bad', code: 'EACCES' });
    expect(() => disk.rename(at('good'), at('bad'))).toThrow(expect.objectContaining({ code: 'EACCES' }));
    expect(() => disk.list(at('bad'))).toThrow(expect.objectContaining({ code: 'EACCES' }));
    await expect(disk.flushFiles([at('good'), at('bad')])).rejects.toMatchObject({ code: 'EACCES' });
    mend();
    disk.rename(at('good'), at('bad'));
  });

  test('[FS19] fails what is done through open files', () => {
    const disk = createFaultyFileSystem(make());
    const file = disk.create(at('file'), 0o644);
    disk.fail({ call: ['write', 'close'], code: 'ENOSPC' });
    expect(() => file.write(new Uint8Array(3), 0)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(file.look().sizeBytes).toBe(0);
    expect(() => file.close()).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  });

  test('[FS19] changes the disk under our feet before a call', () => {
    const inner = make();
    const disk = createFaultyFileSystem(inner);
    disk.create(at('file'), 0o644).close();
    disk.fail({ call: 'remove', at: 1, run: () => inner.rename(at('file'), at('elsewhere')) });
    expect(() => disk.remove(at('file'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(disk.takeCalls().map(({ call }) => call)).toEqual(['create', 'close', 'remove']);
    expect(disk.takeCalls()).toEqual([]);
  });
});
