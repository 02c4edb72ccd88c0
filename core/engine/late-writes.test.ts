import { expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const late = 'saved through a handle that was open before';

/** A program on `b` has a file open, `a` changes it, and when that has come the program saves. */
async function savedLate(seed: string, mode: 'both' | 'receive') {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const { world, folderId } = devices;
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  a.write('file', 'at first');
  await world.until('b has it', () => b.read('file') === 'at first');
  await allInStep(devices);
  await b.device().api.folderSet({ folder: folderId, mode });
  const open = b.disk.openWrite(joinDisk(b.root, 'file'));
  a.write('file', 'changed on a');
  await world.until('the change comes', () => b.read('file') === 'changed on a');
  open.truncate(0);
  open.write(new TextEncoder().encode(late), 0);
  open.close();
  return { ...devices, a, b };
}

it('[AP7] what a program saves to a file that sync has replaced is a change like any other, and a conflict', async () => {
  const { world, a, b, folderId } = await savedLate('late', 'both');
  for (const machine of [a, b])
    await world.until(`${machine.name} tells of both`, async () => {
      const [conflict] = await machine.device().api.conflictList({});
      return conflict?.versions.length === 2;
    });
  const [conflict] = await a.device().api.conflictList({});
  const { id } = conflict ?? { id: '' };
  const kept = conflict?.versions.find(({ size }) => size === late.length)?.version ?? '';
  await world.during(a.device().api.conflictResolve({ id, keep: kept }));
  await world.until('both show what was saved', () => a.read('file') === late && b.read('file') === late);
  await allInStep({ world, machines: [a, b], folderId });
  expect(await b.device().api.conflictList({})).toEqual([]);
  await world.during(world.stop());
});

it('[AP7] [RD1] in a folder that only receives it stays in the history, and is told to nobody', async () => {
  const { world, a, b } = await savedLate('late here', 'receive');
  await world.pass(120_000);
  expect([a.read('file'), b.read('file')]).toEqual(['changed on a', 'changed on a']);
  expect(await a.device().api.conflictList({})).toEqual([]);
  const history = await world.during(b.device().api.history({ path: '/folder/file' }));
  expect(history.filter(({ here }) => here).map(({ size }) => size)).toContain(late.length);
  await world.during(world.stop());
});
