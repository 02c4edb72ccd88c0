import { invariant } from '../base/base.ts';
import { joinDisk } from './disk-path.ts';
import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';
import type { Folding, NameRules } from './name-rules.ts';

/** What a disk can do, as learnt by trying. */
export interface DiskTraits extends Folding {
  readonly nameRules: NameRules;
  readonly hardLinks: boolean;
  readonly symlinks: boolean;
  /** Keeps the executable bit. */
  readonly executableBit: boolean;
  /** Two names can be swapped in one step. */
  readonly exchange: boolean;
  /** Times are multiples of this: 1 on most disks, 100 on NTFS, 2 s on FAT. */
  readonly timeGranularityNs: bigint;
}

const probeName = 'probe';
const granularitiesNs = [1n, 100n, 1_000n, 1_000_000n, 10_000_000n, 1_000_000_000n, 2_000_000_000n] as const;
/** Odd to every granularity above: an odd second, and no zeros below it. */
const tellingTimeNs = 1_000_000_001_234_567_891n;

/**
 * Tries out the disk that holds `privateDirectory`, which must exist, in a directory of its own there; leaves nothing behind, and
 * clears what a killed probe left. Throws what the disk says when not even a file can be made.
 */
export function probeDisk(
  fileSystem: FileSystem,
  privateDirectory: DiskPath,
  platform: string = process.platform,
): DiskTraits {
  const directory = joinDisk(privateDirectory, probeName);
  clear(fileSystem, directory);
  fileSystem.makeDirectory(directory, 0o700);
  try {
    return tryAll(fileSystem, (name) => joinDisk(directory, name), platform);
  } finally {
    clear(fileSystem, directory);
  }
}

function tryAll(fileSystem: FileSystem, at: (name: string) => DiskPath, platform: string): DiskTraits {
  const make = (name: string): void => fileSystem.create(at(name), 0o600).close();
  const isThere = (name: string): boolean => fileSystem.look(at(name)) !== undefined;
  make('Case');
  make('other');
  // Some disks take no letters beyond ASCII; then no two spellings of a name can meet there.
  works(() => make('n\u00e9'));
  const hardLinks = works(() => fileSystem.link(at('Case'), at('linked')));
  const symlinks = works(() => fileSystem.makeSymlink('nowhere', at('symlink')));
  const freeNames = works(() => make('a?b'));
  return {
    caseInsensitive: isThere('cASE'),
    normalises: isThere('ne\u0301'),
    nameRules: !freeNames || platform === 'win32' ? 'windows' : platform === 'darwin' ? 'darwin' : 'posix',
    hardLinks: hardLinks && fileSystem.look(at('linked'))?.inode === fileSystem.look(at('Case'))?.inode,
    symlinks: symlinks && fileSystem.look(at('symlink'))?.kind === 'symlink',
    executableBit: keepsMode(fileSystem, at('Case'), 0o700) && keepsMode(fileSystem, at('Case'), 0o600),
    exchange: exchanges(fileSystem, at('Case'), at('other')),
    timeGranularityNs: timeGranularity(fileSystem, at('Case')),
  };
}

function keepsMode(fileSystem: FileSystem, path: DiskPath, mode: number): boolean {
  return works(() => fileSystem.setMode(path, mode)) && fileSystem.look(path)?.mode === mode;
}

function exchanges(fileSystem: FileSystem, a: DiskPath, b: DiskPath): boolean {
  let swapped = false;
  return works(() => (swapped = fileSystem.exchange(a, b))) && swapped;
}

function timeGranularity(fileSystem: FileSystem, path: DiskPath): bigint {
  fileSystem.setModifiedAt(path, tellingTimeNs);
  const got = fileSystem.look(path)?.modifiedAtNs;
  invariant(got !== undefined, 'the probe file is gone');
  if (got === tellingTimeNs) return 1n;
  const coarsest = granularitiesNs.findLast((granularity) => got % granularity === 0n);
  return coarsest ?? 1n;
}

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof DiskError) return false;
    throw error;
  }
}

function clear(fileSystem: FileSystem, directory: DiskPath): void {
  if (fileSystem.look(directory) === undefined) return;
  for (const listed of fileSystem.list(directory)) {
    if ('name' in listed) fileSystem.remove(joinDisk(directory, listed.name));
  }
  fileSystem.removeDirectory(directory);
}
