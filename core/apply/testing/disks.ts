import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryFileSystem, type MemoryFileSystem } from '../../filesystem/memory-file-system.ts';
import {
  createNodeFileSystem,
  diskPath,
  type DiskPath,
  type FileSystem,
} from '../../filesystem/filesystem.ts';
import { createManualClock } from '../../testing/manual-clock.ts';

/** An empty directory on a disk of some kind. */
export interface TestDisk {
  readonly fileSystem: FileSystem;
  readonly at: DiskPath;
  /** The disk itself where it can lose its power. */
  readonly memory?: MemoryFileSystem;
  dispose(): void;
}

/** A kind of disk that the same tests run on. */
export interface DiskKindUnderTest {
  readonly called: string;
  /** Two names can be swapped in one step; without it one race is known, and told in the code. */
  readonly exchanges: boolean;
  /** One file can take the place of another without a moment in between. */
  readonly canReplace: boolean;
  make(): TestDisk;
}

function inMemory(
  called: string,
  options: { readonly exchange?: boolean; readonly hardLinks?: boolean },
): DiskKindUnderTest {
  return {
    called,
    exchanges: options.exchange !== false,
    canReplace: options.exchange !== false || options.hardLinks !== false,
    make() {
      const memory = createMemoryFileSystem({ clock: createManualClock(), ...options });
      const at = diskPath('/folder');
      memory.makeDirectory(at);
      void memory.flushDirectories([diskPath('/')]);
      return { fileSystem: memory, at, memory, dispose() {} };
    },
  };
}

function onThisMachine(called: string, fileSystem: FileSystem, exchanges: boolean): DiskKindUnderTest {
  return {
    called,
    exchanges,
    canReplace: true,
    make() {
      const at = mkdtempSync(join(tmpdir(), 'lockstep-apply-'));
      return { fileSystem, at: diskPath(at), dispose: () => rmSync(at, { recursive: true, force: true }) };
    },
  };
}

/** Memory disks of each kind: as ext4, and lacking what other systems lack. */
export const memoryDisks: readonly DiskKindUnderTest[] = [
  inMemory('memory', {}),
  inMemory('memory without exchange', { exchange: false }),
  inMemory('memory without links', { hardLinks: false }),
  inMemory('memory without exchange and links', { exchange: false, hardLinks: false }),
];

/** The disk under this machine's temporary directory, with and without the calls Node lacks. */
export const realDisks: readonly DiskKindUnderTest[] = [
  onThisMachine(
    'real',
    createNodeFileSystem(),
    process.platform === 'linux' || process.platform === 'darwin',
  ),
  onThisMachine('real without native calls', createNodeFileSystem({}), false),
];

/** How thoroughly the interrupting tests go: 0 samples the calls, which is quick; from 1 on every call is tried, with so many seeds. */
export const crashes = Number(process.env['LOCKSTEP_CRASHES'] ?? 0);

/** Every call, or in a quick run every `sampled`-th. */
export function strideOf(sampled: number): number {
  return crashes > 0 ? 1 : sampled;
}
