import { expect, test } from 'vitest';
import { hunksOf } from './diff-text.ts';
import { mergeText } from './merge-text.ts';

const hunks = hunksOf('a\nb\nc\nd', 'a\nB\nc\nD') ?? [];

test.each([
  [[], 'a\nb\nc\nd'],
  [['right'], 'a\nB\nc\nd'],
  [['left', 'right'], 'a\nb\nc\nD'],
  [['both', 'both'], 'a\nb\nB\nc\nd\nD'],
] as const)('choices %j make %j', (choices, text) => {
  expect(mergeText(hunks, choices, '')).toBe(text);
  expect(mergeText(hunks, choices, '\n')).toBe(`${text}\n`);
});

test('no lines are an empty text', () => {
  expect(mergeText(hunksOf('', 'a\n') ?? [], ['left'], '\n')).toBe('');
});
