/** Front door of `chunker`: bytes to chunks, chunks to the identity of a file's content. */
export { checkManifest, type ManifestFault, maxChunksOf } from './check-manifest.ts';
export { checkBlock, type CheckedBlock } from './checked-block.ts';
export {
  chunkFile,
  chunkFileInSteps,
  type ChunkFileRequest,
  type ChunkFileResult,
  type FileStep,
} from './chunk-file.ts';
export { createCutter, type Cutter } from './cut-points.ts';
export { blockHash, blockHashBytes, hashBytes } from './hash.ts';
export {
  chunkCountOf,
  chunksOf,
  hashAt,
  oneChunkManifest,
  packedHashAt,
  sameManifest,
} from './manifest-chunks.ts';
export { chunksPerNode, manifestNode, manifestNodes, manifestRoot, rootFromNodes } from './manifest-tree.ts';
export { piecesOf } from './pieces.ts';
export { zeroChunk } from './zero-chunk.ts';
export { verifyFile, type VerifyFileResult } from './verify-file.ts';
