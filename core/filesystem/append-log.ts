import { parentDisk } from './disk-path.ts';
import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';

/**
 * Puts `bytes` at `atBytes` of a file, the length of what its reader found whole there, and makes them durable before it resolves;
 * whatever lay beyond (the torn end of an append that a crash cut short) is dropped. At 0 the file is made if it does not exist, with
 * `mode`. Resolves to the new length. If it rejects, the file holds what it held up to `atBytes`, perhaps followed by a torn end.
 */
export async function appendDurably(
  fileSystem: FileSystem,
  path: DiskPath,
  bytes: Uint8Array,
  { atBytes, mode }: { readonly atBytes: number; readonly mode: number },
): Promise<number> {
  const isNew = atBytes === 0 && fileSystem.look(path) === undefined;
  const file = isNew ? fileSystem.create(path, mode) : fileSystem.openWrite(path);
  try {
    const { sizeBytes } = file.look();
    if (sizeBytes < atBytes) throw new DiskError('EIO', 'appendDurably', path);
    if (sizeBytes > atBytes) file.truncate(atBytes);
    file.write(bytes, atBytes);
  } finally {
    file.close();
  }
  await fileSystem.flushFiles([path]);
  // Also for a file found empty: a crash may have come between its making and this flush.
  if (atBytes === 0) await fileSystem.flushDirectories([parentDisk(path)]);
  return atBytes + bytes.length;
}
