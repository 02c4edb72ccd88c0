import { expect, test } from 'vitest';
import { changesIn, type DiffRow, hunksOf, linesOf, rowsOf } from './diff-text.ts';

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

test('a line break at the end is no line of its own, and one that is missing no place that differs', () => {
  expect(rowsOf(compare('a\nb\n', 'a\nc\n'))).toHaveLength(2);
  expect(compare('a\n', 'a')).toEqual([{ kind: 'same', lines: ['a'] }]);
  expect(rowsOf(compare('a\n\n', 'a\n'))).toMatchObject([{ kind: 'same' }, { left: { number: 2 } }]);
});

test.each([
  ['', ''],
  ['a', 'b'],
  ['a\n\nb\n\n', '\na'],
  ['one\ntwo\nthree', 'zero\none\nthree\nfour'],
])('the lines of both texts can be read back from the hunks of %j and %j', (left, right) => {
  const hunks = compare(left, right);
  const side = (name: 'left' | 'right'): readonly string[] =>
    hunks.flatMap((hunk) => (hunk.kind === 'same' ? hunk.lines : hunk[name]));
  expect([side('left'), side('right')]).toEqual([linesOf(left), linesOf(right)]);
  expect(changesIn(hunks)).toBe(hunks.filter(({ kind }) => kind === 'changed').length);
});
