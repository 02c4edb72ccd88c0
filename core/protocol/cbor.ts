import { encode } from 'cborg';
import { invariant } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';

/** All that is ever sent or signed: whole numbers within ±(2^53-1), byte strings, and arrays of these. */
export type CborValue = number | Uint8Array | readonly CborValue[];

/** What a decoded message may cost: bytes, arrays within arrays (one array is depth 1), and values in all, arrays counted too. */
export interface CborLimits {
  readonly maxBytes: number;
  readonly maxDepth?: number;
  readonly maxItems: number;
}

/** LIMIT: deeper than any message here; keeps the decoder's recursion far from the end of the stack. */
const defaultMaxDepth = 16;

/** The one byte string that stands for `value`: deterministic CBOR (RFC 8949, 4.2). A value outside {@link CborValue} is a bug. */
export function encodeCanonical(value: CborValue): Uint8Array {
  checkEncodable(value);
  const bytes = encode(value);
  // Of the class every other byte string has: cborg hands out a Buffer under Node.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkEncodable(value: CborValue): void {
  if (typeof value === 'number') invariant(Number.isSafeInteger(value), `not a safe integer: ${value}`);
  else if (Array.isArray(value)) for (const item of value) checkEncodable(item);
  else invariant(value instanceof Uint8Array, `not encodable: ${typeof value}`);
}

/**
 * The value `bytes` stand for, if they are exactly what {@link encodeCanonical} makes of it; its byte strings are copies.
 * Everything else throws SyncError `peer-misbehaved` with the fault in `what`: maps, text, floats, tags, simple values, indefinite lengths,
 * numbers or lengths not in their shortest form, missing or trailing bytes, anything over `limits`. Nothing is allocated on the word of a length.
 */
export function decodeCanonical(bytes: Uint8Array, limits: CborLimits): CborValue {
  if (bytes.length > limits.maxBytes) throw misbehaved('cbor-too-long');
  // A Buffer's slice() would be a view that keeps the whole frame alive.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const maxDepth = limits.maxDepth ?? defaultMaxDepth;
  let at = 0;
  let items = 0;

  // The number in a head whose first byte has just been read. The encoding is canonical exactly when each head is the shortest.
  function readArgument(minor: number): number {
    if (minor < 24) return minor;
    if (minor > 27) throw misbehaved('cbor-not-canonical');
    const width = 1 << (minor - 24);
    if (data.length - at < width) throw misbehaved('cbor-cut-short');
    let argument = 0;
    // Exact while it matters: what rounds here is beyond 2^53 either way.
    for (const end = at + width; at < end; at++) argument = argument * 256 + (data[at] as number);
    const smallest = minor === 24 ? 24 : 2 ** (4 * width);
    if (argument < smallest) throw misbehaved('cbor-not-canonical');
    return argument;
  }

  function readValue(depth: number): CborValue {
    if (++items > limits.maxItems) throw misbehaved('cbor-too-many-items');
    const head = data[at++];
    if (head === undefined) throw misbehaved('cbor-cut-short');
    const major = head >> 5;
    if (major !== 0 && major !== 1 && major !== 2 && major !== 4) throw misbehaved('cbor-foreign-type');
    const argument = readArgument(head & 31);
    if (major === 0 || major === 1) {
      const number = major === 0 ? argument : -1 - argument;
      if (!Number.isSafeInteger(number)) throw misbehaved('cbor-number-too-big');
      return number;
    }
    // Each value takes a byte at least, so this bounds arrays as well as byte strings.
    if (argument > data.length - at) throw misbehaved('cbor-cut-short');
    if (major === 2) {
      at += argument;
      return data.slice(at - argument, at);
    }
    if (depth === maxDepth) throw misbehaved('cbor-too-deep');
    const values: CborValue[] = [];
    for (let i = 0; i < argument; i++) values.push(readValue(depth + 1));
    return values;
  }

  const value = readValue(0);
  if (at !== data.length) throw misbehaved('cbor-trailing-bytes');
  return value;
}

function misbehaved(what: string): SyncError {
  return new SyncError('peer-misbehaved', { what });
}
