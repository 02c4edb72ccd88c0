import { describe, expect, it } from 'vitest';
import { SyncError } from '../model/errors.ts';
import { createSeededRandom, type SeededRandom } from '../testing/seeded-random.ts';
import type { World, WorldMachine } from '../testing/world.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const actsInOne = 25;
const seeds = Array.from({ length: 12 }, (_, i) => `acts ${i}`);
const paths = ['a.txt', 'b.txt', 'd/a.txt', 'd'];

/** What may be refused: the thing named is not there any more, or the device is not ready. */
const refusals = new Set(['not-found', 'not-allowed', 'already-exists']);

async function tried<T>(world: World, work: Promise<T>): Promise<T | undefined> {
  try {
    return await world.during(work);
  } catch (error) {
    if (error instanceof SyncError && refusals.has(error.code)) return undefined;
    throw error;
  }
}

function write(machine: WorldMachine, path: string, text: string): void {
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined;
  const tree = machine.tree();
  if (tree.get(path) === 'dir') return;
  if (parent !== undefined && tree.get(parent) !== 'dir') {
    if (tree.has(parent)) machine.remove(parent);
    machine.makeDirectory(parent);
  }
  machine.write(path, text);
}

async function act(
  devices: DevicesInStep,
  machine: WorldMachine,
  random: SeededRandom,
  step: number,
): Promise<void> {
  const { world, folderId } = devices;
  const path = random.pick(paths);
  const roll = random.below(12);
  if (roll === 0 && machine.isOn()) await world.during(machine.stop());
  else if (roll === 1 && !machine.isOn()) await world.during(machine.start());
  else if (roll <= 5) write(machine, path, `${machine.name} ${step % 4}`);
  else if (roll === 6 && machine.tree().has(path)) machine.remove(path);
  else if (machine.isOn()) {
    const { api } = machine.device();
    if (roll <= 8) {
      const conflicts = await api.conflictList({});
      if (conflicts.length === 0) return;
      const { id, versions } = random.pick(conflicts);
      const keep = random.below(3) === 0 ? {} : { keep: random.pick(versions).version };
      await tried(world, api.conflictResolve({ id, ...keep }));
    } else if (roll === 9) {
      const items = (await api.activity({ limit: 20 })).filter(({ undoable }) => undoable);
      if (items.length > 0) await tried(world, api.undo({ id: random.pick(items).id }));
    } else if (roll === 10) {
      const at = new Date(world.clock.now() - random.below(60_000)).toISOString();
      await tried(world, api.restore({ path: `${folderId}:`, at }));
    } else {
      const versions = await tried(world, api.history({ path: `${folderId}:${path}` }));
      if (versions === undefined || versions.length === 0) return;
      await tried(
        world,
        api.restore({ path: `${folderId}:${path}`, version: random.pick(versions).version }),
      );
    }
  }
}

describe('resolutions, restores and undos at random', () => {
  it.each(seeds)('end the same on all devices, with every version still to be had (%s)', async (seed) => {
    const random = createSeededRandom(seed);
    const devices = await devicesInStep(seed, ['a', 'b', 'c']);
    const { world, machines, folderId } = devices;
    for (let step = 0; step < actsInOne; step++) {
      await act(devices, random.pick(machines), random, step);
      await world.pass(random.below(8_000));
    }
    for (const machine of machines) if (!machine.isOn()) await world.during(machine.start());
    await allInStep(devices);
    const [first, ...others] = machines as [WorldMachine, ...WorldMachine[]];
    const conflicts = await first.device().api.conflictList({});
    for (const other of others) {
      expect([...other.tree()]).toEqual([...first.tree()]);
      const listed = await other.device().api.conflictList({});
      expect(listed.map(({ id }) => id)).toEqual(conflicts.map(({ id }) => id));
    }
    for (const machine of machines) {
      expect(machine.errors).toEqual([]);
      const { api } = machine.device();
      for (const { path, versions } of conflicts) {
        for (const { version, kind } of versions) {
          if (kind !== 'file') continue;
          const wish = { path: `${folderId}:${path}`, version, to: `${folderId}:to`, dryRun: true };
          expect(await world.during(api.restore(wish))).toMatchObject({ restored: 1, missing: [] });
        }
      }
    }
    await world.during(world.stop());
  });
});
