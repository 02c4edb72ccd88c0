import type { Random } from '../base/base.ts';

/** A repeatable stream of randomness with children of its own: what one concern draws never shifts what another gets. */
export interface SeededRandom extends Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** A stream that depends on the seed and `name` alone. */
  fork(name: string): SeededRandom;
}

/** A stream from a text seed: sfc32 (Doty-Humphrey), seeded by FNV-1a. For tests only: it is no secret. */
export function createSeededRandom(seed: string): SeededRandom {
  const next = sfc32(fnv(seed, 1), fnv(seed, 2), fnv(seed, 3), 1);
  for (let i = 0; i < 12; i++) next();
  const random: SeededRandom = {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = next() & 0xff;
      return bytes;
    },
    below: (below) => Math.floor((next() / 2 ** 32) * below),
    pick: (items) => items[random.below(items.length)] as (typeof items)[number],
    chance: (probability) => next() / 2 ** 32 < probability,
    fork: (name) => createSeededRandom(`${seed}/${name}`),
  };
  return random;
}

function fnv(text: string, salt: number): number {
  let state = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b9);
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
}

function sfc32(a: number, b: number, c: number, counter: number): () => number {
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
}
