import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestRandom } from '../testing/index-device.ts';
import { spreadOut } from './spread-out.ts';

test('all chunks stay, in 256 stretches at most, and differently for each', () => {
  fc.assert(
    fc.property(fc.nat({ max: 20_000 }), fc.string(), (count, seed) => {
      const chunks = Array.from({ length: count }, (_, i) => i);
      const spread = spreadOut(chunks, createTestRandom(seed));
      expect(spread.toSorted((a, b) => a - b)).toEqual(chunks);
      const stretches = spread.filter((chunk, i) => chunk !== (spread[i - 1] ?? Number.NaN) + 1).length;
      expect(stretches).toBeLessThanOrEqual(256);
    }),
    { numRuns: 50 },
  );
  const many = Array.from({ length: 1_000 }, (_, i) => i);
  expect(spreadOut(many, createTestRandom('a'))).not.toEqual(spreadOut(many, createTestRandom('b')));
});
