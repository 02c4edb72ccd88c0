import { ed25519 as exact } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { ed25519 as quick } from './quick-ed25519.ts';
import { createSeededRandom } from './seeded-random.ts';

const strict = { zip215: false };

describe('the signatures of simulated worlds', () => {
  it('are those of the product, and are judged as the product judges them', () => {
    const random = createSeededRandom('signatures');
    for (let i = 0; i < 20; i++) {
      const secret = random.bytes(32);
      const message = random.bytes(random.below(200));
      const key = quick.getPublicKey(secret);
      const signature = quick.sign(message, secret);
      expect(key).toEqual(exact.getPublicKey(secret));
      expect(signature).toEqual(exact.sign(message, secret));
      expect(quick.verify(signature, message, key)).toBe(true);
      const bent = signature.with(random.below(64), random.below(256));
      expect(quick.verify(bent, message, key)).toBe(exact.verify(bent, message, key, strict));
      const other = exact.getPublicKey(random.bytes(32));
      expect(quick.verify(signature, message, other)).toBe(false);
      expect(quick.verify(signature, message, key)).toBe(true);
      expect(quick.verify(signature, random.bytes(200), key)).toBe(false);
    }
  });
});
