import { hexToBytes } from '../base/pure.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import { decodeCanonical, encodeCanonical } from './cbor.ts';
import { misshapen, readBytes, readHash, readInteger, readList } from './cbor-read.ts';
import { type AnswerStatus, readFolderId, readStatus, statusCodes } from './answer-status.ts';
import { maxBlockBytes, maxBlocksPerRequest, maxRequestBytes } from './limits.ts';

/** A block and where to look for it: in the file version whose manifest has root `content`, at byte `offset`. */
export interface BlockItem {
  readonly hash: Hash;
  readonly sizeBytes: number;
  readonly content: Hash;
  readonly offset: number;
}

/** A request on a `/lockstep/blk/1` stream: up to 64 blocks of together at most 1 MiB, or one larger block. */
export interface BlockRequest {
  readonly id: number;
  readonly folderId: FolderId;
  readonly items: readonly BlockItem[];
}

/** What precedes the blocks of an answer: one status for each item asked for; the bodies of those `here` follow in order, each a frame. */
export interface BlockAnswer {
  readonly id: number;
  readonly statuses: readonly AnswerStatus[];
}

const requestCode = 1;
const answerCode = 2;
const big = Number.MAX_SAFE_INTEGER;
const limits = { maxBytes: 16 * 1024, maxItems: 1024 };

/** The frame that asks for blocks. */
export function encodeBlockRequest({ id, folderId, items }: BlockRequest): Uint8Array {
  const itemValues = items.map((item) => [
    hexToBytes(item.hash),
    item.sizeBytes,
    hexToBytes(item.content),
    item.offset,
  ]);
  return encodeCanonical([requestCode, id, hexToBytes(folderId), itemValues]);
}

/** The request in a frame; undefined for a frame type of a later version. Throws SyncError `peer-misbehaved` if it asks for too much or is malformed. */
export function decodeBlockRequest(frame: Uint8Array): BlockRequest | undefined {
  const fields = readList(decodeCanonical(frame, limits), 1, 64, (item) => item, 'block-request');
  if (readInteger(fields[0], 0, big, 'block-request') !== requestCode) return undefined;
  const items = readList(
    fields[3],
    1,
    maxBlocksPerRequest,
    (value) => {
      const [hash, sizeBytes, content, offset] = readList(value, 4, 8, (part) => part, 'block-item');
      return {
        hash: readHash(hash, 'block-item'),
        sizeBytes: readInteger(sizeBytes, 0, maxBlockBytes, 'block-item'),
        content: readHash(content, 'block-item'),
        offset: readInteger(offset, 0, big, 'block-item'),
      };
    },
    'block-request',
  );
  const bytes = items.reduce((sum, item) => sum + item.sizeBytes, 0);
  if (items.length > 1 && bytes > maxRequestBytes) throw misshapen('block-request');
  return { id: readInteger(fields[1], 1, big, 'block-request'), folderId: readFolderId(fields[2]), items };
}

/** The frame that precedes the blocks. */
export function encodeBlockAnswer({ id, statuses }: BlockAnswer): Uint8Array {
  return encodeCanonical([answerCode, id, Uint8Array.from(statuses, (status) => statusCodes[status])]);
}

/** The answer's header in a frame; undefined for a frame type of a later version. Throws SyncError `peer-misbehaved` if malformed. */
export function decodeBlockAnswer(frame: Uint8Array): BlockAnswer | undefined {
  const fields = readList(decodeCanonical(frame, limits), 1, 64, (item) => item, 'block-answer');
  if (readInteger(fields[0], 0, big, 'block-answer') !== answerCode) return undefined;
  const statuses = readBytes(fields[2], 1, maxBlocksPerRequest, 'block-answer');
  return {
    id: readInteger(fields[1], 1, big, 'block-answer'),
    statuses: Array.from(statuses, (code) => readStatus(code)),
  };
}
