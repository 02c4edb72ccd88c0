import type { Hash } from '../model/ids.ts';

/** The bytes of hexadecimal text that is already known to be well formed. */
export const toBlob = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

/** Lowercase hexadecimal text of a stored blob. */
export const toHex = (blob: Uint8Array): string =>
  Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString('hex');

/** A stored 32-byte blob as the hash it is. */
export const toHash = (blob: Uint8Array): Hash => toHex(blob) as Hash;

/** {@link toBlob} for a column that may be empty. */
export const toBlobOrNull = (hex: string | undefined): Uint8Array | null =>
  hex === undefined ? null : toBlob(hex);

/** {@link toHash} for a column that may be empty. */
export const toHashOrNone = (blob: Uint8Array | null): Hash | undefined =>
  blob === null ? undefined : toHash(blob);
