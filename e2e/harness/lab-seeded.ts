import { createCipheriv, createHash } from 'node:crypto';

/** Bytes that look random and are the same for the same seed; nothing compresses them. */
export function seededBytes(seed: string, sizeBytes: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return stream.update(Buffer.alloc(sizeBytes));
}

/** Numbers that look random and are the same for the same seed. */
export interface SeededNumbers {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
}

export function seededNumbers(seed: string): SeededNumbers {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return {
    below: (limit) => Math.floor((stream.update(Buffer.alloc(4)).readUInt32LE() / 2 ** 32) * limit),
  };
}
