import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, compareText, hexToBytes } from '../base/pure.ts';
import { type FolderId, folderId, type Hash, type IncarnationId, incarnationId } from '../model/ids.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { readBytes, readInteger, readSortedList, readTuple } from './cbor-read.ts';
import { bytesToHash, prefixed } from './hash-bytes.ts';

/** Up to where the writes of one incarnation of a removed device stand in one folder. */
export interface CutPosition {
  readonly folderId: FolderId;
  readonly incarnation: IncarnationId;
  /** The counter of the last write that stands, at least 1. */
  readonly counter: number;
}

/** LIMIT: positions in one list; the fullest fits in a frame of `/lockstep/trust/1`. */
export const maxCutPositions = 1024;

const maxCutListBytes = 48 * 1024;

/** The one form of a list of positions, in any order: `[[folderId:16, incarnation:8, counter]…]`, rising by folder and incarnation. */
export function encodeCutList(positions: readonly CutPosition[]): Uint8Array {
  return encodeCanonical(
    positions
      .toSorted((a, b) => compareText(nameOf(a), nameOf(b)))
      .map((position) => [hexToBytes(position.folderId), hexToBytes(position.incarnation), position.counter]),
  );
}

/** Reads a list. Throws SyncError `peer-misbehaved` for any other form. */
export function decodeCutList(bytes: Uint8Array): readonly CutPosition[] {
  return readSortedList(
    decodeCanonical(bytes, { maxBytes: maxCutListBytes, maxItems: 4 * maxCutPositions + 1 }),
    { min: 0, max: maxCutPositions },
    readPosition,
    nameOf,
    'cut-list',
  );
}

/** What a revocation names a list by. */
export function cutListHash(bytes: Uint8Array): Hash {
  return bytesToHash(sha256(prefixed('lockstep cut 1\n', bytes)));
}

function readPosition(value: CborValue): CutPosition {
  const [folder, incarnation, counter] = readTuple(value, 3, 'cut-position');
  return {
    folderId: folderId(bytesToHex(readBytes(folder, 16, 16, 'cut-folder'))),
    incarnation: incarnationId(bytesToHex(readBytes(incarnation, 8, 8, 'cut-incarnation'))),
    counter: readInteger(counter, 1, Number.MAX_SAFE_INTEGER, 'cut-counter'),
  };
}

function nameOf({ folderId: folder, incarnation }: CutPosition): string {
  return `${folder} ${incarnation}`;
}
