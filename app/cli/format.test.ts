import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatSpan, formatTable, printable } from './format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 KiB'],
  [1536, '1.5 KiB'],
  [99.94 * 1024, '99.9 KiB'],
  [99.96 * 1024, '100 KiB'],
  [20 * 1024 ** 2, '20 MiB'],
  [1000 * 1024 ** 2, '1 GiB'],
  [1024 ** 5 * 2000, '2000 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '1 s'],
  [40, '40 s'],
  [59.6, '1 min'],
  [3599, '1 h'],
  [4800, '1 h 20 min'],
  [47 * 3600, '47 h'],
  [48 * 3600, '2 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSpan(seconds)).toBe(text);
});

test('counts are words', () => {
  expect(formatCount(1, 'file')).toBe('1 file');
  expect(formatCount(1204, 'file')).toBe('1,204 files');
  expect(formatCount(0, 'directory', 'directories')).toBe('0 directories');
});

test('columns line up, and no line ends in blanks', () => {
  expect(
    formatTable(
      ['A', 'LONG', ''],
      [
        ['aaa', 'b', ''],
        ['a', 'bbbbbb', 'c'],
      ],
    ),
  ).toEqual(['A    LONG', 'aaa  b', 'a    bbbbbb  c']);
});

test('names from elsewhere cannot steer the terminal', () => {
  expect(printable('plain – ünïcode 文')).toBe('plain – ünïcode 文');
  expect(printable('a\u001b[2Jb\nc\u202e')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}');
});
