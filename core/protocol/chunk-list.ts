import type { ChunkList } from '../model/manifest.ts';
import type { CborValue } from './cbor.ts';
import { misshapen, readBytes } from './cbor-read.ts';
import { maxChunksPerFrame } from './limits.ts';

/** Two fields of a message: the hashes packed, and the sizes, four bytes each, the highest first. */
export function chunkListToCbor({ hashes, sizes }: ChunkList): readonly [Uint8Array, Uint8Array] {
  const packed = new Uint8Array(sizes.length * 4);
  const view = new DataView(packed.buffer);
  sizes.forEach((size, i) => view.setUint32(i * 4, size));
  return [hashes, packed];
}

/** Reads them, up to {@link maxChunksPerFrame} of each and as many of both. Throws SyncError `peer-misbehaved`, with `what`, for any other form. */
export function readChunkList(
  hashes: CborValue | undefined,
  sizes: CborValue | undefined,
  what: string,
): ChunkList {
  const packedHashes = readBytes(hashes, 0, maxChunksPerFrame * 32, what);
  const packed = readBytes(sizes, 0, maxChunksPerFrame * 4, what);
  const chunks = packed.length / 4;
  if (packedHashes.length !== chunks * 32) throw misshapen(what);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return {
    hashes: packedHashes,
    sizes: Uint32Array.from({ length: chunks }, (_, i) => view.getUint32(i * 4)),
  };
}
