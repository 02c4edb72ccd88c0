import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFairTurns } from './limits.ts';

const most = 65_000;

describe('fair turns', () => {
  test('[LM3] lanes that wait all the time get the same, whatever the sizes of their turns and whoever else comes and goes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ bytes: fc.integer({ min: 1, max: most }), guests: fc.subarray(['x', 'y', 'z']) }),
          { minLength: 1, maxLength: 300 },
        ),
        (steps) => {
          const turns = createFairTurns<string>();
          const got = new Map([
            ['a', 0],
            ['b', 0],
          ]);
          for (const { bytes, guests } of steps) {
            const [lane = ''] = turns.order([...guests, 'a', 'b']);
            turns.took(lane, bytes);
            if (got.has(lane)) got.set(lane, (got.get(lane) ?? 0) + bytes);
          }
          expect(Math.abs((got.get('a') ?? 0) - (got.get('b') ?? 0))).toBeLessThanOrEqual(2 * most);
        },
      ),
    );
  });

  test('[LM3] nobody starves: a lane that waits is served after at most one turn of each other', () => {
    const turns = createFairTurns<string>();
    const others = Array.from({ length: 20 }, (_, i) => `other ${i}`);
    for (const other of others) turns.took(other, most);
    const before: string[] = [];
    for (let i = 0; i < 100; i++) {
      const [lane = ''] = turns.order([...others, 'single']);
      if (lane === 'single') break;
      before.push(lane);
      turns.took(lane, most);
    }
    expect(before.length).toBeLessThanOrEqual(others.length);
  });

  test('[LM3] one that comes back again and again with little does not keep others out, nor is it kept out for what it had', () => {
    const turns = createFairTurns<string>();
    let big = 0;
    let small = 0;
    for (let i = 0; i < 1_000; i++) {
      const [lane = ''] = turns.order(i % 2 === 0 ? ['small', 'big'] : ['big']);
      turns.took(lane, lane === 'big' ? 10 * most : 1_000);
      if (lane === 'big') big += 1;
      else small += 1;
    }
    expect(big).toBeGreaterThanOrEqual(500);
    expect(small).toBeGreaterThan(450);
  });
});
