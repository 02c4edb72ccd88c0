import { expect, it } from 'vitest';
import { type DiskPath, joinDisk } from '../filesystem/filesystem.ts';
import type { World, WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const markerOf = (directory: DiskPath): DiskPath => joinDisk(joinDisk(directory, '.lockstep'), 'folder.json');

async function says(world: World, machine: WorldMachine, kind: string): Promise<void> {
  await world.until(`${machine.name} says ${kind}`, async () => {
    const { folders } = await machine.device().api.status();
    const folder = folders.find(({ name }) => name === 'Shared');
    return folder?.state === 'error' && folder.problems[0]?.kind === kind;
  });
}

const two = async (seed: string) => {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  a.write('kept.txt', 'kept');
  a.write('gone.txt', 'gone');
  await devices.world.until('both hold both', () => b.read('gone.txt') === 'gone');
  await allInStep(devices);
  return { ...devices, a, b };
};

it('a marker that a cleaner deleted: nothing is deleted elsewhere, and joining the folder anew brings it back in step', async () => {
  const devices = await two('cleaner');
  const { world, a, b, folderId } = devices;
  a.disk.remove(markerOf(a.root));
  a.remove('gone.txt');
  await says(world, a, 'marker-missing');
  const { problems } = (await a.device().api.status()).folders[0] ?? {};
  expect(problems?.[0]?.action).toContain('join it again');
  await world.pass(120_000);
  b.write('new.txt', 'new');
  await world.pass(5_000);
  expect([b.read('gone.txt'), b.read('kept.txt'), a.read('new.txt')]).toEqual(['gone', 'kept', undefined]);

  await world.during(a.device().api.folderRemove({ folder: folderId }));
  await world.until('the offer', async () => (await a.device().api.folderList()).length > 0);
  await world.during(a.device().api.folderJoin({ folder: folderId, path: a.root }));
  await world.until('all is here', () => a.read('new.txt') === 'new' && a.read('gone.txt') === 'gone');
  await allInStep(devices);
  expect([...a.tree()]).toEqual([...b.tree()]);
  expect((await b.device().api.status()).folders[0]?.conflicts).toBe(0);
  await world.during(world.stop());
});

it('an empty directory where the folder was, while running and at a start: nothing is deleted elsewhere', async () => {
  const devices = await two('empty');
  const { world, a, b } = devices;
  a.unplug('empty');
  await says(world, a, 'marker-missing');
  await world.during(a.stop());
  await world.during(a.start());
  await says(world, a, 'marker-missing');
  await world.pass(120_000);
  expect([b.read('kept.txt'), b.read('gone.txt')]).toEqual(['kept', 'gone']);
  a.plugIn();
  await allInStep(devices);
  expect([...a.tree()]).toEqual([...b.tree()]);
  await world.during(world.stop());
});

it('a copy of a folder with its marker becomes no folder of its own, and takes nothing with it in another’s place', async () => {
  const { world, a, b, folderId } = await two('copied');
  const { api } = a.device();
  const place = `${a.root}-copy` as DiskPath;
  a.disk.makeDirectory(place);
  a.disk.makeDirectory(joinDisk(place, '.lockstep'));
  a.disk.copy(markerOf(a.root), markerOf(place));
  a.disk.copy(joinDisk(a.root, 'kept.txt'), joinDisk(place, 'kept.txt'));
  await expect(api.folderAdd({ path: place })).rejects.toMatchObject({ code: 'folder-elsewhere' });
  await expect(api.folderJoin({ folder: folderId, path: place })).rejects.toMatchObject({
    code: 'already-exists',
  });

  // Another folder's directory, marker and all, in this one's place.
  const other = `${a.root}-other` as DiskPath;
  a.disk.makeDirectory(other);
  await world.during(api.folderAdd({ path: other, name: 'Other' }));
  await world.during(api.folderPause({ folder: folderId }));
  await world.during(api.folderPause({ folder: 'Other' }));
  a.disk.rename(a.root, `${a.root}-aside` as DiskPath);
  a.disk.rename(other, a.root);
  await world.during(api.folderResume({ folder: folderId }));
  await says(world, a, 'marker-other');
  await world.pass(120_000);
  expect([b.read('kept.txt'), b.read('gone.txt')]).toEqual(['kept', 'gone']);
  await world.during(world.stop());
});
