import { expect, test } from 'vitest';
import { nextRow, rowStartingWith, sightOf } from './list-sight.ts';

test.each([
  [
    { top: 0, height: 100, rows: 1_000 },
    { first: 0, last: 14 },
  ],
  [
    { top: 5_000, height: 100, rows: 1_000 },
    { first: 496, last: 514 },
  ],
  [
    { top: 9_900, height: 100, rows: 1_000 },
    { first: 986, last: 1_000 },
  ],
  [
    { top: 9_900, height: 100, rows: 3 },
    { first: 3, last: 3 },
  ],
  [
    { top: 0, height: 0, rows: 0 },
    { first: 0, last: 0 },
  ],
])('%j has %j in sight', (list, sight) => {
  expect(sightOf({ ...list, rowHeight: 10 })).toEqual(sight);
});

test.each([
  ['ArrowDown', 6],
  ['ArrowUp', 4],
  ['PageDown', 9],
  ['PageUp', 0],
  ['Home', 0],
  ['End', 9],
  ['x', undefined],
])('%s leads to row %s', (key, row) => {
  expect(nextRow(key, { current: 5, last: 9, perPage: 8 })).toBe(row);
});

test('typing goes to the next name that begins so, and around the end', () => {
  const names = ['Apple', 'banana', 'blueberry', 'cherry'];
  const find = (text: string, from: number) =>
    rowStartingWith(text, { from, rows: names.length, nameAt: (i) => names[i] ?? '' });
  expect([find('b', 0), find('b', 1), find('bl', 1), find('a', 2), find('z', 0)]).toEqual([
    1,
    2,
    2,
    0,
    undefined,
  ]);
});

test('a name from right to left is found by its first letters too', () => {
  const nameAt = (i: number): string => ['Fotos', '\u2068תמונות\u2069'][i] ?? '';
  expect(rowStartingWith('תמ', { from: 0, rows: 2, nameAt })).toBe(1);
});
