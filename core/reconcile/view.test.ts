import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, type Member, sameContent } from '../model/entry.ts';
import { viewOf } from './reconcile.ts';
import { member, type Sketch } from './testing/members.ts';

interface Row {
  readonly says: string;
  readonly members: readonly Sketch[];
  readonly below?: boolean;
  /** Dots of winner, equals, overruled, and conflicts by group. */
  readonly winner: string | undefined;
  readonly content?: 'nothing' | 'directory' | 'file' | 'symlink';
  readonly alike?: readonly string[];
  readonly overruled?: readonly string[];
  readonly conflicts?: readonly (readonly string[])[];
}

const rows: readonly Row[] = [
  { says: 'nothing was ever written [RC3]', members: [], winner: undefined, content: 'nothing' },
  { says: 'one file is shown [RC3]', members: [{ dot: 'a1', says: 'X' }], winner: 'a1', content: 'file' },
  {
    says: 'equal contents are one, shown with the mode and time of the largest [RC4]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 5 },
      { dot: 'b1', says: 'X', changedAt: 9, executable: true },
      { dot: 'c1', says: 'X', changedAt: 7 },
    ],
    winner: 'b1',
    alike: ['c1', 'a1'],
  },
  {
    says: 'two different edits: the later is shown, the other is a conflict [RC9]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 5 },
      { dot: 'b1', says: 'Y', changedAt: 9 },
    ],
    winner: 'b1',
    conflicts: [['a1']],
  },
  {
    says: 'equal contents make one conflict, its largest first [RC9]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 1 },
      { dot: 'b1', says: 'Y', changedAt: 9 },
      { dot: 'c1', says: 'X', changedAt: 3 },
      { dot: 'd1', says: 'Z', changedAt: 2 },
    ],
    winner: 'b1',
    conflicts: [['c1', 'a1'], ['d1']],
  },
  {
    says: 'an edit survives a deletion at the same time [RC5]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 1 },
      { dot: 'b1', says: 'gone', changedAt: 9, from: ['W'] },
    ],
    winner: 'a1',
    overruled: ['b1'],
  },
  {
    says: 'a deletion alone leaves nothing [RC5]',
    members: [{ dot: 'b1', says: 'gone' }],
    winner: 'b1',
    content: 'nothing',
  },
  {
    says: 'what was only found and had been deleted stays deleted [RC5]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 9, found: true },
      { dot: 'b1', says: 'gone', from: ['W', 'X'] },
    ],
    winner: 'b1',
    content: 'nothing',
    overruled: ['a1'],
  },
  {
    says: 'found, but different from what was deleted: it stays [RC5]',
    members: [
      { dot: 'a1', says: 'Y', found: true },
      { dot: 'b1', says: 'gone', from: ['X'] },
    ],
    winner: 'a1',
    overruled: ['b1'],
  },
  {
    says: 'written by someone who knew what they did, it stays though it had been deleted [RC5]',
    members: [
      { dot: 'a1', says: 'X', found: true },
      { dot: 'c1', says: 'X' },
      { dot: 'b1', says: 'gone', from: ['X'] },
    ],
    winner: 'c1',
    alike: ['a1'],
    overruled: ['b1'],
  },
  {
    says: 'a found leftover is overruled by the deletion even where another version overrules that [RC5]',
    members: [
      { dot: 'a1', says: 'X', found: true },
      { dot: 'c1', says: 'Y' },
      { dot: 'b1', says: 'gone', from: ['X'] },
    ],
    winner: 'c1',
    overruled: ['b1', 'a1'],
  },
  {
    says: 'a directory and a symlink found after their deletion stay deleted too [RC5]',
    members: [
      { dot: 'a1', says: 'dir', found: true, changedAt: 3 },
      { dot: 'c1', says: 'link:t', found: true, changedAt: 2 },
      { dot: 'b1', says: 'gone', from: ['dir', 'link:t'] },
    ],
    winner: 'b1',
    content: 'nothing',
    overruled: ['a1', 'c1'],
  },
  {
    says: 'one-step from: what was edited long before its newest form does not win over it [RC6]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 99, found: true },
      { dot: 'b3', says: 'Z', from: ['Y', 'X'] },
    ],
    winner: 'b3',
    overruled: ['a1'],
  },
  {
    says: 'chain test: two that were each edited from the other are a conflict, not hidden [RC6]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 9, from: ['Y'] },
      { dot: 'b1', says: 'Y', from: ['X'] },
    ],
    winner: 'a1',
    conflicts: [['b1']],
  },
  {
    says: 'chain test: a ring of three leaves all three standing [RC6]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 9, from: ['Y'] },
      { dot: 'b1', says: 'Y', changedAt: 8, from: ['Z'] },
      { dot: 'c1', says: 'Z', changedAt: 7, from: ['X'] },
    ],
    winner: 'a1',
    conflicts: [['b1'], ['c1']],
  },
  {
    says: 'only files have a line of edits: a symlink gives way to nothing for it [RC6]',
    members: [
      { dot: 'a1', says: 'link:t', changedAt: 1 },
      { dot: 'b1', says: 'X', changedAt: 2, from: ['link:t'] },
    ],
    winner: 'b1',
    conflicts: [['a1']],
  },
  {
    says: 'with something living below it is a directory: the file is a conflict, the deletion is overruled [RC7]',
    members: [
      { dot: 'a1', says: 'X' },
      { dot: 'b1', says: 'gone' },
    ],
    below: true,
    winner: undefined,
    content: 'directory',
    overruled: ['b1'],
    conflicts: [['a1']],
  },
  {
    says: 'a directory someone made is shown as such while something lives below it [RC7]',
    members: [
      { dot: 'a1', says: 'X', changedAt: 9 },
      { dot: 'b1', says: 'dir' },
      { dot: 'c1', says: 'dir', changedAt: 2 },
    ],
    below: true,
    winner: 'c1',
    content: 'directory',
    alike: ['b1'],
    conflicts: [['a1']],
  },
  {
    says: 'nothing but what lives below: a directory without an entry [RC7]',
    members: [],
    below: true,
    winner: undefined,
    content: 'directory',
  },
  {
    says: 'an empty directory gives way to a file or symlink [RC8]',
    members: [
      { dot: 'a1', says: 'dir', changedAt: 9 },
      { dot: 'b1', says: 'link:t', changedAt: 1 },
    ],
    winner: 'b1',
    content: 'symlink',
    overruled: ['a1'],
  },
  {
    says: 'an empty directory stands against a deletion, and against a leftover the deletion overrules [RC8]',
    members: [
      { dot: 'a1', says: 'dir' },
      { dot: 'b1', says: 'X', found: true },
      { dot: 'c1', says: 'gone', from: ['X'] },
    ],
    winner: 'a1',
    content: 'directory',
    overruled: ['c1', 'b1'],
  },
];

