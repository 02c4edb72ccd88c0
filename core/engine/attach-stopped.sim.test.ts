import { expect, it } from 'vitest';
import { createWorld, type World, type WorldMachine } from '../testing/world.ts';

/** Does `attach` with a machine killed before its n-th call; false if it takes fewer. */
async function killedAt(
  { world, machine }: { readonly world: World; readonly machine: WorldMachine },
  n: number,
  attach: () => Promise<unknown>,
): Promise<boolean> {
  machine.killAtCall(n);
  const attached = attach().then(
    () => 'done',
    () => 'failed',
  );
  let outcome: string | undefined;
  void attached.then((said) => {
    outcome = said;
  });
  await world.until('it is attached or off', () => outcome !== undefined || !machine.isOn());
  if (machine.isOn()) return false;
  await world.during(machine.start());
  return true;
}

async function comesUp(world: World, machine: WorldMachine): Promise<void> {
  await world.until('the folder is up to date, with its file', async () => {
    const { folders } = await machine.device().api.status();
    return folders[0]?.state === 'up-to-date' && folders[0].files === 1;
  });
}

it('a device that is stopped at any call while it shares a directory shares it afterwards, or can', async () => {
  let stops = 0;
  for (let wasKilled = true; wasKilled; stops += 1) {
    const world = createWorld(`share ${stops}`);
    const machine = world.machine('a');
    await world.during(machine.start());
    machine.write('file', 'by its user');
    const add = (): Promise<unknown> =>
      machine.device().api.folderAdd({ path: machine.root, name: 'Shared' });
    wasKilled = await killedAt({ world, machine }, stops + 1, add);
    if (wasKilled && (await machine.device().api.folderList()).length === 0) await world.during(add());
    await comesUp(world, machine);
    machine.dispose();
  }
  expect(stops).toBeGreaterThan(10);
});
