import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Member } from '../model/entry.ts';
import { mergeMembers } from './reconcile.ts';
import { member, pastOf } from './testing/members.ts';

/** A pool of writes at one path whose pasts are closed: what a write has seen, it has seen with all that one had seen. */
const history = fc
  .array(
    fc.record({
      device: fc.constantFrom('a', 'b', 'c'),
      saw: fc.array(fc.nat(9), { maxLength: 3 }),
      says: fc.constantFrom('X', 'Y', 'gone'),
    }),
    {
      minLength: 1,
      maxLength: 10,
    },
  )
  .map((writes) => {
    const counters = new Map<string, number>();
    const pasts: string[][] = [];
    return writes.map(({ device, saw, says }, i) => {
      const counter = (counters.get(device) ?? 0) + 1;
      counters.set(device, counter);
      const seen = new Set(saw.filter((j) => j < i).flatMap((j) => pasts[j] as string[]));
      seen.add(`${device}${counter}`);
      pasts.push([...seen]);
      return member({ dot: `${device}${counter}`, past: pastOf(...seen), says });
    });
  });

const names = (members: readonly Member[]): string[] => members.map(({ hash }) => hash);
const merged = (a: readonly Member[], b: readonly Member[]): readonly Member[] => mergeMembers(a, b).members;

/** Three parts of one history, each as a device would hold it. */
const threeParts = history.chain((pool) =>
  fc
    .tuple(fc.subarray(pool), fc.subarray(pool), fc.subarray(pool))
    .map(([a, b, c]) => [merged([], a), merged([], b), merged([], c)] as const),
);

describe('merging the members of a path', () => {
  it('gives the same whatever the order, grouping and repetition [RC1]', () => {
    fc.assert(
      fc.property(threeParts, ([a, b, c]) => {
        expect(names(merged(a, b))).toEqual(names(merged(b, a)));
        expect(names(merged(merged(a, b), c))).toEqual(names(merged(a, merged(b, c))));
        expect(names(merged(a, a))).toEqual(names(a));
      }),
      { numRuns: 500 },
    );
  });

  it('tells exactly what came and what fell away [RC1]', () => {
    fc.assert(
      fc.property(threeParts, ([a, b]) => {
        const { members, dropped, added } = mergeMembers(a, b);
        const kept = names(a).filter((hash) => !names(dropped).includes(hash));
        expect([...kept, ...names(added)].sort()).toEqual(names(members));
      }),
    );
  });

  it('equal dots that dominate each other: both stay, and the doubled identity is told [RC1]', () => {
    const one = member({ dot: 'a1', says: 'X' });
    const other = member({ dot: 'a1', says: 'Y' });
    const { members, sharedDots } = mergeMembers([one], [other]);
    expect(members).toHaveLength(2);
    expect(sharedDots).toEqual([one.entry.dot]);
  });

  it('a past that names a write yet to come cannot make both vanish [RC1]', () => {
    const honest = member({ dot: 'b2', seen: ['a1'], says: 'Y' });
    const lying = member({ dot: 'a1', seen: ['b2'], says: 'X' });
    expect(mergeMembers([honest], [lying]).members).toHaveLength(2);
  });

  it('collapsing in the state: equal contents stay two entries, so that either can be built upon [RC1]', () => {
    const twins = [member({ dot: 'a1', says: 'X' }), member({ dot: 'b1', says: 'X' })];
    expect(mergeMembers(twins, []).members).toHaveLength(2);
    const edit = member({ dot: 'c1', seen: ['a1'], says: 'Y' });
    expect(mergeMembers(twins, [edit]).members).toHaveLength(2);
  });
});
