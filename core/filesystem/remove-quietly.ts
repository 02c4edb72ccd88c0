import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';

/** Removes a name that is not needed; where that fails it stays, and is found again by the next start. */
export function removeQuietly(fileSystem: FileSystem, path: DiskPath): void {
  try {
    fileSystem.remove(path);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}
