import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const dayMs = 24 * 60 * 60_000;

const storeOf = (machine: WorldMachine) => joinDisk(joinDisk(machine.root, '.lockstep'), 'versions');
/** The texts in a machine's version store. */
function stored(machine: WorldMachine): string[] {
  return machine.disk
    .list(storeOf(machine))
    .flatMap((listed) => ('name' in listed ? [machine.read(`.lockstep/versions/${listed.name}`) ?? ''] : []))
    .sort();
}

async function two(
  seed: string,
): Promise<DevicesInStep & { readonly a: WorldMachine; readonly b: WorldMachine }> {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  return { ...devices, a, b };
}

async function write(
  devices: DevicesInStep,
  machine: WorldMachine,
  path: string,
  text: string,
): Promise<void> {
  machine.write(path, text);
  await devices.world.until(text, () => devices.machines.every((each) => each.read(path) === text));
  await allInStep(devices);
}

async function restart(devices: DevicesInStep, machine: WorldMachine): Promise<void> {
  await devices.world.during(machine.stop());
  await devices.world.during(machine.start());
  await allInStep(devices);
}

describe('kept versions', () => {
  it('stay when they were replaced while the clock was ten years behind', async () => {
    const devices = await two('behind');
    const { world, a, b } = devices;
    for (const text of ['one', 'two']) await write(devices, a, 'file.txt', text);
    b.jumpClock(-3650 * dayMs);
    await write(devices, a, 'file.txt', 'three');
    b.jumpClock(3650 * dayMs);
    await restart(devices, b);
    expect(stored(b)).toEqual(['one', 'two']);
    await world.during(world.stop());
  });

  it('stay for two days after the clock leapt, in case it is wrong', async () => {
    const devices = await two('ahead');
    const { world, a, b } = devices;
    for (const text of ['one', 'two']) await write(devices, a, 'file.txt', text);
    await restart(devices, b);
    b.jumpClock(3650 * dayMs);
    for (let day = 0; day < 2; day += 1) {
      await restart(devices, b);
      expect(stored(b)).toEqual(['one']);
      world.clock.jump(0.9 * dayMs);
    }
    b.jumpClock(-3650 * dayMs);
    for (let day = 0; day < 4; day += 1) {
      await restart(devices, b);
      world.clock.jump(0.9 * dayMs);
    }
    expect(stored(b)).toEqual(['one']);
    await world.during(world.stop());
  });

  it('go when they are old enough, but not what stands in a conflict', async () => {
    const devices = await two('old');
    const { world, a, b, folderId } = devices;
    for (const text of ['one', 'two', 'three']) await write(devices, a, 'file.txt', text);
    await write(devices, a, 'apart.txt', 'at first');
    await world.during(a.stop());
    b.write('apart.txt', 'by b');
    await world.pass(1_000);
    // What is found at a start counts as written then.
    a.write('apart.txt', 'by a, later');
    await world.during(a.start());
    await world.until('the conflict', () => b.read('apart.txt') === 'by a, later');
    await allInStep(devices);
    expect(stored(b)).toEqual(['by b', 'one', 'two']);
    world.clock.jump(29 * dayMs);
    await restart(devices, b);
    expect(stored(b)).toEqual(['by b', 'one', 'two']);
    world.clock.jump(1.9 * dayMs);
    await restart(devices, b);
    expect(stored(b)).toEqual(['by b', 'one', 'two']);
    world.clock.jump(dayMs);
    await restart(devices, b);
    expect(stored(b)).toEqual(['by b']);
    const { api } = b.device();
    expect(await api.activity({})).toEqual([]);
    const [conflict] = await api.conflictList({});
    expect(conflict?.versions.map(({ hash, here }) => ({ hash, here }))).toEqual([
      { hash: hashOf('by a, later'), here: true },
      { hash: hashOf('by b'), here: true },
    ]);
    const to = `${folderId}:b.txt`;
    await world.during(api.restore({ path: `${folderId}:apart.txt`, version: hashOf('by b'), to }));
    await world.until('it can be had', () => a.read('b.txt') === 'by b');
    await world.during(world.stop());
  });

  it('go when all together take too much of the disk, the oldest first', async () => {
    const devices = await two('share');
    const { world, a, b } = devices;
    const capacity = 200 * 1024 * 1024;
    b.disk.setCapacity(capacity);
    await world.during(b.device().api.settingsSet({ key: 'versions.maxShare', value: '0.01' }));
    for (const letter of ['a', 'b', 'c', 'd', 'e'])
      await write(devices, a, 'file.txt', letter.repeat(600 * 1024));
    expect(stored(b).map((text) => text[0])).toEqual(['a', 'b', 'c', 'd']);
    await restart(devices, b);
    expect(stored(b).map((text) => text[0])).toEqual(['b', 'c', 'd']);
    await world.during(world.stop());
  });

  it('are as long and as large as the settings say', async () => {
    const { world, b } = await two('settings');
    const { api } = b.device();
    expect(await api.settingsList()).toMatchObject({ 'versions.keepDays': 30, 'versions.maxShare': 0.1 });
    expect(await world.during(api.settingsSet({ key: 'versions.keepDays', value: '7' }))).toEqual({
      'versions.keepDays': 7,
    });
    for (const value of ['0', '', 'many', '-1'])
      await expect(api.settingsSet({ key: 'versions.keepDays', value })).rejects.toMatchObject({
        code: 'bad-argument',
      });
    await expect(api.settingsSet({ key: 'versions', value: '1' })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await api.settingsList()).toMatchObject({ 'versions.keepDays': 7, 'versions.maxShare': 0.1 });
    await world.during(world.stop());
  });

  it('that nobody knows of any more go after a day, not at once', async () => {
    const devices = await two('orphans');
    const { world, a, b } = devices;
    await write(devices, a, 'file.txt', 'one');
    b.write('.lockstep/versions/leftover', 'nobody’s');
    await restart(devices, b);
    world.clock.jump(dayMs / 2);
    await restart(devices, b);
    expect(stored(b)).toEqual(['nobody’s']);
    world.clock.jump(dayMs);
    await restart(devices, b);
    expect(stored(b)).toEqual([]);
    await world.during(world.stop());
  });
});
