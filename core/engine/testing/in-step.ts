import type { DiskTraits } from '../../testing/world-machine.ts';
import { createWorld, type World, type WorldMachine } from '../../testing/world.ts';

/** Devices of one group that all hold one folder. */
export interface DevicesInStep {
  readonly world: World;
  readonly machines: readonly WorldMachine[];
  readonly folderId: string;
}

/** Starts a world with a machine for each name, the last with a disk of these traits; the first adds the folder, the others join. */
export async function devicesInStep(
  seed: string,
  names: readonly string[],
  traits: DiskTraits = {},
): Promise<DevicesInStep> {
  const world = createWorld(seed);
  const machines = names.map((name, i) => world.machine(name, i === names.length - 1 ? traits : {}));
  for (const machine of machines) await world.during(machine.start());
  const [first, ...others] = machines;
  if (first === undefined) throw new RangeError('a world needs a machine');
  const { api } = first.device();
  const { folderId } = await world.during(api.folderAdd({ path: first.root, name: 'Shared' }));
  for (const other of others) {
    const { invitation } = await world.during(api.deviceInvite({ admit: 'any', recovery: false }));
    await world.during(other.device().api.deviceJoin({ invitation }));
    await world.until('the offer', async () => (await other.device().api.folderList()).length > 0);
    await world.during(other.device().api.folderJoin({ folder: folderId, path: other.root }));
  }
  const devices = { world, machines, folderId };
  await allInStep(devices);
  return devices;
}

/** The same with two of them, `a` and `b`. */
export async function twoInStep(
  seed: string,
): Promise<DevicesInStep & { readonly a: WorldMachine; readonly b: WorldMachine }> {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  return { ...devices, a, b };
}

/** Starts a world with one machine, which is in no group. */
export async function oneAlone(seed: string): Promise<{ readonly world: World; readonly a: WorldMachine }> {
  const world = createWorld(seed);
  const a = world.machine('a');
  await world.during(a.start());
  return { world, a };
}

/** Lets time pass until every machine that is on is in step with all others that are. */
export async function allInStep({ world, machines }: DevicesInStep): Promise<void> {
  const running = machines.filter((machine) => machine.isOn());
  await world.until('all in step', async () => {
    const states = await Promise.all(running.map((machine) => machine.device().api.status()));
    return states.every(
      ({ folders }) =>
        folders.length === 1 &&
        folders.every(
          ({ needFiles, pendingLocal, holders, state }) =>
            needFiles === 0 &&
            pendingLocal === 0 &&
            state !== 'scanning' &&
            holders.length >= running.length - 1 &&
            holders.every(({ inStep }) => inStep),
        ),
    );
  });
}
