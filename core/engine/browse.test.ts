import { expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import type { DirectoryItem } from './api.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const shortly = (items: readonly DirectoryItem[]): string[] =>
  items.map(({ name, kind, size, state }) => `${name} ${kind} ${size} ${state}`);

/** A folder with a past: `keep.txt` stands, `edit.txt` was edited, `gone.txt` and a directory were deleted, `new.txt` came. */
async function withPast(seed: string) {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const { world, folderId } = devices;
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  const settle = async (what: string, look: () => boolean): Promise<void> => {
    await world.until(what, look);
    await allInStep(devices);
    await world.pass(5_000);
  };
  for (const path of ['old', 'old/deep', 'sub']) a.makeDirectory(path);
  for (const path of ['keep.txt', 'edit.txt', 'gone.txt', 'old/deep/in.txt', 'sub/in.txt'])
    a.write(path, 'one');
  await settle('all there', () => b.read('sub/in.txt') === 'one' && b.read('old/deep/in.txt') === 'one');
  const moment = new Date(world.clock.now()).toISOString();
  await world.pass(5_000);
  a.write('edit.txt', 'another');
  a.write('new.txt', 'new');
  a.write('sub/more.txt', 'new');
  for (const path of ['gone.txt', 'old']) a.remove(path);
  await settle('all changed', () => b.read('edit.txt') === 'another' && b.read('gone.txt') === undefined);
  const browse = (path: string, more: object = {}): Promise<readonly DirectoryItem[]> =>
    b.device().api.browse({ path: `${folderId}:${path}`, ...more });
  return { world, a, b, moment, browse };
}

it('lists what is in a directory, and what is gone from it', async () => {
  const { world, a, browse } = await withPast('now');
  expect(shortly(await browse(''))).toEqual([
    'edit.txt file 7 there',
    'gone.txt file 3 gone',
    'keep.txt file 3 there',
    'new.txt file 3 there',
    'old directory 0 gone',
    'sub directory 0 there',
  ]);
  expect(shortly(await browse('old/deep'))).toEqual(['in.txt file 3 gone']);
  const [edit] = await browse('', { limit: 1 });
  expect(edit).toMatchObject({ device: a.device().identity.deviceKey });
  expect((await browse('', { after: 'keep.txt', limit: 2 })).map(({ name }) => name)).toEqual([
    'new.txt',
    'old',
  ]);
  await world.during(world.stop());
});

it('lists what was in a directory at a moment, and how it stands now', async () => {
  const { world, a, b, moment, browse } = await withPast('then');
  expect(shortly(await browse('', { at: moment }))).toEqual([
    'edit.txt file 3 changed',
    'gone.txt file 3 gone',
    'keep.txt file 3 there',
    'old directory 0 gone',
    'sub directory 0 changed',
  ]);
  expect(shortly(await browse('sub', { at: moment }))).toEqual(['in.txt file 3 there']);
  a.write('edit.txt', 'one');
  await world.until('it is as it was', () => b.read('edit.txt') === 'one');
  expect(shortly(await browse('', { at: moment, limit: 1 }))).toEqual(['edit.txt file 3 there']);
  await expect(browse('', { at: '2001-01-01T00:00:00.000Z' })).rejects.toMatchObject({
    code: 'not-found',
    facts: { what: 'moment' },
  });
  await world.during(world.stop());
});
