import { invariant } from '../base/pure.ts';
import { faultOfPath, maxPathBytes, type RelativePath } from '../model/path.ts';
import type { CborValue } from './cbor.ts';
import { misshapen, readBytes } from './cbor-read.ts';

/** Names travel as bytes: not everything that a file system calls a name is text to CBOR. */
export function textToBytes(text: string): Uint8Array {
  invariant(text.isWellFormed(), 'text with a lone surrogate in a message');
  return new TextEncoder().encode(text);
}

/** Throws SyncError `peer-misbehaved`, with `what`, for bytes that are not UTF-8. */
export function bytesToText(bytes: Uint8Array, what: string): string {
  try {
    // A byte order mark is part of a name, not of the encoding.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw misshapen(what);
  }
}

/** A path that a folder may have. */
export function readPath(value: CborValue | undefined, what: string): RelativePath {
  const text = bytesToText(readBytes(value, 1, maxPathBytes, what), what);
  if (faultOfPath(text) !== undefined) throw misshapen(what);
  return text as RelativePath;
}
