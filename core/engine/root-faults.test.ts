import { expect, it } from 'vitest';
import { type DiskPath, type FileSystem, joinDisk } from '../filesystem/filesystem.ts';
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

it.each(['ESTALE', 'EACCES', 'EIO'])(
  'a root that cannot be read (%s): nothing is deleted elsewhere, and it goes on by itself once it can',
  async (code) => {
    const devices = await two(`unreadable ${code}`);
    const { world, a, b } = devices;
    a.failCalls(1, [code]);
    await says(world, a, 'root-unreadable');
    a.remove('gone.txt');
    await world.pass(120_000);
    expect([b.read('kept.txt'), b.read('gone.txt')]).toEqual(['kept', 'gone']);
    a.failCalls(0, []);
    await world.until('what was deleted meanwhile is told', () => b.read('gone.txt') === undefined);
    await allInStep(devices);
    expect([...a.tree()]).toEqual([...b.tree()]);
    await world.during(world.stop());
  },
);

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

/** Copies a directory with all in it, as a backup of a whole disk does. */
function copyAll(disk: FileSystem, from: DiskPath, to: DiskPath): void {
  disk.makeDirectory(to);
  for (const listed of disk.list(from)) {
    if (!('name' in listed)) continue;
    const [source, target] = [joinDisk(from, listed.name), joinDisk(to, listed.name)];
    if (disk.look(source)?.kind === 'directory') copyAll(disk, source, target);
    else {
      disk.copy(source, target);
      disk.setModifiedAt(target, disk.look(source)?.modifiedAtNs ?? 0n);
    }
  }
}

it.each(['while the device is off', 'while it runs', 'in one moment while it runs'])(
  'a folder that is an older copy of itself, brought back %s, is brought up to date; nothing old goes to the others [EN1]',
  async (when) => {
    const devices = await two(`older ${when}`);
    const { world, a, b } = devices;
    const backup = `${a.root}-backup` as DiskPath;
    await world.during(a.stop());
    copyAll(a.disk, a.root, backup);
    await world.during(a.start());
    b.write('kept.txt', 'newer');
    b.write('new.txt', 'new');
    b.remove('gone.txt');
    await world.until('a has it all', () => a.read('new.txt') === 'new' && a.read('gone.txt') === undefined);
    await allInStep(devices);
    const latest = [...b.tree()];

    if (when === 'while the device is off') await world.during(a.stop());
    a.disk.rename(a.root, `${a.root}-aside` as DiskPath);
    if (when === 'while it runs') await world.pass(10_000);
    a.disk.rename(backup, a.root);
    if (!a.isOn()) await world.during(a.start());
    await world.until('a is up to date', () => JSON.stringify([...a.tree()]) === JSON.stringify(latest));
    await allInStep(devices);
    expect([...b.tree()]).toEqual(latest);
    expect((await b.device().api.status()).folders[0]).toMatchObject({ conflicts: 0, state: 'up-to-date' });
    await world.during(world.stop());
  },
);

it.each(['d', 'd/e'])(
  'a directory that could not be looked at when all was looked through is watched once it can be: %s',
  async (failing) => {
    const devices = await two(`unread ${failing}`);
    const { world, a, b } = devices;
    for (const directory of ['d', 'd/e', 'd/e/f']) a.makeDirectory(directory);
    a.write('d/e/f/old.txt', 'old');
    await world.until('b holds it', () => b.read('d/e/f/old.txt') === 'old');
    await allInStep(devices);
    await world.during(a.stop());
    a.failCalls(1, ['EIO'], new Set([failing.split('/').reduce(joinDisk, a.root)]));
    await world.during(a.start());
    await world.pass(10_000);
    a.failCalls(0, []);
    await allInStep(devices);
    a.write('d/e/f/new.txt', 'new');
    await world.until('b hears of it', () => b.read('d/e/f/new.txt') !== undefined);
    expect(b.read('d/e/f/new.txt')).toBe('new');
    await world.during(world.stop());
  },
);

it.each(['deleted', 'replaced by a link', 'moved away'])(
  'a file that could not be read is no problem any more once it was %s',
  async (how) => {
    const devices = await two(`unreadable then ${how}`);
    const { world, a, b } = devices;
    a.write('other', 'other');
    a.write('file', 'first');
    await world.until('b holds it', () => b.read('file') === 'first');
    await allInStep(devices);
    const place = joinDisk(a.root, 'file');
    const problems = async () => (await a.device().api.status()).folders[0]?.problems;
    // Looking at it works now and then, reading it does not.
    a.failCalls(0.5, ['EIO'], new Set([place]));
    for (let i = 0; (await problems())?.[0]?.kind !== 'unreadable'; i++) {
      a.write('file', `version ${i}`);
      await world.pass(500);
    }
    if (how === 'moved away') a.disk.rename(place, joinDisk(a.root, 'away'));
    else a.disk.remove(place);
    a.failCalls(0, []);
    if (how === 'replaced by a link') a.disk.makeSymlink('other', place);
    await world.pass(30_000);
    expect(await problems()).toEqual([]);
    await allInStep(devices);
    await world.during(world.stop());
  },
);
