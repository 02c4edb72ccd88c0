import { createHash } from 'node:crypto';

/**
 * The 256 words by which a byte enters the rolling hash: word `b` is the first four bytes, big-endian, of
 * SHA-256(`lockstep gear 1` NUL, byte `b`). Frozen: another table cuts the same bytes elsewhere and gives them another identity.
 */
export const gear: Int32Array = Int32Array.from({ length: 256 }, (_, byte) =>
  createHash('sha256').update('lockstep gear 1\0').update(Uint8Array.of(byte)).digest().readInt32BE(0),
);