const dotsOf = (members: readonly Member[]): string[] =>
  members.map(
    ({ entry }) => `${String.fromCharCode(Number.parseInt(entry.dot.incarnation, 16))}${entry.dot.counter}`,
  );

describe('the view of a path', () => {
  it.each(rows)(
    '$says',
    ({ members, below = false, winner, content, alike = [], overruled = [], conflicts = [] }) => {
      const view = viewOf(members.map(member), below);
      expect(view.winner === undefined ? undefined : dotsOf([view.winner])[0]).toBe(winner);
      expect([view.content?.kind ?? 'nothing', undefined]).toContain(content);
      expect(dotsOf(view.alike)).toEqual(alike);
      expect(dotsOf(view.overruled).sort()).toEqual([...overruled].sort());
      expect(view.conflicts.map(dotsOf)).toEqual(conflicts);
    },
  );

  const kinds = fc.constantFrom('W', 'X', 'Y', 'Z', 'dir', 'link:t', 'gone');
  const sketch = fc.record({
    says: kinds,
    changedAt: fc.nat(3),
    from: fc.subarray(['W', 'X', 'Y', 'Z', 'dir']),
    found: fc.boolean(),
  });
  const pool = fc
    .array(sketch, { maxLength: 6 })
    .map((sketches) => sketches.map((each, i) => member({ ...each, dot: `${'abcdef'[i] as string}1` })));

  it('is the same for any order of members, leaves no member out and shows none twice [RC3]', () => {
    fc.assert(
      fc.property(pool, fc.boolean(), fc.nat(), (members, below, turn) => {
        const view = viewOf(members, below);
        const turned = [...members.slice(turn % 7), ...members.slice(0, turn % 7)].reverse();
        expect(viewOf(turned, below)).toEqual(view);
        const all = [
          ...(view.winner === undefined ? [] : [view.winner]),
          ...view.alike,
          ...view.overruled,
          ...view.conflicts.flat(),
        ];
        expect(dotsOf(all).sort()).toEqual(dotsOf(members).sort());
      }),
      { numRuns: 2000 },
    );
  });

  it('has a winner whenever there is a member and nothing living below [RC3]', () => {
    fc.assert(
      fc.property(pool, (members) => {
        expect(viewOf(members, false).winner === undefined).toBe(members.length === 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('never has two versions with one content, nor a deletion or a found leftover among conflicts [RC9]', () => {
    fc.assert(
      fc.property(pool, fc.boolean(), (members, below) => {
        const { winner, content, conflicts } = viewOf(members, below);
        const versions = [content, ...conflicts.map(([largest]) => contentOf((largest as Member).entry))];
        const isRepeated = versions.some((each, i) =>
          versions.slice(i + 1).some((other) => sameContent(each, other)),
        );
        expect(isRepeated).toBe(false);
        expect(versions.slice(1)).not.toContain(undefined);
        expect(below && winner !== undefined && winner.entry.kind !== 'directory').toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
