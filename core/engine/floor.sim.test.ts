import { describe, expect, it } from 'vitest';
import { createSeededRandom, type SeededRandom } from '../testing/seeded-random.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const minute = 60_000;
const seeds = Array.from(
  { length: Number(process.env['LOCKSTEP_FLOOR_WORLDS'] ?? 12) },
  (_, i) => `floors ${i}`,
);
const paths = ['a', 'b', 'c', 'd/a', 'd/b', 'd/e/a'];
const rounds = 7;

function put(machine: WorldMachine, path: string, text: string): void {
  const tree = machine.tree();
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i++) {
    const above = parts.slice(0, i).join('/');
    if (!tree.has(above)) machine.makeDirectory(above);
  }
  machine.write(path, text);
}

const namesOf = (machine: WorldMachine): string[] =>
  [...machine.tree()].map(([path, what]) => `${path} ${what === 'dir' ? what : machine.read(path)}`);

/** One user works on one machine, which may be off, while others may be off, cut off or lose their index. */
async function round(
  { world }: DevicesInStep,
  machines: readonly WorldMachine[],
  random: SeededRandom,
  texts: { count: number },
): Promise<readonly string[]> {
  const actor = random.pick(machines);
  const others = machines.filter((machine) => machine !== actor);
  for (const other of others) {
    if (random.chance(0.4) && other.isOn()) await world.during(other.stop());
    if (random.chance(0.1) && !other.isOn()) other.loseIndex();
    if (random.chance(0.3)) world.lan.cut(actor.key(), other.key());
  }
  if (random.chance(0.3) && actor.isOn()) await world.during(actor.stop());
  for (let i = 1 + random.below(4); i > 0; i--) {
    const path = random.pick(paths);
    if (random.chance(0.5) && actor.tree().has(path)) actor.remove(path);
    else {
      texts.count += 1;
      // The same bytes may come again: what is old must not be told by them.
      put(actor, path, random.chance(0.4) ? 'often' : `text ${texts.count}`);
    }
    if (random.chance(0.4)) await world.pass(random.pick([60, 2_000, minute]));
  }
  const wanted = namesOf(actor);
  if (random.chance(0.6)) for (let i = random.below(25); i > 0; i--) await world.pass(minute);
  return wanted;
}

describe('whole devices that forget deletions', () => {
  it.each(seeds)(
    'show what the last user left, and in the end remember no deletion (%s) [FL1]',
    async (seed) => {
      const random = createSeededRandom(seed);
      const devices = await devicesInStep(seed, ['a', 'b', 'c', 'd'].slice(0, 2 + random.below(3)));
      const { world, machines } = devices;
      const texts = { count: 0 };
      for (let i = 0; i < rounds; i++) {
        const wanted = await round(devices, machines, random, texts);
        for (const machine of machines) {
          if (!machine.isOn()) await world.during(machine.start());
          for (const other of machines) if (other !== machine) world.lan.heal(machine.key(), other.key());
        }
        await world.pass(5_000);
        await allInStep(devices);
        expect(machines.map(namesOf)).toEqual(machines.map(() => wanted));
        if (random.chance(0.5))
          for (let passed = random.below(25); passed > 0; passed--) await world.pass(minute);
      }
      for (let passed = 0; passed < 45; passed++) await world.pass(minute);
      await allInStep(devices);
      for (const machine of machines) {
        expect(machine.errors).toEqual([]);
        expect(machine.index()?.stateRoot()).toBe(machines[0]?.index()?.stateRoot());
        expect(await machine.device().api.conflictList({})).toEqual([]);
        const left = machine.index()?.pathsOfNothing(undefined, 100) ?? [];
        const remembered = left.filter((path) => machine.index()?.members(path).length !== 0);
        expect(remembered).toEqual([]);
      }
      await world.during(world.stop());
    },
  );
});
