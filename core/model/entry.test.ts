import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareMembers,
  type Content,
  contentOf,
  dominates,
  type Entry,
  type Member,
  sameContent,
} from './entry.ts';
import type { DeviceKey, Hash, IncarnationId } from './ids.ts';
import { extendPast, emptyPast } from './past.ts';
import { relativePath } from './path.ts';

const incarnation = fc.constantFrom('a', 'b').map((letter) => letter.repeat(16) as IncarnationId);
const dot = fc.record({ incarnation, counter: fc.integer({ min: 1, max: 4 }) });
const entry: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constant('directory' as const),
  path: fc.constant(relativePath('p')),
  dot,
  changedAt: fc.integer({ min: 0, max: 2 }),
  from: fc.constant([]),
  found: fc.boolean(),
  past: dot.map((own) => extendPast(emptyPast, own, [])),
});
const hex = fc.constantFrom('0', '1').map((digit) => digit.repeat(64));
const member: fc.Arbitrary<Member> = fc.record({
  entry,
  author: hex.map((text) => text as DeviceKey),
  hash: hex.map((text) => text as Hash),
});
const content: fc.Arbitrary<Content | undefined> = fc.constantFrom(
  undefined,
  { kind: 'directory' },
  { kind: 'symlink', target: 'x' },
  { kind: 'symlink', target: 'y' },
  { kind: 'file', content: '0'.repeat(64) as Hash, sizeBytes: 1 },
  { kind: 'file', content: '1'.repeat(64) as Hash, sizeBytes: 1 },
);

describe('entries', () => {
  it('are never dominated by themselves, nor by one they dominate', () => {
    fc.assert(
      fc.property(entry, entry, (e, f) => {
        expect(dominates(e, e)).toBe(false);
        expect(dominates(e, f) && dominates(f, e)).toBe(false);
      }),
    );
  });

  it('have one order of members: total, the same both ways, transitive', () => {
    fc.assert(
      fc.property(member, member, member, (a, b, c) => {
        expect(Math.sign(compareMembers(a, b)) + Math.sign(compareMembers(b, a))).toBe(0);
        const isChain = compareMembers(a, b) <= 0 && compareMembers(b, c) <= 0;
        expect(isChain && compareMembers(a, c) > 0).toBe(false);
      }),
    );
  });

  it('say the same only if kind and content are the same', () => {
    fc.assert(
      fc.property(content, content, (a, b) => {
        expect(sameContent(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('put nothing at the path of a tombstone', () => {
    const common = {
      path: relativePath('p'),
      dot: { incarnation: 'a'.repeat(16) as IncarnationId, counter: 1 },
      past: emptyPast,
      changedAt: 0,
      from: [],
      found: false,
    };
    expect(contentOf({ kind: 'tombstone', ...common })).toBeUndefined();
    expect(contentOf({ kind: 'symlink', ...common, symlink: { target: 'x' } })).toEqual({
      kind: 'symlink',
      target: 'x',
    });
  });
});
