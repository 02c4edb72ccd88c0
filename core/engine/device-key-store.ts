import type { Random } from '../base/base.ts';
import {
  type DiskPath,
  type FileSystem,
  joinDisk,
  readWholeFile,
  writeFileAtomically,
} from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';

/**
 * The 32-byte seed of this device's key, from `device.key` in `home`; made and written with mode 0600 at the first start.
 * Throws SyncError `key-exposed` if others may read the file and `key-unreadable` if it is no key: a new key is never made in place of one.
 */
export async function loadDeviceSeed(
  fileSystem: FileSystem,
  home: DiskPath,
  random: Random,
): Promise<Uint8Array> {
  const path = joinDisk(home, 'device.key');
  const there = fileSystem.look(path);
  if (there === undefined) {
    const seed = random.bytes(32);
    await writeFileAtomically(fileSystem, path, seed, 0o600);
    return seed;
  }
  // Windows has no such bits: there the home directory's own access list guards the file.
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0)
    throw new SyncError('key-exposed', { path }, { retry: 'after-user' });
  const seed = readWholeFile(fileSystem, path, { maxBytes: 64 });
  if (seed?.length !== 32) throw new SyncError('key-unreadable', { path }, { retry: 'after-user' });
  return seed;
}
