import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { diskPath, joinDisk } from './disk-path.ts';
import { probeDisk } from './disk-probe.ts';
import { createFaultyFileSystem } from './faulty-file-system.ts';
import type { MemoryDiskOptions } from './memory-disk.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';
import { createNodeFileSystem } from './node-file-system.ts';

const top = diskPath('/');
const make = (options: Partial<MemoryDiskOptions> = {}) =>
  createMemoryFileSystem({ clock: createManualClock(), ...options });
const plain = {
  caseInsensitive: false,
  normalises: false,
  nameRules: 'posix',
  hardLinks: true,
  symlinks: true,
  executableBit: true,
  exchange: true,
  timeGranularityNs: 1n,
};

describe('probe', () => {
  test.each<[string, Partial<MemoryDiskOptions>, object]>([
    ['ext4', {}, {}],
    [
      'APFS',
      { caseInsensitive: true, normalisation: 'insensitive' },
      { caseInsensitive: true, normalises: true },
    ],
    [
      'HFS+',
      { normalisation: 'nfd', timeGranularityNs: 1_000_000_000n },
      { normalises: true, timeGranularityNs: 1_000_000_000n },
    ],
    ['NTFS', { timeGranularityNs: 100n }, { timeGranularityNs: 100n }],
    [
      'FAT',
      {
        caseInsensitive: true,
        nameRules: 'windows',
        hardLinks: false,
        symlinks: false,
        modes: false,
        exchange: false,
        timeGranularityNs: 2_000_000_000n,
      },
      {
        caseInsensitive: true,
        nameRules: 'windows',
        hardLinks: false,
        symlinks: false,
        executableBit: false,
        exchange: false,
        timeGranularityNs: 2_000_000_000n,
      },
    ],
  ])('[FS28] finds out what a disk like %s can do', (_name, options, expected) => {
    const disk = make(options);
    expect(probeDisk(disk, top, 'linux')).toEqual({ ...plain, ...expected });
    expect(disk.list(top)).toEqual([]);
  });

  test('[FS28] knows the names of the system it runs on', () => {
    expect(probeDisk(make(), top, 'darwin').nameRules).toBe('darwin');
    expect(probeDisk(make(), top, 'win32').nameRules).toBe('windows');
  });

  test('[FS28] takes a disk for what it is that refuses every name beyond ASCII', () => {
    const disk = createFaultyFileSystem(make());
    disk.fail({ call: 'create', path: (path) => path.endsWith('\u00e9'), code: 'EPERM' });
    expect(probeDisk(disk, top, 'linux')).toEqual(plain);
    expect(disk.list(top)).toEqual([]);
  });

  test('[FS28] clears what a killed probe left, and leaves nothing when it fails', () => {
    const disk = createFaultyFileSystem(make());
    disk.makeDirectory(joinDisk(top, 'probe'));
    disk.create(joinDisk(joinDisk(top, 'probe'), 'Case'), 0o600).close();
    disk.fail({ call: 'setModifiedAt', at: 1, code: 'EIO' });
    expect(() => probeDisk(disk, top, 'linux')).toThrow(expect.objectContaining({ code: 'EIO' }));
    expect(disk.list(top)).toEqual([]);
    expect(probeDisk(disk, top, 'linux')).toEqual(plain);
  });

  test.runIf(process.platform === 'linux')('[FS28] works on this machine', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lockstep-probe-'));
    try {
      const traits = probeDisk(createNodeFileSystem(), diskPath(directory));
      expect(traits).toMatchObject({ hardLinks: true, symlinks: true, executableBit: true });
      expect(traits.timeGranularityNs).toBeGreaterThan(0n);
      expect(readdirSync(directory)).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
