import { expect, test } from 'vitest';
import { isoOfField } from './moment.ts';
import { sortItems } from './sort-items.ts';

test('directories come first, then names in the order of people', () => {
  const item = (name: string, kind: 'file' | 'directory' = 'file') =>
    ({ name, kind, size: 0, changedAt: null, device: '', state: 'there' }) as const;
  const sorted = sortItems([item('10.txt'), item('b', 'directory'), item('9.txt'), item('A.txt')]);
  expect(sorted.map(({ name }) => name)).toEqual(['b', '9.txt', '10.txt', 'A.txt']);
});

test('a field that is not filled in says no moment', () => {
  expect(isoOfField('')).toBeUndefined();
  expect(isoOfField('2026-03-05T09:12')).toBe(new Date(2026, 2, 5, 9, 12).toISOString());
});
