import { expect, it } from 'vitest';
import type { World, WorldMachine } from '../testing/world.ts';
import { oneAlone, twoInStep } from './testing/in-step.ts';

const minuteMs = 60_000;

async function passHours(world: World, hours: number): Promise<void> {
  for (let minutes = 0; minutes < hours * 60; minutes += 5) await world.pass(5 * minuteMs);
}

/** A machine on its own that keeps a folder, in which no watch tells of the file `unheard`; in the directory `elsewhere` it does. */
async function unheard(seed: string): Promise<{ readonly world: World; readonly a: WorldMachine }> {
  const { world, a } = await oneAlone(seed);
  a.makeDirectory('elsewhere');
  await world.during(a.device().api.folderAdd({ path: a.root, name: 'Shared' }));
  await world.pass(10_000);
  a.hearing.drops = (directory) => directory === a.root;
  a.write('unheard', 'x');
  return { world, a };
}

const filesOf = async (a: WorldMachine): Promise<number | undefined> =>
  (await a.device().api.status()).folders[0]?.files;

it('after a sleep what no watch told of is found at once, not within the hour', async () => {
  const { world, a } = await unheard('woke: folders');
  await world.pass(minuteMs);
  expect(await filesOf(a)).toBe(0);
  a.device().woke();
  await world.pass(10_000);
  expect(await filesOf(a)).toBe(1);
  await world.stop();
});

it('after a sleep a connection that is dead is known to be so within seconds', async () => {
  const { world, a, b } = await twoInStep('woke: devices');
  world.lan.cut(a.key(), b.key());
  await world.pass(1_000);
  a.device().woke();
  await world.pass(6_000);
  const { peers } = await a.device().api.status();
  expect(peers.map(({ state }) => state)).not.toContain('connected');
  world.lan.heal(a.key(), b.key());
  await world.stop();
});

it('on battery a watched folder is not looked through every hour, but a change that is heard goes out at once; on the mains again, it is', async () => {
  const { world, a } = await unheard('battery');
  a.device().setOnBattery(true);
  await passHours(world, 2);
  expect(await filesOf(a)).toBe(0);
  a.write('elsewhere/heard', 'y');
  await world.pass(10_000);
  expect(await filesOf(a)).toBe(1);
  a.device().setOnBattery(false);
  await world.pass(10_000);
  expect(await filesOf(a)).toBe(2);
  await world.stop();
});

it('on battery it is looked through all the same before the day is over', async () => {
  const { world, a } = await unheard('battery all day');
  a.device().setOnBattery(true);
  await passHours(world, 7);
  expect(await filesOf(a)).toBe(1);
  await world.stop();
});

it('on battery a folder that cannot be watched whole is looked through as often as ever', async () => {
  const { world, a } = await unheard('battery, not watched');
  await a.stop();
  a.hearing.maxWatches = 0;
  await world.during(a.start());
  a.device().setOnBattery(true);
  await world.pass(10_000);
  a.write('unheard too', 'x');
  await world.pass(2 * minuteMs);
  expect(await filesOf(a)).toBe(2);
  await world.stop();
});
