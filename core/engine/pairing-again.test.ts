import { describe, expect, it } from 'vitest';
import { pair } from '../testing/group-acts.ts';
import { createWorld, type World, type WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';

const keyOf = (machine: WorldMachine): string => deviceKeyToText(machine.key());
const groupOf = async (machine: WorldMachine) => (await machine.device().api.groupShow()).group;

/** A host whose group has let the joiner in, and a joiner that has not heard of it: the connection broke in between. */
async function halfAdmitted(seed: string) {
  const world = createWorld(seed);
  const [host, joiner] = ['host', 'joiner'].map((name) => world.machine(name)) as [
    WorldMachine,
    WorldMachine,
  ];
  for (const machine of [host, joiner]) await world.during(machine.start());
  await world.during(host.device().api.groupCreate({ recovery: false }));
  world.lan.delay(host.key(), joiner.key(), 300);
  const broken = pair(host, joiner);
  broken.catch(() => {});
  await world.until(
    'the joiner is a member',
    async () => (await host.device().api.deviceList()).length === 2,
  );
  world.lan.drop(host.key(), joiner.key());
  await expect(world.during(broken)).rejects.toMatchObject({ code: 'interrupted' });
  world.lan.delay(host.key(), joiner.key(), 1);
  expect(await groupOf(joiner)).toBeNull();
  return { world, host, joiner };
}

describe('[TR53] a device that was let in while the connection broke', () => {
  it.each([false, true])('comes in by another invitation, the host started anew: %s', async (isAnew) => {
    const { world, host, joiner } = await halfAdmitted(`again ${isAnew}`);
    if (isAnew) {
      await world.during(host.stop());
      await world.during(host.start());
    }
    await world.during(pair(host, joiner));
    expect(await groupOf(joiner)).toBe(await groupOf(host));
    await expectMembers(world, host, joiner);
  });

  it('comes in by typed keys', async () => {
    const { world, host, joiner } = await halfAdmitted('again typed');
    await world.during(host.device().api.deviceAllow({ device: keyOf(joiner), recovery: false }));
    await world.during(joiner.device().api.deviceAllow({ device: keyOf(host), recovery: false }));
    await world.until('the joiner is in the group', async () => (await groupOf(joiner)) !== null);
    expect(await groupOf(joiner)).toBe(await groupOf(host));
    await expectMembers(world, host, joiner);
  });

  it('is shown as near, and comes in by digits', async () => {
    const { world, host, joiner } = await halfAdmitted('again digits');
    const [near] = await world.during(
      Promise.all([host.device().api.deviceNearby({}), joiner.device().api.deviceNearby({})]),
    );
    expect(near.map(({ key }) => key)).toEqual([keyOf(joiner)]);
    const [asked, shown] = await world.during(
      Promise.all(
        [[host, joiner] as const, [joiner, host] as const].map(([on, other]) =>
          on.device().api.devicePair({ device: keyOf(other), recovery: false }),
        ),
      ),
    );
    if (asked?.step !== 'digits' || shown?.step !== 'code') throw new Error('no digits were shown');
    const hosts = host.device().api;
    const joins = joiner.device().api;
    const confirming = joins.devicePairNext({ pairing: shown.pairing });
    await hosts.devicePairAnswer({ pairing: asked.pairing, digits: shown.code });
    await world.during(hosts.devicePairNext({ pairing: asked.pairing }));
    await world.during(confirming);
    await joins.devicePairAnswer({ pairing: shown.pairing, agrees: true });
    await world.during(joins.devicePairNext({ pairing: shown.pairing }));
    expect(await groupOf(joiner)).toBe(await groupOf(host));
    await expectMembers(world, host, joiner);
  });
});

async function expectMembers(world: World, host: WorldMachine, joiner: WorldMachine): Promise<void> {
  await world.until('they are connected', async () =>
    (await joiner.device().api.deviceList()).some(({ state }) => state === 'connected'),
  );
  expect((await host.device().api.groupShow()).members).toHaveLength(2);
  await expect(
    host.device().api.devicePair({ device: keyOf(joiner), recovery: false }),
  ).rejects.toMatchObject({
    code: 'already-exists',
  });
  await world.during(world.stop());
}
