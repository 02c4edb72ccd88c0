import {
  DiskError,
  type DiskPath,
  diskPath,
  isInside,
  nameOfDisk,
  parentDisk,
  type FileSystem,
  resolveUserPath,
} from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import { faultOfPath, type RelativePath } from '../model/path.ts';
import type { FolderDirectory } from './folder-directory.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { FolderSession } from './folder-session.ts';

/** A path in a folder as a person named it; `path` is undefined for the folder itself. */
export interface Place {
  readonly folder: AttachedFolder;
  readonly path: RelativePath | undefined;
}

/** What finding a place needs. */
export interface PlacesDependencies {
  readonly folders: Folders;
  readonly directory: FolderDirectory;
  readonly fileSystem: FileSystem;
}

/**
 * The place that `text` names: a disk path inside a folder, which need not exist any more, or `FOLDER:relative/path`.
 * Throws SyncError `not-found` or `ambiguous` for the folder, `bad-argument` for what is no path in it.
 */
export function findPlace({ folders, directory, fileSystem }: PlacesDependencies, text: string): Place {
  const colon = text.indexOf(':');
  const onDisk = asDiskPath(text);
  if (onDisk === undefined) {
    if (colon <= 0) throw new SyncError('bad-argument', { what: 'path', text });
    const folder = directory.findAttached(text.slice(0, colon));
    return { folder, path: pathOf(text.slice(colon + 1).split('/'), text) };
  }
  for (const spelled of [onDisk, resolveQuietly(fileSystem, onDisk)]) {
    for (const folder of folders.all()) {
      const root = diskPath(folder.settings.path);
      for (const top of [root, resolveQuietly(fileSystem, root)]) {
        if (isInside(spelled, top)) return { folder, path: pathOf(namesBetween(top, spelled), text) };
      }
    }
  }
  throw new SyncError('not-found', { what: 'folder', text });
}

/** The session of a folder that is not paused; throws SyncError `not-allowed`. */
export function sessionOf({ session, settings }: AttachedFolder): FolderSession {
  if (session === undefined)
    throw new SyncError(
      'not-allowed',
      { what: 'folder-paused', folder: settings.name },
      { retry: 'after-user' },
    );
  return session;
}

/** The names that lead from `top` to `place`, which lies in it. */
function namesBetween(top: DiskPath, place: DiskPath): string[] {
  const names: string[] = [];
  for (let at = place; at !== top; at = parentDisk(at)) names.unshift(nameOfDisk(at));
  return names;
}

function pathOf(names: readonly string[], text: string): RelativePath | undefined {
  const path = names
    .filter((name) => name !== '')
    .join('/')
    .normalize('NFC');
  if (path === '') return undefined;
  const fault = faultOfPath(path);
  if (fault !== undefined) throw new SyncError('bad-argument', { what: 'path', text, reason: fault });
  return path as RelativePath;
}

function asDiskPath(text: string): DiskPath | undefined {
  try {
    return diskPath(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function resolveQuietly(fileSystem: FileSystem, path: DiskPath): DiskPath {
  try {
    return resolveUserPath(fileSystem, path, path);
  } catch (error) {
    if (error instanceof DiskError || error instanceof RangeError) return path;
    throw error;
  }
}
