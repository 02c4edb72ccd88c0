import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskPath, joinDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { fileSystemSuite, runBehaviour } from './file-system-suite.ts';
import { loadNativeCalls, splitTime } from './native-calls.ts';
import { createNodeFileSystem } from './node-file-system.ts';

let root: DiskPath;
beforeEach(() => {
  root = diskPath(mkdtempSync(join(tmpdir(), 'lockstep-filesystem-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const makeOther = (path: DiskPath): void => void execFileSync('mkfifo', [path]);
const at = (name: string): DiskPath => joinDisk(root, name);
const native = loadNativeCalls();
const variants = [
  { called: 'with native calls', fileSystem: createNodeFileSystem(native) },
  { called: '[FS14] without native calls', fileSystem: createNodeFileSystem({}) },
  {
    called: '[FS14] on a disk that knows none of the native calls',
    fileSystem: createNodeFileSystem({
      renameNew: () => 'EINVAL',
      exchange: () => 'EINVAL',
      setTimes: () => 'ENOSYS',
      setMode: () => 'ENOTSUP',
    }),
  },
];

describe.each(variants)('node $called', ({ fileSystem }) => {
  test.each(fileSystemSuite)('$says', async (behaviour) => {
    await expect(runBehaviour(behaviour, { fileSystem, root, makeOther })).resolves.toBeUndefined();
  });

  test('[FS9] lists names that are no text beside those that are', () => {
    const bad = Buffer.concat([Buffer.from(`${root}/\\caf`), Buffer.from([0xe9, 0x0a])]);
    writeFileSync(bad, '');
    fileSystem.create(at('caf\u00e9'), 0o644).close();
    const listed = fileSystem.list(root);
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual({ name: 'caf\u00e9' });
    expect(listed).toContainEqual({ unreadable: '\\\\caf\\xe9\\x0a' });
  });

  test('[FS9] tells a link whose target is no text', () => {
    symlinkSync(Buffer.from([0x61, 0xff]), at('link'));
    symlinkSync('a\ufffd', at('honest'));
    expect(fileSystem.readLink(at('link'))).toEqual({ unreadable: 'a\\xff' });
    expect(fileSystem.readLink(at('honest'))).toEqual({ target: 'a\ufffd' });
  });

  test('[FS2] says EINVAL for a path with a NUL', () => {
    expect(() => fileSystem.look(`${root}/a\0b` as DiskPath)).toThrow(
      expect.objectContaining({ code: 'EINVAL' }),
    );
  });

  test('[FS3] leaves no descriptor open, whatever was refused', () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    fileSystem.makeDirectory(at('directory'));
    makeOther(at('fifo'));
    const before = open();
    for (let i = 0; i < 50; i++) {
      expect(() => fileSystem.openRead(at('directory'))).toThrow('EINVAL');
      expect(() => fileSystem.openRead(at('fifo'))).toThrow('EINVAL');
      expect(() => fileSystem.openWrite(at('fifo'))).toThrow('EINVAL');
    }
    expect(open()).toBe(before);
  });
});

describe.runIf(process.platform === 'linux')('node on Linux', () => {
  const fileSystem = createNodeFileSystem(native);

  test('[FS7] keeps every nanosecond of a time', () => {
    expect(Object.keys(native).sort()).toEqual([
      'exchange',
      'isMountPoint',
      'lockFile',
      'renameNew',
      'setMode',
      'setTimes',
    ]);
    fileSystem.create(at('file'), 0o644).close();
    for (const timeNs of [1_700_000_000_123_456_789n, -1n, -1_000_000_001n, 0n]) {
      fileSystem.setModifiedAt(at('file'), timeNs);
      expect(fileSystem.look(at('file'))?.modifiedAtNs).toBe(timeNs);
    }
  });

  test('[FS17] knows where something is mounted', () => {
    fileSystem.makeDirectory(at('plain'));
    const places = [diskPath('/proc'), at('plain'), at('none')];
    expect(places.map(fileSystem.isMountPoint)).toEqual([true, false, false]);
  });

  test('[FS7] leaves the time of the last reading as it was', () => {
    fileSystem.create(at('file'), 0o644).close();
    execFileSync('touch', ['-a', '-d', '@1500000000.123456789', at('file')]);
    fileSystem.setModifiedAt(at('file'), 5n);
    expect(lstatSync(at('file'), { bigint: true }).atimeNs).toBe(1_500_000_000_123_456_789n);
  });

  test('[FS7] rounds times before 1970 down to seconds and up again', () => {
    expect(splitTime(-1n)).toEqual({ seconds: -1n, nanoseconds: 999_999_999n });
    expect(splitTime(-1_000_000_000n)).toEqual({ seconds: -1n, nanoseconds: 0n });
    expect(splitTime(1_500_000_000n)).toEqual({ seconds: 1n, nanoseconds: 500_000_000n });
  });

  test('[FS6] exchanges where the disk can', () => {
    fileSystem.create(at('a'), 0o644).close();
    fileSystem.makeSymlink('target', at('b'));
    expect(fileSystem.exchange(at('a'), at('b'))).toBe(true);
    expect(readlinkSync(at('a'))).toBe('target');
  });

  test('[FS14] knows no native calls of a system or processor whose numbers it does not have', () => {
    expect(loadNativeCalls('win32', 'x64')).toEqual({});
    expect(loadNativeCalls('linux', 'arm')).toEqual({});
  });
});
