import { expect, test } from 'vitest';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { changeSetting, listSettings } from './setting-keys.ts';
import { openSettings } from './settings.ts';

const open = () =>
  openSettings(createMemoryFileSystem({ clock: createManualClock() }), diskPath('/'), 'desk');

test.each([
  ['name', ' Laptop ', 'Laptop'],
  ['versions.keepDays', '7', 7],
  ['versions.maxShare', '0.25', 0.25],
  ['massChange.share', '0.5', 0.5],
  ['massChange.count', '12', 12],
])('%s is set to %s, and is still so when it is read again', async (key, value, is) => {
  const fileSystem = createMemoryFileSystem({ clock: createManualClock() });
  const store = openSettings(fileSystem, diskPath('/'), 'desk');
  expect(await changeSetting(store, key, value)).toEqual({ [key]: is });
  expect(listSettings(openSettings(fileSystem, diskPath('/'), 'other').current())).toEqual({
    ...listSettings(open().current()),
    [key]: is,
  });
});

test.each([
  ['name', '  '],
  ['name', 'x'.repeat(65)],
  ['versions.keepDays', '0'],
  ['versions.keepDays', ''],
  ['versions.maxShare', '0.95'],
  ['massChange.share', 'much'],
  ['massChange.count', '1.5'],
  ['massChange.count', '-1'],
])('%s cannot be %j, and stays as it was', async (key, value) => {
  const store = open();
  const before = listSettings(store.current());
  await expect(changeSetting(store, key, value)).rejects.toMatchObject({ code: 'bad-argument' });
  expect(listSettings(store.current())).toEqual(before);
});

test.each(['nothing', 'toString', '__proto__'])('there is no setting %s', async (key) => {
  await expect(changeSetting(open(), key, '1')).rejects.toMatchObject({ code: 'not-found' });
});
