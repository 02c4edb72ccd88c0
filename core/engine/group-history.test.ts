import { expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import { devicesInStep } from './testing/in-step.ts';

const keyOf = (machine: WorldMachine | undefined): string =>
  machine === undefined ? '' : deviceKeyToText(machine.key());

it('tells who founded the group, who came by whom, and who was removed why; on others too', async () => {
  const { world, machines } = await devicesInStep('group-history', ['a', 'b', 'c']);
  const [a, b, c] = machines;
  await world.during(a?.device().api.deviceRemove({ devices: [keyOf(c)], reason: 'stolen' }) ?? fail());
  const happened = async (on: WorldMachine | undefined) =>
    (await on?.device().api.groupHistory())?.map(({ kind, by, devices, how, counts }) => ({
      kind,
      by,
      devices,
      how,
      counts,
    }));
  await world.until('b has heard', async () => (await happened(b))?.length === 4);
  const added = (key: string) => ({
    kind: 'added',
    by: keyOf(a),
    devices: [key],
    how: 'invite',
    counts: true,
  });
  expect(await happened(a)).toEqual([
    { kind: 'removed', by: keyOf(a), devices: [keyOf(c)], how: 'stolen', counts: true },
    added(keyOf(c)),
    added(keyOf(b)),
    { kind: 'founded', by: keyOf(a), devices: [keyOf(a)], how: null, counts: true },
  ]);
  expect(await happened(b)).toEqual(await happened(a));
  const [newest] = (await a?.device().api.groupHistory()) ?? [];
  expect(Date.parse(newest?.at ?? '')).toBeLessThanOrEqual(world.clock.now());
  await world.during(world.stop());
});

it('says of an admission that the removal of its author voids that it does not count', async () => {
  const { world, machines } = await devicesInStep('group-history-void', ['a', 'b']);
  const [a, b] = machines;
  const c = world.machine('c');
  await world.during(c.start());
  await world.pass(1_000);
  const before = new Date(world.clock.now()).toISOString();
  await world.pass(1_000);
  const { invitation } = await world.during(
    b?.device().api.deviceInvite({ admit: 'any', recovery: false }) ?? fail(),
  );
  await world.during(c.device().api.deviceJoin({ invitation }));
  await world.until('a has heard', async () => (await a?.device().api.groupHistory())?.length === 3);
  await world.during(
    a?.device().api.deviceRemove({ devices: [keyOf(b)], withAdded: false, voidSince: before }) ?? fail(),
  );
  const events = (await a?.device().api.groupHistory()) ?? [];
  expect(events.map(({ kind, devices, counts }) => [kind, devices[0], counts])).toEqual([
    ['removed', keyOf(b), true],
    ['added', keyOf(c), false],
    ['added', keyOf(b), true],
    ['founded', keyOf(a), true],
  ]);
  await world.during(world.stop());
});

function fail(): never {
  throw new Error('there is such a machine');
}
