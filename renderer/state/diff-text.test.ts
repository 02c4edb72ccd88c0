import { expect, test } from 'vitest';
import { changesIn, type DiffRow, hunksOf, rowsOf } from './diff-text.ts';

const compare = (left: string, right: string) => hunksOf(left, right) ?? [];
const sideOf = (row: DiffRow | undefined, side: 'left' | 'right'): string =>
  row?.kind === 'changed'
    ? (row[side]?.pieces ?? []).map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('')
    : '';

test('a changed line is compared word by word', () => {
  const [row] = rowsOf(compare('rent is 800 a month', 'rent is 850 a month'));
  expect([sideOf(row, 'left'), sideOf(row, 'right')]).toEqual([
    'rent is [800] a month',
    'rent is [850] a month',
  ]);
});

test('lines that only one side has stand beside nothing', () => {
  const hunks = compare('a\nb', 'a\nx\ny\nb');
  expect(hunks).toEqual([
    { kind: 'same', lines: ['a'] },
    { kind: 'changed', left: [], right: ['x', 'y'] },
    { kind: 'same', lines: ['b'] },
  ]);
  expect(rowsOf(hunks)[2]).toMatchObject({ left: undefined, right: { number: 3 } });
});

test('what is the same far from a change is left out, and line numbers go on', () => {
  const lines = Array.from({ length: 100 }, (_, n) => `line ${n + 1}`);
  const rows = rowsOf(compare(lines.join('\n'), lines.with(49, 'another').join('\n')));
  expect(rows.map(({ kind }) => kind)).toEqual([
    'gap',
    'same',
    'same',
    'same',
    'changed',
    'same',
    'same',
    'same',
    'gap',
  ]);
  expect(rows[0]).toEqual({ kind: 'gap', lines: 46 });
  expect(rows[4]).toMatchObject({ left: { number: 50 }, right: { number: 50 } });
  expect(rows[8]).toEqual({ kind: 'gap', lines: 47 });
});

test.each([
  ['', ''],
  ['a', 'b'],
  ['a\n', 'a'],
  ['one\ntwo\nthree', 'zero\none\nthree\nfour'],
])('both texts can be read back from the hunks of %j and %j', (left, right) => {
  const hunks = compare(left, right);
  const side = (name: 'left' | 'right'): string =>
    hunks.flatMap((hunk) => (hunk.kind === 'same' ? hunk.lines : hunk[name])).join('\n');
  expect([side('left'), side('right')]).toEqual([left, right]);
  expect(changesIn(hunks)).toBe(hunks.filter(({ kind }) => kind === 'changed').length);
});
