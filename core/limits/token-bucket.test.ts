import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bucket, fullBucket, owe, refill, waitMs } from './limits.ts';

const rate = fc.integer({ min: 10_000, max: 100_000_000 });
const piece = fc.integer({ min: 1, max: 65_000 });

describe('a bucket', () => {
  test('[LM1] lets no more pass in any span than the rate, a quarter of a second and one piece', () => {
    fc.assert(
      fc.property(
        rate,
        fc.array(fc.record({ bytes: piece, restMs: fc.integer({ min: 0, max: 2_000 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        (rateBps, wishes) => {
          let bucket: Bucket = fullBucket(rateBps, 0);
          let now = 0;
          const passed: { readonly at: number; readonly bytes: number }[] = [];
          for (const { bytes, restMs } of wishes) {
            now += restMs;
            bucket = refill(bucket, rateBps, now);
            now += waitMs(bucket, rateBps);
            bucket = owe(refill(bucket, rateBps, now), bytes);
            passed.push({ at: now, bytes });
          }
          for (const [i, first] of passed.entries()) {
            let sum = 0;
            for (const { at, bytes } of passed.slice(i)) {
              const allowed = rateBps * ((at - first.at) / 1000 + 0.25);
              expect(sum).toBeLessThan(allowed + 1);
              sum += bytes;
            }
          }
        },
      ),
    );
  });

  test('[LM1] keeps to the rate when it is asked without end, and is no slower', () => {
    fc.assert(
      fc.property(rate, piece, (rateBps, bytes) => {
        let bucket = fullBucket(rateBps, 0);
        let now = 0;
        let sum = 0;
        for (let i = 0; i < 200; i++) {
          now += waitMs(bucket, rateBps);
          bucket = owe(refill(bucket, rateBps, now), bytes);
          sum += bytes;
        }
        // Time is told in whole milliseconds, and each of the pieces may be late by one.
        expect(sum).toBeLessThanOrEqual(rateBps * (now / 1000 + 0.25) + bytes + 1);
        expect(sum).toBeGreaterThanOrEqual((rateBps * (now - 200)) / 1000);
      }),
    );
  });

  test('[LM2] keeps a quarter of a second of rest and no more', () => {
    expect(refill(fullBucket(40_000, 0), 40_000, 3_600_000).bytes).toBe(10_000);
    expect(refill(owe(fullBucket(40_000, 0), 12_000), 40_000, 25).bytes).toBe(-1_000);
  });

  test('[LM2] gets nothing from a clock that went back, and nothing twice', () => {
    const used = owe(fullBucket(40_000, 5_000), 20_000);
    const back = refill(used, 40_000, 1_000);
    expect(back).toEqual(used);
    expect(refill(back, 40_000, 5_100).bytes).toBe(-6_000);
  });

  test('says when it holds more than is asked, and not before', () => {
    fc.assert(
      fc.property(
        rate,
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.integer({ min: 0, max: 2_000 }),
        (rateBps, owed, more) => {
          const bucket = owe(fullBucket(rateBps, 0), owed);
          const asked = Math.min(more, rateBps / 5);
          const wait = waitMs(bucket, rateBps, asked);
          expect(refill(bucket, rateBps, wait).bytes).toBeGreaterThan(asked);
          const before = refill(bucket, rateBps, wait - 1).bytes;
          expect(wait === 0 || before <= asked + 1e-3).toBe(true);
        },
      ),
    );
  });
});
