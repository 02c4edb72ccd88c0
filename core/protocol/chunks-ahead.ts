import { hexToBytes } from '../base/pure.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import type { ChunkList } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';
import { readFolderId } from './answer-status.ts';
import type { CborValue } from './cbor.ts';
import { readHash, readInteger } from './cbor-read.ts';
import { chunkListToCbor, readChunkList } from './chunk-list.ts';
import { maxManifestChunks } from './limits.ts';
import { readPath, textToBytes } from './text-codec.ts';

/** Chunks of a file that is still being read, ahead of its entry; none at all say that there will be no entry. */
export interface ChunksAhead extends ChunkList {
  readonly folderId: FolderId;
  /** What its blocks are asked for under in place of a content: any 32 bytes, others for each reading. */
  readonly reading: Hash;
  readonly path: RelativePath;
  readonly sizeBytes: number;
  /** How many were told of before. */
  readonly firstChunk: number;
}

/** The fields of a message, behind its type. */
export function chunksAheadToCbor(ahead: ChunksAhead): CborValue[] {
  const { folderId, reading, path, sizeBytes, firstChunk } = ahead;
  return [
    hexToBytes(folderId),
    hexToBytes(reading),
    textToBytes(path),
    sizeBytes,
    firstChunk,
    ...chunkListToCbor(ahead),
  ];
}

/** Reads them, the type in front. Throws SyncError `peer-misbehaved` for any other form. */
export function readChunksAhead(fields: readonly CborValue[]): ChunksAhead {
  return {
    folderId: readFolderId(fields[1]),
    reading: readHash(fields[2], 'ahead'),
    path: readPath(fields[3], 'ahead'),
    sizeBytes: readInteger(fields[4], 0, Number.MAX_SAFE_INTEGER, 'ahead'),
    firstChunk: readInteger(fields[5], 0, maxManifestChunks, 'ahead'),
    ...readChunkList(fields[6], fields[7], 'ahead'),
  };
}
