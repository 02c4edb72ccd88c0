import { throwIfAborted } from '../base/base.ts';
import {
  componentsBetween,
  DiskError,
  type DiskPath,
  type FileSystem,
  joinDisk,
} from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { type IgnoreRules, makeIgnoreRules } from './ignore-rules.ts';
import { readListing } from './read-listing.ts';
import type { DirectoryListing, WalkRequest } from './listing.ts';

/** A directory still to be read. */
interface FoundDirectory {
  readonly path: RelativePath | undefined;
  readonly diskPath: DiskPath;
  /** How it looked when it was found: what is read must be the same directory. */
  readonly observed: Observed;
}

/**
 * Reads a directory and, if asked, all below it: one listing a directory, each before those of the directories in it, these by name.
 * Nothing is opened and no symlink followed; special files, other disks mounted inside and names that are no path become problems.
 * What vanishes meanwhile is left out. A directory that cannot be read gives a listing that says so. Throws the signal's reason.
 */
export function* walkDirectory(
  fileSystem: FileSystem,
  request: WalkRequest,
  signal?: AbortSignal,
): Generator<DirectoryListing, void, void> {
  throwIfAborted(signal);
  const { directory, diskPath } = request;
  const root = lookAtDirectory(fileSystem, request.root);
  if (typeof root === 'string') {
    yield failedListing(directory, diskPath, root);
    return;
  }
  const first = lookAtDirectory(fileSystem, diskPath);
  if (typeof first === 'string') {
    yield failedListing(directory, diskPath, first);
    return;
  }
  if (first.device !== root.device || isUnderMount(fileSystem, request)) {
    yield failedListing(directory, diskPath, 'EXDEV');
    return;
  }
  const rules = rulesOf(request.ignored);
  const pending: FoundDirectory[] = [{ path: directory, diskPath, observed: first }];
  for (let found = pending.pop(); found !== undefined; found = pending.pop()) {
    throwIfAborted(signal);
    const listing = readDirectory(fileSystem, found);
    yield listing;
    if (!request.recursive) return;
    for (const entry of listing.entries.toReversed()) {
      if (entry.observed.kind !== 'directory' || rules.isIgnored(entry.path, 'directory')) continue;
      pending.push({
        path: entry.path,
        diskPath: joinDisk(found.diskPath, entry.diskName ?? entry.name),
        observed: entry.observed,
      });
    }
  }
}

/** Whether something is mounted at the directory, or at one above it within the folder. */
function isUnderMount(
  fileSystem: FileSystem,
  { root, diskPath }: Pick<WalkRequest, 'root' | 'diskPath'>,
): boolean {
  let place = root;
  return componentsBetween(root, diskPath).some((component) => {
    place = joinDisk(place, component);
    return fileSystem.isMountPoint(place);
  });
}

let lastRules = makeIgnoreRules('');

/** Rules are compiled once for the many walks of one folder. */
function rulesOf(text: string): IgnoreRules {
  if (lastRules.text !== text) lastRules = makeIgnoreRules(text);
  return lastRules;
}

function readDirectory(
  fileSystem: FileSystem,
  { path, diskPath, observed }: FoundDirectory,
): DirectoryListing {
  try {
    const listing = readListing(fileSystem, { path, diskPath, device: observed.device });
    // RACE: a directory swapped for a link, or for another directory, after it was found would have been read in its stead. Whatever
    // was read while the name led elsewhere is dropped; only a swap there and back again within this one reading goes unseen.
    const now = lookAtDirectory(fileSystem, diskPath);
    if (typeof now === 'string') return failedListing(path, diskPath, now);
    if (now.inode !== observed.inode || now.device !== observed.device)
      return failedListing(path, diskPath, 'ECHANGED');
    return listing;
  } catch (error) {
    if (error instanceof DiskError) return failedListing(path, diskPath, error.code);
    throw error;
  }
}

/** The directory at `diskPath` as it looks, or the code that says why there is none. */
function lookAtDirectory(fileSystem: FileSystem, diskPath: DiskPath): Observed | string {
  try {
    const observed = fileSystem.look(diskPath);
    if (observed === undefined) return 'ENOENT';
    return observed.kind === 'directory' ? observed : 'ENOTDIR';
  } catch (error) {
    if (error instanceof DiskError) return error.code;
    throw error;
  }
}

function failedListing(path: RelativePath | undefined, diskPath: DiskPath, failed: string): DirectoryListing {
  const problem = problemOfDirectory(path, diskPath, failed);
  return {
    path,
    diskPath,
    entries: [],
    clashes: [],
    problems: problem === undefined ? [] : [problem],
    failed,
  };
}

/** A directory that is merely gone, or another by now, is no problem: its parent's next listing tells. */
function problemOfDirectory(
  path: RelativePath | undefined,
  diskPath: DiskPath,
  cause: string,
): Problem | undefined {
  const where = path ?? diskPath;
  switch (cause) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECHANGED':
      return undefined;
    case 'EXDEV':
      return { kind: 'nested-mount', path, where };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'unreadable', path, where, cause };
    default:
      return { kind: 'disk-error', path, where, cause };
  }
}
