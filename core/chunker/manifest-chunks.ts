import { bytesToHex, equalBytes } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { Chunk, ChunkList, Manifest } from '../model/manifest.ts';
import { hexToBytes } from '../base/base.ts';
import { hashBytes } from './hash.ts';

/** How many chunks a manifest lists. */
export function chunkCountOf(manifest: Manifest): number {
  return manifest.sizes.length;
}

/** The packed hash of chunk `index`: a view into the manifest, not a copy. */
export function packedHashAt({ hashes }: ChunkList, index: number): Uint8Array {
  return hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
}

/** The hash of chunk `index`. */
export function hashAt(list: ChunkList, index: number): Hash {
  return bytesToHex(packedHashAt(list, index)) as Hash;
}

/** The chunks of a list that begins at byte `start`, first byte first. */
export function* chunksOf(list: ChunkList, start = 0): Generator<Chunk, void, void> {
  let offset = start;
  for (const [index, sizeBytes] of list.sizes.entries()) {
    yield { hash: hashAt(list, index), offset, sizeBytes };
    offset += sizeBytes;
  }
}

/** The manifest of a file that is a single chunk: all there is to know follows from its root and size. */
export function oneChunkManifest(content: Hash, sizeBytes: number): Manifest {
  return { sizeBytes, hashes: hexToBytes(content), sizes: Uint32Array.of(sizeBytes) };
}

/** Whether two manifests list the same chunks. */
export function sameManifest(a: Manifest, b: Manifest): boolean {
  return (
    a.sizeBytes === b.sizeBytes &&
    a.sizes.length === b.sizes.length &&
    a.sizes.every((size, index) => size === b.sizes[index]) &&
    equalBytes(a.hashes, b.hashes)
  );
}
