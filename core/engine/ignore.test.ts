import { describe, expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

interface Two extends DevicesInStep {
  readonly a: WorldMachine;
  readonly b: WorldMachine;
}

async function two(seed: string): Promise<Two> {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  return { ...devices, a, b };
}

/** Until both show these texts; undefined: nothing. */
async function bothShow({ world, machines }: Two, path: string, text: string | undefined): Promise<void> {
  await world.until(`${path} is ${text ?? 'gone'}`, () => machines.every((each) => each.read(path) === text));
}

describe('what the ignore file leaves out', () => {
  it('stays where it is, is sent nowhere, and its deletion is told to nobody', async () => {
    const devices = await two('ignore');
    const { world, a, b, folderId } = devices;
    a.makeDirectory('build');
    a.write('build/out', 'made');
    a.write('kept', 'k');
    await bothShow(devices, 'build/out', 'made');
    await allInStep(devices);

    const added = await world.during(a.device().api.ignoreAdd({ folder: folderId, pattern: 'build/' }));
    expect(added).toEqual([{ pattern: 'build/', line: 1 }]);
    await bothShow(devices, '.lockstepignore', 'build/\n');
    await allInStep(devices);
    a.remove('build/out');
    a.write('build/new', 'also made');
    b.write('build/out', 'changed on b');
    await world.pass(10_000);
    expect([a.read('build/out'), b.read('build/out')]).toEqual([undefined, 'changed on b']);
    expect([a.read('build/new'), b.read('build/new')]).toEqual(['also made', undefined]);
    expect(await b.device().api.why({ path: `${folderId}:build/out` })).toMatchObject({ state: 'not-kept' });
    expect(await b.device().api.ignoreTest({ path: '/folder/build/out' })).toEqual({
      ignored: true,
      rule: 'build/',
    });
    const [onA] = (await a.device().api.status()).folders;
    expect(onA).toMatchObject({ state: 'up-to-date', needFiles: 0, problems: [] });
    await world.during(world.stop());
  });

  it('is kept in step again when the rule goes: changes count, deletions from that time do not', async () => {
    const devices = await two('unignore');
    const { world, a, folderId } = devices;
    a.makeDirectory('d');
    for (const name of ['deleted', 'edited', 'same']) a.write(`d/${name}`, `first ${name}`);
    await bothShow(devices, 'd/same', 'first same');
    await allInStep(devices);
    await world.during(a.device().api.ignoreAdd({ folder: folderId, pattern: 'd/' }));
    await bothShow(devices, '.lockstepignore', 'd/\n');
    await allInStep(devices);
    a.remove('d/deleted');
    a.write('d/edited', 'edited on a');
    a.write('d/made', 'made on a');
    await world.pass(5_000);
    await world.during(a.device().api.ignoreRemove({ folder: folderId, pattern: 'd/' }));
    await bothShow(devices, 'd/edited', 'edited on a');
    await bothShow(devices, 'd/made', 'made on a');
    await bothShow(devices, 'd/deleted', 'first deleted');
    await allInStep(devices);
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });

  it('counts at once: what is deleted with the rule just written is deleted here alone', async () => {
    const devices = await two('ignore-race');
    const { world, a, b } = devices;
    for (const name of ['x.log', 'y.log']) a.write(name, name);
    await bothShow(devices, 'y.log', 'y.log');
    await allInStep(devices);
    a.remove('x.log');
    a.write('.lockstepignore', '*.log\n');
    a.remove('y.log');
    await bothShow(devices, '.lockstepignore', '*.log\n');
    await allInStep(devices);
    expect([b.read('x.log'), b.read('y.log')]).toEqual(['x.log', 'y.log']);
    await world.during(world.stop());
  });

  it('comes before what it leaves out on a device that joins', async () => {
    const devices = await two('ignore-join');
    const { world, a, b, folderId } = devices;
    a.write('.lockstepignore', '*.tmp\n');
    await bothShow(devices, '.lockstepignore', '*.tmp\n');
    await allInStep(devices);
    await expect(a.device().api.ignoreAdd({ folder: folderId, pattern: 'a\nb' })).rejects.toMatchObject({
      code: 'bad-argument',
    });
    await expect(b.device().api.ignoreRemove({ folder: folderId, pattern: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await world.during(world.stop());
  });
});

describe('the top directories a device holds', () => {
  it('can be chosen: the others are neither fetched nor told of', async () => {
    const devices = await two('select');
    const { world, a, b, folderId } = devices;
    for (const top of ['music', 'work']) {
      a.makeDirectory(top);
      a.write(`${top}/file`, top);
    }
    a.write('top', 't');
    await bothShow(devices, 'work/file', 'work');
    await allInStep(devices);
    await b.device().api.folderSet({ folder: folderId, select: ['work'] });
    b.remove('music/file');
    a.write('music/new', 'n');
    a.write('work/new', 'n');
    await world.until('the selected one', () => b.read('work/new') === 'n');
    await world.pass(5_000);
    expect([a.read('music/file'), b.read('music/new'), b.read('top')]).toEqual(['music', undefined, 't']);
    expect(await b.device().api.why({ path: `${folderId}:music/new` })).toMatchObject({ state: 'not-kept' });
    await allInStep(devices);
    for (const { device } of [a, b])
      expect((await device().api.status()).folders[0]).toMatchObject({
        state: 'up-to-date',
        holders: [{ inStep: true, part: device === a.device }],
        // What each keeps, not what the folder has.
        ...(device === a.device
          ? { files: 5, directories: 2, bytes: 12 }
          : { files: 3, directories: 1, bytes: 6 }),
      });
    await b.device().api.folderSet({ folder: folderId, select: null });
    await bothShow(devices, 'music/file', 'music');
    await bothShow(devices, 'music/new', 'n');
    await allInStep(devices);
    await world.during(world.stop());
  });

  it('are all that counts for being in step, also between two devices that chose differently', async () => {
    const devices = await devicesInStep('select-apart', ['a', 'b', 'c']);
    const { world, folderId } = devices;
    const [a, b, c] = devices.machines as [WorldMachine, WorldMachine, WorldMachine];
    for (const top of ['music', 'work', 'home']) {
      a.makeDirectory(top);
      for (let i = 0; i < 40; i += 1) a.write(`${top}/${i}`, `${top} ${i}`);
    }
    await world.until('all files everywhere', () =>
      devices.machines.every(
        (machine) => machine.read('home/39') !== undefined && machine.tree().size === 123,
      ),
    );
    await allInStep(devices);
    await b.device().api.folderSet({ folder: folderId, select: ['work', 'home'] });
    await c.device().api.folderSet({ folder: folderId, select: ['work', 'music'] });
    await world.pass(2_000);
    await allInStep(devices);
    a.write('music/0', 'changed');
    c.write('work/0', 'changed');
    await world.until(
      'changed where it is kept',
      () => c.read('music/0') === 'changed' && b.read('work/0') === 'changed',
    );
    await allInStep(devices);
    expect(b.read('music/0')).toBe('music 0');

    // What one of them does not show of what both keep does count.
    b.remove('work/1');
    await world.during(a.stop());
    await world.during(c.device().api.folderPause({ folder: folderId }));
    await world.pass(2_000);
    expect(b.read('work/1')).toBeUndefined();
    c.write('work/1', 'edited while paused');
    await world.during(c.device().api.folderResume({ folder: folderId }));
    await world.during(a.start());
    await allInStep(devices);
    for (const machine of [a, b, c]) expect(machine.read('work/1')).toBe('edited while paused');
    await world.during(world.stop());
  });
});
