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

let allZeros = new Uint8Array(0);

/** Whether a buffer holds nothing but zeros; almost always one look tells that it does not. */
export function isAllZeros(buffer: Uint8Array): boolean {
  if (buffer[0] !== 0 || buffer[buffer.length - 1] !== 0) return false;
  if (allZeros.length < buffer.length) allZeros = new Uint8Array(buffer.length);
  return Buffer.compare(buffer, allZeros.subarray(0, buffer.length)) === 0;
}
