import { DiskError, type DiskRoot, type FileSystem, openDiskRoot } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { FolderId } from '../model/ids.ts';

/** Why a root is not usable now. */
export type RootFault =
  | 'root-missing'
  | 'root-not-directory'
  | 'marker-missing'
  | 'marker-other'
  | 'root-unreadable';

/** What is wrong with an opened root at this moment, asked of the disk; undefined if it is there and is this folder. */
export function faultOfRoot(root: DiskRoot, folderId: FolderId): RootFault | undefined {
  try {
    const fault = root.parentFault('x');
    if (fault === 'missing' || fault === 'other-device') return 'root-missing';
    if (fault === 'not-a-directory') return 'root-not-directory';
    const marker = root.readMarker();
    if (marker === 'missing') return 'marker-missing';
    return marker !== 'unreadable' && marker.folderId === folderId ? undefined : 'marker-other';
  } catch (error) {
    if (error instanceof DiskError) return 'root-unreadable';
    throw error;
  }
}

/** Opens the root of a folder, or says why it cannot be used now. */
export function openFolderRoot(
  fileSystem: FileSystem,
  path: string,
  folderId: FolderId,
): DiskRoot | RootFault {
  try {
    const root = openDiskRoot(fileSystem, path);
    return faultOfRoot(root, folderId) ?? root;
  } catch (error) {
    if (error instanceof SyncError)
      return error.code === 'not-a-directory' ? 'root-not-directory' : 'root-missing';
    if (error instanceof DiskError) return 'root-unreadable';
    throw error;
  }
}
