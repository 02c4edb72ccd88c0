import {
  DiskError,
  type DiskPath,
  diskPath,
  type FileSystem,
  isInsideOnDisk,
  openDiskRoot,
} from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import { SyncError } from '../model/errors.ts';
import type { FolderId } from '../model/ids.ts';
import type { FolderSettings } from './settings.ts';

/** What stands around a place that is to be a folder. */
interface Surroundings {
  readonly fileSystem: FileSystem;
  readonly home: DiskPath;
  readonly folders: readonly FolderSettings[];
}

/** Checks that a directory can be a folder of its own, `id` if it is to be that one; throws SyncError with the code that says why not. */
export function checkFolderPlace(
  surroundings: Surroundings,
  path: string,
  id: FolderId | undefined,
): DiskPath {
  return asSyncError(path, () => checkPlace(surroundings, path, id));
}

function checkPlace(
  { fileSystem, home, folders }: Surroundings,
  path: string,
  id: FolderId | undefined,
): DiskPath {
  const place = diskPath(path);
  const there = fileSystem.look(place);
  if (there === undefined) throw new SyncError('directory-missing', { path });
  if (there.kind !== 'directory') throw new SyncError('not-a-directory', { path });
  for (const other of folders) {
    const otherPlace = diskPath(other.path);
    if (otherPlace === place) throw new SyncError('already-exists', { path, folder: other.name });
    if (isInsideOnDisk(fileSystem, place, otherPlace) || isInsideOnDisk(fileSystem, otherPlace, place)) {
      throw new SyncError('folder-inside-folder', { path, other: other.path });
    }
  }
  if (isInsideOnDisk(fileSystem, home, place) || isInsideOnDisk(fileSystem, place, home))
    throw new SyncError('home-inside-folder', { path });
  const marker = openDiskRoot(fileSystem, place).readMarker();
  if (marker !== 'missing' && (marker === 'unreadable' || marker.folderId !== id))
    throw new SyncError('folder-elsewhere', { path });
  return place;
}

/** What is at a place, undefined for nothing; throws SyncError `disk-failed`. */
export function lookAtPlace(fileSystem: FileSystem, place: DiskPath): Observed | undefined {
  return asSyncError(place, () => fileSystem.look(place));
}

/** Makes the last component of a place; throws SyncError `directory-missing` if what should hold it is not there. */
export function makePlace(fileSystem: FileSystem, place: DiskPath): void {
  asSyncError(place, () => fileSystem.makeDirectory(place));
}

/** Takes back {@link makePlace}, as far as nothing has been put there. */
export function unmakePlace(fileSystem: FileSystem, place: DiskPath): void {
  try {
    fileSystem.removeDirectory(place);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

/** Takes the marker of a folder away, if its disk is there. */
export function removeMarkerAt(fileSystem: FileSystem, path: string): void {
  try {
    openDiskRoot(fileSystem, path).removeMarker();
  } catch (error) {
    // The disk may be away: the marker stays there and names a folder that nobody here has any more.
    if (!(error instanceof DiskError || error instanceof SyncError)) throw error;
  }
}

/** Runs `call`; what the disk says becomes a SyncError that names the place. */
export function asSyncError<T>(place: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw placeError(place, error);
  }
}

/** The SyncError for what went wrong at a place; other errors are handed back as they are. */
export function placeError(place: string, error: unknown): unknown {
  if (!(error instanceof DiskError)) return error;
  const code = error.code === 'ENOENT' ? 'directory-missing' : 'disk-failed';
  return new SyncError(code, { path: place, cause: error.code }, { cause: error });
}
