import { describe, expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

interface Two extends DevicesInStep {
  readonly a: WorldMachine;
  readonly b: WorldMachine;
}

/** Two devices that show one file each of `old`, `gone` and `edited`; `b` goes one way. */
async function oneWay(seed: string, mode: 'send' | 'receive'): Promise<Two> {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  for (const name of ['old', 'gone', 'edited']) a.write(name, `first ${name}`);
  await devices.world.until('b has them', () => b.read('edited') === 'first edited');
  await allInStep(devices);
  await b.device().api.folderSet({ folder: devices.folderId, mode });
  return { ...devices, a, b };
}

const folderOf = async (machine: WorldMachine) => (await machine.device().api.status()).folders[0];

describe('a folder that only receives', () => {
  it('keeps its own changes to itself and says so', async () => {
    const { world, a, b, folderId } = await oneWay('receive', 'receive');
    const moment = new Date(world.clock.now()).toISOString();
    b.write('edited', 'changed on b');
    b.remove('gone');
    b.write('made', 'on b');
    a.write('old', 'second old');
    await world.until('what a sends', () => b.read('old') === 'second old');
    await world.pass(5_000);
    expect([a.read('edited'), a.read('gone'), a.read('made')]).toEqual([
      'first edited',
      'first gone',
      undefined,
    ]);
    expect((await folderOf(a))?.holders).toMatchObject([{ inStep: false, needFiles: 0, differs: true }]);
    expect((await a.device().api.status()).sentence).toBe(
      'All is sent; 1 device holds something else: look there.',
    );
    const folder = await folderOf(b);
    expect(folder?.state).toBe('attention');
    expect(folder?.problems.map(({ path, kind }) => [path, kind])).toEqual([
      ['edited', 'local-change'],
      ['gone', 'local-change'],
      ['made', 'local-change'],
    ]);
    await expect(b.device().api.restore({ path: `${folderId}:old`, at: moment })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    // What others change at such a path waits.
    a.write('edited', 'and on a');
    await world.pass(5_000);
    expect(b.read('edited')).toBe('changed on b');
    await world.during(world.stop());
  });

  it('puts the group’s state back when asked to, and keeps what was there', async () => {
    const { world, a, b, folderId } = await oneWay('revert', 'receive');
    b.write('edited', 'changed on b');
    b.remove('gone');
    b.write('made', 'on b');
    await world.until('noticed', async () => (await folderOf(b))?.problems.length === 3);
    expect(await b.device().api.folderRevert({ folder: folderId, paths: ['/folder/gone'] })).toEqual({
      paths: 1,
    });
    await world.until('back', () => b.read('gone') === 'first gone');
    expect(b.read('edited')).toBe('changed on b');
    expect(await b.device().api.folderRevert({ folder: folderId })).toEqual({ paths: 2 });
    await world.until('all back', () => b.read('edited') === 'first edited' && b.read('made') === undefined);
    await allInStep({ world, machines: [a, b], folderId });
    const history = await world.during(b.device().api.history({ path: '/folder/edited' }));
    expect(history).toMatchObject([{ here: true, size: 'changed on b'.length }]);
    await world.during(world.stop());
  });

  it('tells the others when asked to', async () => {
    const devices = await oneWay('accept', 'receive');
    const { world, a, b, folderId } = devices;
    b.write('edited', 'changed on b');
    b.remove('gone');
    b.write('made', 'on b');
    await world.until('noticed', async () => (await folderOf(b))?.problems.length === 3);
    expect(await b.device().api.folderAccept({ folder: folderId })).toEqual({ paths: 3 });
    await world.until(
      'told',
      () => a.read('edited') === 'changed on b' && a.read('gone') === undefined && a.read('made') === 'on b',
    );
    await allInStep(devices);
    expect(await folderOf(b)).toMatchObject({ state: 'up-to-date', problems: [] });
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });
});

describe('a folder that only received', () => {
  it('[RD1] tells what was changed in it as soon as changes go both ways', async () => {
    const devices = await oneWay('both-again', 'receive');
    const { world, a, b, folderId } = devices;
    b.write('edited', 'changed on b');
    b.remove('gone');
    b.write('made', 'on b');
    await world.until('noticed', async () => (await folderOf(b))?.problems.length === 3);
    await b.device().api.folderSet({ folder: folderId, mode: 'both' });
    await world.until('told', () => a.read('made') === 'on b' && a.read('gone') === undefined);
    await allInStep(devices);
    for (const each of [a, b])
      expect(['edited', 'gone', 'made'].map((name) => each.read(name))).toEqual([
        'changed on b',
        undefined,
        'on b',
      ]);
    await world.during(world.stop());
  });
});

describe('a folder that only sends', () => {
  it('is changed by nobody, and takes or overrules what others changed when asked to', async () => {
    const devices = await oneWay('send', 'send');
    const { world, a, b, folderId } = devices;
    a.write('edited', 'changed on a');
    a.remove('gone');
    a.write('made', 'on a');
    b.write('old', 'second old');
    await world.until('what b sends', () => a.read('old') === 'second old');
    await world.until('told', async () => (await folderOf(b))?.problems.length === 3);
    await world.pass(5_000);
    expect([b.read('edited'), b.read('gone'), b.read('made')]).toEqual([
      'first edited',
      'first gone',
      undefined,
    ]);
    expect(await folderOf(b)).toMatchObject({ state: 'attention', needFiles: 3 });

    expect(await b.device().api.folderRevert({ folder: folderId, paths: ['/folder/made'] })).toEqual({
      paths: 1,
    });
    await world.until('taken', () => b.read('made') === 'on a');
    expect(await b.device().api.folderAccept({ folder: folderId })).toEqual({ paths: 2 });
    await world.until(
      'overruled',
      () => a.read('edited') === 'first edited' && a.read('gone') === 'first gone',
    );
    await allInStep(devices);
    expect(await folderOf(b)).toMatchObject({ state: 'up-to-date', problems: [] });
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });
});

describe('accept and revert', () => {
  it('mean nothing where changes go both ways', async () => {
    const devices = await devicesInStep('both', ['a']);
    const [a] = devices.machines as [WorldMachine];
    for (const call of ['folderAccept', 'folderRevert'] as const)
      await expect(a.device().api[call]({ folder: devices.folderId })).rejects.toMatchObject({
        code: 'not-allowed',
      });
    await devices.world.during(devices.world.stop());
  });
});
