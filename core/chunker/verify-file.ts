import { equalBytes, throwIfAborted } from '../base/base.ts';
import type { DiskPath, FileSystem } from '../filesystem/filesystem.ts';
import { isSameObserved, type Observed } from '../model/disk.ts';
import { chunkSizesFor, type Manifest } from '../model/manifest.ts';
import { blockHashBytes } from './hash.ts';
import { packedHashAt } from './manifest-chunks.ts';
import { bufferBytesFor, lendBuffer, returnBuffer } from './read-buffer.ts';

/** How a file compares with a manifest. */
export type VerifyFileResult =
  /** Every chunk is there and nothing else; `observed` is the look it was read under. */
  | { readonly kind: 'same'; readonly observed: Observed }
  /** `wrongChunks` are the indexes, ascending, of the chunks whose bytes are not there; none if the file only has more bytes than it should. */
  | { readonly kind: 'different'; readonly wrongChunks: readonly number[] }
  /** Somebody wrote to it meanwhile. */
  | { readonly kind: 'changed' };

/**
 * Compares a file's bytes with a manifest, chunk by chunk as the manifest lists them; the manifest must have passed
 * {@link checkManifest}. Throws DiskError when the file cannot be read, and the signal's reason.
 */
export function verifyFile(
  {
    fileSystem,
    path,
    manifest,
  }: { readonly fileSystem: FileSystem; readonly path: DiskPath; readonly manifest: Manifest },
  signal?: AbortSignal,
): VerifyFileResult {
  const handle = fileSystem.openRead(path);
  const buffer = lendBuffer(bufferBytesFor(chunkSizesFor(manifest.sizeBytes)));
  try {
    const before = handle.look();
    const wrongChunks: number[] = [];
    let offset = 0;
    for (const [index, sizeBytes] of manifest.sizes.entries()) {
      throwIfAborted(signal);
      const chunk = buffer.subarray(0, sizeBytes);
      const got = handle.read(chunk, offset);
      if (got < sizeBytes || !equalBytes(blockHashBytes(chunk), packedHashAt(manifest, index)))
        wrongChunks.push(index);
      offset += sizeBytes;
    }
    if (!isSameObserved(before, handle.look())) return { kind: 'changed' };
    if (wrongChunks.length > 0 || before.sizeBytes !== manifest.sizeBytes)
      return { kind: 'different', wrongChunks };
    return { kind: 'same', observed: before };
  } finally {
    returnBuffer(buffer);
    handle.close();
  }
}
