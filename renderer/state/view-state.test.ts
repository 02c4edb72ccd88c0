import { expect, test } from 'vitest';
import type { EngineState, Picture } from '../../app/ipc/contract.ts';
import { folderOf, pictureOf } from '../../app/testing/picture-of.ts';
import { firstViewState, reduceView, type ViewEvent } from './view-state.ts';

const picture = (needBytes: number): Picture => ({
  ...pictureOf({ state: 'syncing' }),
  folders: [folderOf({ name: 'Photos', state: 'syncing', needBytes })],
});
const after = (...events: readonly ViewEvent[]) => events.reduce(reduceView, firstViewState);
const shown = (needBytes: number): ViewEvent => ({ kind: 'picture', picture: picture(needBytes) });

test('a picture means that the engine runs', () => {
  expect(after(shown(5))).toMatchObject({ engine: { kind: 'running' }, picture: picture(5) });
});

test.each<EngineState>([
  { kind: 'restarting' },
  { kind: 'given-up' },
  { kind: 'refused', error: { code: 'home-in-use', facts: {}, retry: 'after-user' } },
])('an engine that is $kind takes the picture with it: an old one would not be true', (state) => {
  expect(after(shown(5), { kind: 'engine', state }).picture).toBeUndefined();
});

test('an engine that runs keeps the picture that may have come first', () => {
  expect(after(shown(5), { kind: 'engine', state: { kind: 'running' } }).picture).toEqual(picture(5));
});

test('progress is measured against the most that was needed since the folder was complete', () => {
  expect(after(shown(100), shown(400), shown(300)).mostNeeded).toEqual({ photos: 400 });
  expect(after(shown(400), shown(0), shown(10)).mostNeeded).toEqual({ photos: 10 });
});

test('going to a screen takes what it should show along, and the next going forgets it', () => {
  const target = { folderId: 'photos', path: 'a.jpg' };
  const there = after({ kind: 'go-to', screen: 'history', target });
  expect(there).toMatchObject({ screen: 'history', target });
  expect(reduceView(there, { kind: 'go-to', screen: 'history' }).target).toBeUndefined();
});

test('what was done is told with what takes it back', () => {
  const done = { what: 'resolved', count: 2, added: [], undo: ['a-2', 'a-1'] } as const;
  expect(after({ kind: 'done', done }).notices).toEqual([{ id: 1, kind: 'done', done }]);
  const later = { what: 'undone', missing: 0, undo: [] } as const;
  expect(after({ kind: 'done', done }, { kind: 'done', done: later }).notices).toEqual([
    { id: 2, kind: 'done', done: later },
  ]);
});

test('only the last three refusals are kept, and each can be dismissed', () => {
  const refused: ViewEvent = { kind: 'refused', error: { code: 'no-space', facts: {}, retry: 'after-user' } };
  const full = after(refused, refused, refused, refused);
  expect(full.notices.map(({ id }) => id)).toEqual([2, 3, 4]);
  expect(reduceView(full, { kind: 'dismiss', id: 3 }).notices.map(({ id }) => id)).toEqual([2, 4]);
});

const settings = (isSetUp: boolean) => ({
  theme: 'system' as const,
  language: 'system' as const,
  locale: 'en',
  notifications: true,
  autostart: false,
  isSetUp,
  version: '1.0.0',
});

test('the first steps are for a device that has nothing yet, and end only when they are said to', () => {
  const unused = pictureOf({ state: 'offline' });
  const used = pictureOf({ state: 'idle', folders: ['Documents'] });
  const told = reduceView(firstViewState, { kind: 'settings', settings: settings(false) });
  expect(told.isFirstRun).toBeUndefined();
  const begun = reduceView(told, { kind: 'picture', picture: unused });
  expect(begun.isFirstRun).toBe(true);
  const going = reduceView(begun, { kind: 'picture', picture: used });
  expect(going.isFirstRun).toBe(true);
  expect(reduceView(going, { kind: 'settings', settings: settings(true) }).isFirstRun).toBe(false);
  expect(reduceView(told, { kind: 'picture', picture: used }).isFirstRun).toBe(false);
});
