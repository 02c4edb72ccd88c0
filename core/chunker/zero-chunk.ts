import { chunkSizesFor } from '../model/manifest.ts';
import { blockHashBytes } from './hash.ts';

const hashes = new Map<number, Uint8Array>();

/** What long stretches of zeros are cut into in a file of `fileBytes`: chunks of the greatest size, for no byte of them is a cut point (CH3). */
export function zeroChunk(fileBytes: number): { readonly sizeBytes: number; readonly hash: Uint8Array } {
  const { maxBytes } = chunkSizesFor(fileBytes);
  const hash = hashes.get(maxBytes) ?? blockHashBytes(new Uint8Array(maxBytes));
  hashes.set(maxBytes, hash);
  return { sizeBytes: maxBytes, hash };
}

/** Whether a buffer holds nothing but zeros: a zero, and each byte like the one before. */
export function isAllZeros(buffer: Uint8Array): boolean {
  return buffer[0] === 0 && Buffer.compare(buffer.subarray(1), buffer.subarray(0, -1)) === 0;
}
