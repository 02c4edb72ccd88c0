import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncarnationId } from './ids.ts';
import {
  comparePasts,
  type Dot,
  emptyPast,
  extendPast,
  isUnderVector,
  isVectorWithin,
  joinVectors,
  meetVectors,
  type Past,
  pastHas,
  samePast,
  unionPasts,
  vectorHas,
} from './past.ts';

const incarnations = ['0a', '0b', '0c'].map((text) => text.padEnd(16, '0') as IncarnationId);
const highest = 6;
const everyDot: readonly Dot[] = incarnations.flatMap((incarnation) =>
  Array.from({ length: highest }, (_, i) => ({ incarnation, counter: i + 1 })),
);
const nameOf = ({ incarnation, counter }: Dot): string => `${incarnation} ${counter}`;

/** A past counted one by one: the set of its dots. */
const setOf = (past: Past): Set<string> => new Set(everyDot.filter((dot) => pastHas(past, dot)).map(nameOf));

/** The past holding exactly `dots`, built by adding the missing as exceptions. */
function pastOfDots(dots: readonly Dot[]): Past {
  let past = emptyPast;
  for (const dot of dots) {
    const others = everyDot.filter(
      (other) => other.incarnation === dot.incarnation && other.counter < dot.counter,
    );
    past = unionPasts(past, extendPast(emptyPast, dot, others));
  }
  return past;
}

const dots = fc.subarray([...everyDot]);
const past = dots.map(pastOfDots);

function isCanonical({ vector, except }: Past): boolean {
  const vectorNames = vector.map(({ incarnation }) => incarnation);
  const holeNames = except.map(nameOf);
  const inside = except.every((hole) =>
    vector.some((item) => item.incarnation === hole.incarnation && hole.counter <= item.counter),
  );
  return (
    inside &&
    new Set(vectorNames).size === vectorNames.length &&
    new Set(holeNames).size === holeNames.length &&
    vectorNames.join() === [...vectorNames].sort().join() &&
    holeNames.join() === [...holeNames].sort().join()
  );
}

describe('pasts against plain sets of dots', () => {
  it('hold exactly the dots they were made of', () => {
    fc.assert(
      fc.property(dots, (some) => {
        expect(setOf(pastOfDots(some))).toEqual(new Set(some.map(nameOf)));
      }),
    );
  });

  it('unite as sets do, in canonical form, whatever the order and grouping', () => {
    fc.assert(
      fc.property(past, past, past, (a, b, c) => {
        const union = unionPasts(a, b);
        expect(setOf(union)).toEqual(setOf(a).union(setOf(b)));
        expect(isCanonical(union)).toBe(true);
        expect(samePast(union, unionPasts(b, a))).toBe(true);
        expect(samePast(unionPasts(union, c), unionPasts(a, unionPasts(b, c)))).toBe(true);
        expect(samePast(unionPasts(a, a), a)).toBe(true);
        expect(samePast(unionPasts(a, emptyPast), a)).toBe(true);
      }),
    );
  });

  it('compare as sets do', () => {
    fc.assert(
      fc.property(past, past, (a, b) => {
        const [inA, inB] = [setOf(a), setOf(b)];
        const within = inA.isSubsetOf(inB);
        const contains = inA.isSupersetOf(inB);
        const order = within && contains ? 'equal' : within ? 'before' : contains ? 'after' : 'concurrent';
        expect(comparePasts(a, b)).toBe(order);
      }),
      { numRuns: 1000 },
    );
  });

  it('extend by one dot and leave out what is named as unseen, but never what was in them', () => {
    fc.assert(
      fc.property(past, fc.constantFrom(...everyDot), dots, (before, dot, unseen) => {
        const after = extendPast(before, dot, unseen);
        expect(isCanonical(after)).toBe(true);
        expect(setOf(after).isSupersetOf(setOf(before))).toBe(true);
        expect(pastHas(after, dot)).toBe(true);
        const others = everyDot.filter((other) => other.incarnation !== dot.incarnation);
        const holes = unseen.filter((hole) => nameOf(hole) !== nameOf(dot));
        for (const other of [...others, ...holes]) expect(pastHas(after, other)).toBe(pastHas(before, other));
      }),
      { numRuns: 1000 },
    );
  });

  it('have vectors whose minimum holds what all hold', () => {
    fc.assert(
      fc.property(past, past, past, (a, b, c) => {
        const vectors = [a.vector, b.vector, c.vector];
        const least = meetVectors(vectors);
        for (const dot of everyDot)
          expect(vectorHas(least, dot)).toBe(vectors.every((vector) => vectorHas(vector, dot)));
        expect(vectors.every((vector) => isVectorWithin(least, vector))).toBe(true);
        expect(isVectorWithin(a.vector, b.vector)).toBe(
          everyDot.every((dot) => !vectorHas(a.vector, dot) || vectorHas(b.vector, dot)),
        );
      }),
    );
    expect(meetVectors([])).toEqual([]);
  });

  it('lie under a vector when each of their counters does', () => {
    fc.assert(
      fc.property(past, past, (a, b) => {
        const vector = joinVectors(a.vector, b.vector);
        expect(isUnderVector(a, vector) && isUnderVector(unionPasts(a, b), vector)).toBe(true);
      }),
    );
  });
});
