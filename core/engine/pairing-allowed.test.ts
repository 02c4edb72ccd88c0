import { expect, it } from 'vitest';
import { createWorld, type World, type WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';

const keyOf = (machine: WorldMachine): string => deviceKeyToText(machine.key());
const groupOf = async (machine: WorldMachine) => (await machine.device().api.groupShow()).group;
const allow = (world: World, on: WorldMachine, other: WorldMachine) =>
  world.during(on.device().api.deviceAllow({ device: keyOf(other), recovery: true }));

/** Started, the one with the smaller key first. */
async function started(seed: string, names: readonly string[]) {
  const world = createWorld(seed);
  const machines = names.map((name) => world.machine(name));
  for (const machine of machines) await world.during(machine.start());
  return { world, machines: machines.sort((a, b) => (a.key() < b.key() ? -1 : 1)) };
}
const isConnected = (on: WorldMachine, to: WorldMachine) => async (): Promise<boolean> =>
  (await on.device().api.deviceList()).some(({ key, state }) => key === keyOf(to) && state === 'connected');

it.each(['smaller', 'larger'])(
  'two devices that have each other’s key typed come to be in the group that the one with the %s key founded, without a question',
  async (which) => {
    const { world, machines } = await started(`typed ${which}`, ['a', 'b']);
    const [host, joiner] = (which === 'smaller' ? machines : machines.toReversed()) as [
      WorldMachine,
      WorldMachine,
    ];
    await world.during(host.device().api.groupCreate({ recovery: false }));
    const group = await groupOf(host);
    expect(await allow(world, host, joiner)).toEqual({ expiresInS: 86_400 });
    await world.pass(120_000);
    expect((await host.device().api.groupShow()).members).toHaveLength(1);
    await allow(world, joiner, host);
    await world.until('they met', isConnected(joiner, host));
    expect(await groupOf(joiner)).toBe(group);
    const member = (await host.device().api.deviceList()).find(({ key }) => key === keyOf(joiner));
    expect(member).toMatchObject({ method: 'typed', addedBy: keyOf(host) });
    await world.during(world.stop());
  },
);

it('of two in no group the smaller key founds it, and tells its recovery code when the key is typed', async () => {
  const { world, machines } = await started('typed fresh', ['a', 'b']);
  const [small, large] = machines as [WorldMachine, WorldMachine];
  expect(await allow(world, large, small)).toEqual({ expiresInS: 86_400 });
  const { recoveryCode } = await allow(world, small, large);
  expect([await groupOf(small), await groupOf(large)]).toEqual([null, null]);
  await world.until('they met', isConnected(large, small));
  expect(await groupOf(large)).toBe(await groupOf(small));
  const recovered = await world.during(
    small.device().api.recover({ code: recoveryCode ?? '', keep: [keyOf(small)] }),
  );
  expect(recovered.kept).toEqual([keyOf(small)]);
  await world.during(world.stop());
});

it('a key that only one of the two typed lets nobody in, nor does one typed a day ago', async () => {
  const { world, machines } = await started('typed once', ['a', 'b']);
  const [small, large] = machines as [WorldMachine, WorldMachine];
  await allow(world, small, large);
  for (let minutes = 0; minutes <= 24 * 60; minutes += 9) await world.pass(9 * 60_000);
  await allow(world, large, small);
  await world.pass(120_000);
  expect([await groupOf(small), await groupOf(large)]).toEqual([null, null]);
  await world.during(world.stop());
});

it('a device that leaves its group forgets whom it allowed', async () => {
  const { world, machines } = await started('typed left', ['a', 'b']);
  const [small, large] = machines as [WorldMachine, WorldMachine];
  await world.during(small.device().api.groupCreate({ recovery: false }));
  await allow(world, small, large);
  await world.during(small.device().api.groupLeave());
  await allow(world, large, small);
  await world.pass(120_000);
  expect([await groupOf(small), await groupOf(large)]).toEqual([null, null]);
  await world.during(world.stop());
});

it('needs the whole key of a device that is not in the group', async () => {
  const { world, machines } = await started('typed wrong', ['a', 'b']);
  const [small, large] = machines as [WorldMachine, WorldMachine];
  const { api } = small.device();
  for (const device of [keyOf(large).slice(0, 20), keyOf(small), `${keyOf(large).slice(0, -1)}A`])
    await expect(api.deviceAllow({ device, recovery: false })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  await world.during(world.stop());
});
