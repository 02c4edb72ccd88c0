import { expect, test } from 'vitest';
import { deviceOf, folderOf, itemOf, pictureOf } from '../../app/testing/picture-of.ts';
import {
  asksForKeyPlace,
  folderProgress,
  lastAt,
  safeCopies,
  sortDevices,
  summariseFolder,
} from './select.ts';

const nameOf = (key: string): string => `name of ${key}`;
const holder = (key: string, inStep: boolean, needFiles = 0) => ({
  key,
  inStep,
  needFiles,
  part: false,
  differs: false,
});

test.each([
  [{ holders: [] }, { kind: 'alone' }],
  [{ holders: [holder('A', true)] }, { kind: 'in-step', with: ['name of A'] }],
  [
    { state: 'syncing', holders: [{ ...holder('A', false), differs: true }] },
    { kind: 'others-differ', differing: ['name of A'] },
  ],
  [{ state: 'paused' }, { kind: 'paused' }],
  [{ state: 'scanning' }, { kind: 'scanning' }],
  [
    { state: 'syncing', needFiles: 3, needBytes: 9, etaS: 4, pendingLocal: 2 },
    { kind: 'receiving', files: 3, bytes: 9, etaS: 4 },
  ],
  [
    { state: 'syncing', pendingLocal: 2 },
    { kind: 'sending', changes: 2 },
  ],
  [
    { state: 'syncing', holders: [holder('A', true), holder('B', false, 5)] },
    { kind: 'others-behind', behind: ['name of B'] },
  ],
  [
    {
      state: 'attention',
      conflicts: 2,
      problems: [{ path: 'a', kind: 'unreadable', code: null, cause: 'c', action: 'd' }],
      moreProblems: 1,
    },
    { kind: 'needs-you', things: 4 },
  ],
  [
    {
      state: 'error',
      problems: [{ path: '', kind: 'root-missing', code: null, cause: 'Gone.', action: 'Put it back.' }],
    },
    {
      kind: 'stopped',
      problem: { path: '', kind: 'root-missing', code: null, cause: 'Gone.', action: 'Put it back.' },
    },
  ],
] as const)('%j is summarised as %j', (facts, summary) => {
  expect(summariseFolder(folderOf({ name: 'Photos', ...facts }), nameOf)).toEqual(summary);
});

test('what happened elsewhere does not concern a path', () => {
  const recent = ['b/c.txt', 'a', 'a/b'].map((path, i) => itemOf({ id: String(i), kind: 'written', path }));
  const picture = pictureOf({ state: 'idle', recent });
  const at = (path: string) => lastAt(picture, 'documents', path);
  expect([at('b'), at('a/b'), at('a/x'), at('c'), at(''), lastAt(picture, 'photos', 'a')]).toEqual([
    '0',
    '1',
    '1',
    '',
    '0',
    '',
  ]);
});

test('a folder is called safe only where all of it lies, and never in conflict', () => {
  const holders = [holder('A', true), holder('B', false, 2)];
  const safe = (facts: object) => safeCopies(folderOf({ name: 'Photos', holders, ...facts }));
  const withPart = [...holders, { key: 'C', inStep: true, needFiles: 0, part: true, differs: false }];
  expect([safe({}), safe({ holders: withPart })]).toEqual([2, 2]);
  expect([safe({}), safe({ holders: [] }), safe({ conflicts: 1 }), safe({ needFiles: 1 })]).toEqual([
    2,
    1,
    undefined,
    undefined,
  ]);
});

test('progress goes from 0 to 1 and is not shown when there is nothing to come', () => {
  const at = (needBytes: number) =>
    folderProgress(folderOf({ name: 'Photos', state: 'syncing', needBytes }), { photos: 400 });
  expect([at(400), at(100), at(0)]).toEqual([0, 0.75, undefined]);
  expect(folderProgress(folderOf({ name: 'Photos', needBytes: 5 }), {})).toBeUndefined();
});

test('devices are sorted by what they are, and then by name', () => {
  const devices = [
    deviceOf({ key: '4', name: 'Zoe', state: 'connected' }),
    deviceOf({ key: '1', name: 'Me', state: 'self' }),
    deviceOf({ key: '3', name: 'Anna', state: 'offline' }),
    deviceOf({ key: '2', name: 'Guest', state: 'pending' }),
    deviceOf({ key: '5', name: 'Old', state: 'revoked' }),
  ];
  const { self, asking, members, removed } = sortDevices(devices);
  expect(self?.key).toBe('1');
  expect([asking, members, removed].map((group) => group.map(({ name }) => name))).toEqual([
    ['Guest'],
    ['Anna', 'Zoe'],
    ['Old'],
  ]);
});

test('where the key is to be is asked only while the engine waits for that', () => {
  const refused = (code: 'person-needed' | 'key-locked', what: string) =>
    asksForKeyPlace({ kind: 'refused', error: { code, facts: { what }, retry: 'after-user' } });
  expect(refused('person-needed', 'key-place')).toBe(true);
  expect(refused('person-needed', 'questions')).toBe(false);
  expect(refused('key-locked', 'key-place')).toBe(false);
  expect(asksForKeyPlace({ kind: 'starting' })).toBe(false);
});
