import { describe, expect, it } from 'vitest';
import { DiskError, type DiskPath, joinDisk, readWholeFile } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import { createSeededRandom, type SeededRandom } from '../testing/seeded-random.ts';
import type { World, WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const stepsInOne = 30;
const seeds = Array.from(
  { length: Number(process.env['LOCKSTEP_REMOVAL_WORLDS'] ?? 12) },
  (_, i) => `removal ${i}`,
);
const paths = ['a.txt', 'b.txt', 'c.txt'];

/** Texts that lie on a machine's disk, in its folder or put aside. */
function textsOn({ disk, root }: WorldMachine): ReadonlySet<string> {
  const texts = new Set<string>();
  const visit = (directory: DiskPath): void => {
    for (const listed of disk.list(directory)) {
      if (!('name' in listed)) continue;
      const place = joinDisk(directory, listed.name);
      if (disk.look(place)?.kind === 'directory') visit(place);
      else {
        const bytes = readWholeFile(disk, place, { maxBytes: 65_536 });
        if (bytes !== undefined) texts.add(new TextDecoder().decode(bytes));
      }
    }
  };
  try {
    visit(root);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
  return texts;
}

/** Now and then a link is cut, heals or gets slow, so that what one hears in order another hears late. */
function troubleLink({ lan }: World, a: WorldMachine, b: WorldMachine, random: SeededRandom): void {
  if (a === b) return;
  if (random.chance(0.15)) lan.cut(a.key(), b.key());
  else if (random.chance(0.3)) lan.heal(a.key(), b.key());
  else if (random.chance(0.2)) lan.delay(a.key(), b.key(), random.pick([1, 400, 3_000]));
}

function healLinks({ lan }: World, machines: readonly WorldMachine[]): void {
  for (const a of machines) {
    for (const b of machines) {
      if (a === b) continue;
      lan.heal(a.key(), b.key());
      lan.delay(a.key(), b.key(), 1);
    }
  }
}

describe('a device is removed while all write, come and go, links break and indexes get lost', () => {
  it.each(seeds)(
    'those that stay end the same, lose nothing of their own, and show nothing it wrote since (%s)',
    async (seed) => {
      const random = createSeededRandom(seed);
      const devices = await devicesInStep(seed, ['a', 'b', 'c', 'gone']);
      const { world, machines } = devices;
      const gone = machines[3] as WorldMachine;
      const staying = machines.slice(0, 3);
      const key = deviceKeyToText(gone.key());
      const removeAt = 5 + random.below(15);
      const mine = new Set<string>();
      const late = new Set<string>();
      let isRemoved = false;

      for (let step = 0; step < stepsInOne; step++) {
        const machine = random.pick(machines);
        const path = random.pick(paths);
        const roll = random.below(10);
        troubleLink(world, machine, random.pick(machines), random);
        if (machine !== gone && !machine.isOn() && random.chance(0.3)) machine.loseIndex();
        if (roll === 0 && machine.isOn()) await world.during(machine.stop());
        else if (roll <= 2 && !machine.isOn()) await world.during(machine.start());
        else {
          // What a person had before their eyes and replaced is theirs to lose.
          mine.delete(machine.read(path) ?? '');
          if (roll === 3) {
            if (machine.tree().has(path)) machine.remove(path);
          } else {
            const text = `${machine.name} ${step}`;
            machine.write(path, text);
            if (machine !== gone) mine.add(text);
            else if (isRemoved) late.add(text);
          }
        }
        if (!isRemoved && step >= removeAt) {
          const remover = staying.find((each) => each.isOn());
          if (remover !== undefined) {
            await world.during(remover.device().api.deviceRemove({ devices: [key], withAdded: true }));
            isRemoved = true;
          }
        }
        await world.pass(random.below(6_000));
      }
      healLinks(world, machines);
      for (const machine of staying) if (!machine.isOn()) await world.during(machine.start());
      if (!isRemoved)
        await world.during(
          (staying[0] as WorldMachine).device().api.deviceRemove({ devices: [key], withAdded: true }),
        );
      await world.until('all have heard', async () => {
        const lists = await Promise.all(staying.map((each) => each.device().api.deviceList()));
        return lists.every((list) => list.some((one) => one.key === key && one.state === 'revoked'));
      });
      await world.pass(30_000);
      await allInStep({ ...devices, machines: staying });

      const [first, ...others] = staying as [WorldMachine, ...WorldMachine[]];
      const conflictsOf = async (machine: WorldMachine): Promise<readonly string[]> =>
        (await machine.device().api.conflictList({})).map(({ id }) => id);
      for (const other of others) {
        expect([...other.tree()]).toEqual([...first.tree()]);
        expect(await conflictsOf(other)).toEqual(await conflictsOf(first));
      }
      const kept = new Set(staying.flatMap((machine) => [...textsOn(machine)]));
      expect([...mine].filter((text) => !kept.has(text))).toEqual([]);
      const shown = paths.map((path) => first.read(path) ?? '');
      expect(shown.filter((text) => late.has(text))).toEqual([]);
      for (const machine of staying) expect(machine.errors).toEqual([]);
      await world.during(world.stop()).catch((error: unknown) => {
        if (!(error instanceof SyncError)) throw error;
      });
    },
    120_000,
  );
});
