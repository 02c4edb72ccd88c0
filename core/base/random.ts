import { bytesToHex } from './bytes.ts';

/** Randomness as the engine sees it; a seeded one makes a whole world repeatable. */
export interface Random {
  /** `length` fresh random bytes, fit for keys when the source is {@link systemRandom}. */
  bytes(length: number): Uint8Array;
}

/** The machine's cryptographic source. */
export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** `length` random bytes as hexadecimal text. */
export function randomHex(random: Random, length: number): string {
  return bytesToHex(random.bytes(length));
}

/** An evenly spread number in [0, 1) with 32 bits of choice. */
export function randomFraction(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32;
}
