import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { misshapen } from './cbor-read.ts';

/** Brotli's way that costs 2 µs an entry and leaves a fifth of tombstones; the window is what its memory is bounded by here. */
const params = {
  [constants.BROTLI_PARAM_QUALITY]: 5,
  [constants.BROTLI_PARAM_LGWIN]: 16,
};

/** `bytes` in less room (Brotli, RFC 7932), if they have anything that repeats. */
export function pack(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, { params });
}

/** What {@link pack} made this of. Throws SyncError `peer-misbehaved` unless it is exactly `sizeBytes` long; never makes more than that, nor room for it before it comes. */
export function unpack(packed: Uint8Array, sizeBytes: number): Uint8Array {
  let made: { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };
  try {
    // With `info` it returns more than the types know of.
    made = brotliDecompressSync(packed, { maxOutputLength: sizeBytes, info: true }) as never;
  } catch {
    throw misshapen('packed');
  }
  if (made.buffer.length !== sizeBytes || made.engine.bytesWritten !== packed.length)
    throw misshapen('packed');
  return made.buffer;
}
