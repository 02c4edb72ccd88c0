import { DiskError, type DiskPath, diskPath, type FileSystem, parentDisk } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';

/** The home directory, made if need be; throws SyncError `home-unusable`. */
export async function openHome(fileSystem: FileSystem, home: string): Promise<DiskPath> {
  try {
    const place = diskPath(home);
    await makeHome(fileSystem, place);
    return place;
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof DiskError)
      throw new SyncError('home-unusable', { path: home }, { cause, retry: 'after-user' });
    throw cause;
  }
}

async function makeHome(fileSystem: FileSystem, place: DiskPath): Promise<void> {
  const there = fileSystem.look(place);
  if (there === undefined) {
    const parent = parentDisk(place);
    if (parent !== place) await makeHome(fileSystem, parent);
    fileSystem.makeDirectory(place, 0o700);
    await fileSystem.flushDirectories([parent]);
  } else if (there.kind !== 'directory' && there.kind !== 'symlink')
    throw new DiskError('ENOTDIR', 'home', place);
}
