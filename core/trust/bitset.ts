/** A set of small whole numbers; what lies beyond its end is not in it. */
export type Bitset = Uint32Array;

/** The empty set with room for numbers below `size`. */
export function emptyBits(size: number): Bitset {
  return new Uint32Array((size + 31) >>> 5);
}

/** Whether `bit` is in `bits`. */
export function hasBit(bits: Bitset, bit: number): boolean {
  return (((bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

/** Puts `bit` into `bits`, which must have room for it. */
export function setBit(bits: Bitset, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
}

/** Puts all of `added` into `bits`, which must have room for it. */
export function addBits(bits: Bitset, added: Bitset): void {
  for (let i = 0; i < added.length; i++) bits[i] = (bits[i] as number) | (added[i] as number);
}

/** Takes out of `bits` whatever is not in `kept`. */
export function keepBits(bits: Bitset, kept: Bitset): void {
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) & (kept[i] ?? 0);
}

/** How many of `bits` are not in `known`. */
export function countNewBits(bits: Bitset, known: Bitset): number {
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    let word = (bits[i] as number) & ~(known[i] ?? 0);
    for (; word !== 0; word &= word - 1) count += 1;
  }
  return count;
}
