import { nameOfDisk, joinDisk, parentDisk } from './disk-path.ts';
import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';
import { removeQuietly } from './remove-quietly.ts';

/**
 * Puts `bytes` at `path` so that at every moment, a crash included, the old or the new file is there whole; durable when it resolves.
 * One writer per path at a time. A failure leaves the old file; a crash can leave `NAME.new` beside it, which the next write takes away.
 */
export async function writeFileAtomically(
  fileSystem: FileSystem,
  path: DiskPath,
  bytes: Uint8Array,
  mode: number,
): Promise<void> {
  const directory = parentDisk(path);
  const incoming = joinDisk(directory, `${nameOfDisk(path)}.new`);
  if (fileSystem.look(incoming) !== undefined) fileSystem.remove(incoming);
  const file = fileSystem.create(incoming, mode);
  try {
    try {
      file.write(bytes, 0);
    } finally {
      file.close();
    }
    await fileSystem.flushFiles([incoming]);
    fileSystem.rename(incoming, path);
  } catch (error) {
    // The failure that led here is the one to tell.
    removeQuietly(fileSystem, incoming);
    throw error;
  }
  await fileSystem.flushDirectories([directory]);
}

/** All bytes of a regular file, or undefined if nothing is there; throws DiskError EFBIG above `maxBytes`. */
export function readWholeFile(
  fileSystem: FileSystem,
  path: DiskPath,
  { maxBytes }: { readonly maxBytes: number },
): Uint8Array | undefined {
  if (fileSystem.look(path) === undefined) return undefined;
  const file = fileSystem.openRead(path);
  try {
    const { sizeBytes } = file.look();
    if (sizeBytes > maxBytes) throw new DiskError('EFBIG', 'readWholeFile', path);
    const bytes = new Uint8Array(sizeBytes);
    return bytes.subarray(0, file.read(bytes, 0));
  } finally {
    file.close();
  }
}
