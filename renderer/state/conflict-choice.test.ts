import { expect, test } from 'vitest';
import type { ConflictListing } from '../../app/ipc/contract.ts';
import { devicesIn, type ManyChoice, outcomeOf } from './conflict-choice.ts';

const version = (name: string, device: string, changedAt: string) => ({
  version: name,
  device,
  changedAt,
  size: 1,
  hash: name,
  kind: 'file' as const,
  target: null,
  winner: false,
  here: true,
});
const conflict: ConflictListing = {
  id: 'c',
  folderId: 'f',
  path: 'a',
  versions: [
    version('one', 'A', '2026-03-01T00:00:00.000Z'),
    version('two', 'B', '2026-03-02T00:00:00.000Z'),
    version('three', 'C', '2026-02-01T00:00:00.000Z'),
  ],
};

test.each([
  [{ kind: 'both' }, 'both'],
  [{ kind: 'shown' }, 'one'],
  [{ kind: 'newest' }, 'two'],
  [{ kind: 'device', device: 'C' }, 'three'],
  [{ kind: 'device', device: 'D' }, 'left'],
] as const satisfies readonly (readonly [ManyChoice, string])[])('%j means %s', (choice, expected) => {
  const outcome = outcomeOf(conflict, choice);
  expect(outcome.kind === 'keep' ? outcome.version.version : outcome.kind).toBe(expected);
});

test('the devices that wrote versions come by how many they wrote', () => {
  const other = { ...conflict, versions: conflict.versions.slice(1, 2) };
  expect(devicesIn([conflict, other])).toEqual(['B', 'A', 'C']);
});
