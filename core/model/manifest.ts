import type { Hash } from './ids.ts';

/** Chunks beside each other. Chunk `i` has hash `hashes[32 * i .. 32 * i + 32)` and `sizes[i]` bytes. */
export interface ChunkList {
  /** Packed SHA-256 hashes, 32 bytes a chunk. */
  readonly hashes: Uint8Array;
  /** Bytes of each chunk. */
  readonly sizes: Uint32Array;
}

/** The chunks of one file version; their sizes add up to `sizeBytes`. An empty file has one chunk of no bytes. */
export interface Manifest extends ChunkList {
  readonly sizeBytes: number;
}

/** One span of a file. */
export interface Chunk {
  readonly hash: Hash;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Least, wished and greatest bytes of a chunk. */
export interface ChunkSizes {
  readonly minBytes: number;
  readonly averageBytes: number;
  readonly maxBytes: number;
}

const KiB = 1024;
const GiB = 1024 ** 3;

/** LIMIT: a file of at most this many bytes is one chunk, whose hash is the file's root: no manifest is ever sent for it. */
export const oneChunkBytes = 64 * KiB;

/** The sizes of a block's pieces: no part of what content is called, only of what two devices find in common below a chunk. */
export const pieceSizes: ChunkSizes = { minBytes: 512, averageBytes: 2 * KiB, maxBytes: 8 * KiB };

/** The chunk sizes of a file: a function of its size and nothing else, so that the same bytes have the same root on every device. */
export function chunkSizesFor(sizeBytes: number): ChunkSizes {
  if (sizeBytes <= GiB) return { minBytes: 32 * KiB, averageBytes: 128 * KiB, maxBytes: 512 * KiB };
  if (sizeBytes <= 16 * GiB) return { minBytes: 128 * KiB, averageBytes: 512 * KiB, maxBytes: 2048 * KiB };
  return { minBytes: 512 * KiB, averageBytes: 2048 * KiB, maxBytes: 8192 * KiB };
}
