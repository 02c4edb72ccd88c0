import { hexToBytes } from '../base/pure.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { misshapen, readBytes, readHash, readInteger, readList } from './cbor-read.ts';
import { type AnswerStatus, nameOfCode, readFolderId, readStatus, statusCodes } from './answer-status.ts';
import { maxBlockBytes, maxBlocksPerRequest, maxRequestBytes, maxSpansPerAnswer } from './limits.ts';

/** A block and where to look for it: in the file version whose manifest has root `content`, at byte `offset`. */
export interface BlockItem {
  readonly hash: Hash;
  readonly sizeBytes: number;
  readonly content: Hash;
  readonly offset: number;
}

/** What is asked for of a block: its bytes, or the list of its pieces. */
export type BlockWant = 'blocks' | 'pieces';

/** A request on a `/lockstep/blk/1` stream: up to 64 blocks of together at most 1 MiB, or one larger block. */
export interface BlockRequest {
  readonly want: BlockWant;
  readonly id: number;
  readonly folderId: FolderId;
  readonly items: readonly BlockItem[];
}

/** What is there of a content that a device is receiving: spans in order that neither touch nor overlap, the first {@link maxSpansPerAnswer} of them. */
export interface PartOfContent {
  readonly content: Hash;
  readonly spans: readonly Span[];
}

/** What precedes the blocks of an answer: one status for each item asked for; the bodies of those `here` follow in order, each a frame. */
export interface BlockAnswer {
  readonly id: number;
  readonly statuses: readonly AnswerStatus[];
  /** Contents with a block that is `not-yet` here, as many as there was room for. */
  readonly parts: readonly PartOfContent[];
}

const requestCodes: Readonly<Record<BlockWant, number>> = { blocks: 1, pieces: 3 };
const answerCode = 2;
const big = Number.MAX_SAFE_INTEGER;
const limits = { maxBytes: 16 * 1024, maxItems: 1024 };
const answerLimits = { maxBytes: 16 * 1024, maxItems: 2048 };

/** The frame that asks for blocks or their pieces. */
export function encodeBlockRequest({ want, id, folderId, items }: BlockRequest): Uint8Array {
  const itemValues = items.map((item) => [
    hexToBytes(item.hash),
    item.sizeBytes,
    hexToBytes(item.content),
    item.offset,
  ]);
  return encodeCanonical([requestCodes[want], id, hexToBytes(folderId), itemValues]);
}

/** The request in a frame; undefined for a frame type of a later version. Throws SyncError `peer-misbehaved` if it asks for too much or is malformed. */
export function decodeBlockRequest(frame: Uint8Array): BlockRequest | undefined {
  const fields = readList(decodeCanonical(frame, limits), 1, 64, (item) => item, 'block-request');
  const want = nameOfCode(requestCodes, readInteger(fields[0], 0, big, 'block-request'), undefined);
  if (want === undefined) return undefined;
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
  return {
    want,
    id: readInteger(fields[1], 1, big, 'block-request'),
    folderId: readFolderId(fields[2]),
    items,
  };
}

/** The frame that precedes the blocks; `parts` have at most {@link maxSpansPerAnswer} spans together. */
export function encodeBlockAnswer({ id, statuses, parts }: BlockAnswer): Uint8Array {
  const codes = Uint8Array.from(statuses, (status) => statusCodes[status]);
  if (parts.length === 0) return encodeCanonical([answerCode, id, codes]);
  const partValues = parts.map(({ content, spans }) => [
    hexToBytes(content),
    spans.flatMap(({ start, end }) => [start, end]),
  ]);
  return encodeCanonical([answerCode, id, codes, partValues]);
}

/** The answer's header in a frame; undefined for a frame type of a later version. Throws SyncError `peer-misbehaved` if malformed. */
export function decodeBlockAnswer(frame: Uint8Array): BlockAnswer | undefined {
  const fields = readList(decodeCanonical(frame, answerLimits), 1, 64, (item) => item, 'block-answer');
  if (readInteger(fields[0], 0, big, 'block-answer') !== answerCode) return undefined;
  const statuses = readBytes(fields[2], 1, maxBlocksPerRequest, 'block-answer');
  return {
    id: readInteger(fields[1], 1, big, 'block-answer'),
    statuses: Array.from(statuses, (code) => readStatus(code)),
    parts:
      fields[3] === undefined ? [] : readList(fields[3], 1, maxBlocksPerRequest, readPart, 'block-parts'),
  };
}

function readPart(value: CborValue): PartOfContent {
  const [content, bounds] = readList(value, 2, 8, (part) => part, 'block-parts');
  const flat = readList(
    bounds,
    0,
    2 * maxSpansPerAnswer,
    (bound) => readInteger(bound, 0, big, 'span'),
    'spans',
  );
  if (flat.length % 2 !== 0 || flat.some((bound, i) => i > 0 && bound <= (flat[i - 1] as number)))
    throw misshapen('spans');
  const spans: Span[] = [];
  for (let i = 0; i < flat.length; i += 2)
    spans.push({ start: flat[i] as number, end: flat[i + 1] as number });
  return { content: readHash(content, 'block-parts'), spans };
}
