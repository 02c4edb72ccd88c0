import { describe, expect, it } from 'vitest';
import type { Connection } from '../network/network.ts';
import { createWorld, type World } from './world.ts';

/** A device with a folder, and a connection to it from where a member's device was: all a member's key can do without a word of trust. */
async function connected(seed: string): Promise<{ world: World; connection: Connection }> {
  const world = createWorld(seed);
  const [a, b] = [world.machine('a'), world.machine('b')];
  for (const machine of [a, b]) await world.during(machine.start());
  const { api } = a.device();
  await world.during(api.folderAdd({ path: a.root }));
  const { invitation } = await world.during(api.deviceInvite({ admit: 'any', recovery: false }));
  await world.during(b.device().api.deviceJoin({ invitation }));
  await world.during(b.stop());
  const network = world.lan.join({ self: b.key(), admission: () => 'admit' });
  await network.start();
  const address = { address: '/memory/1', origin: 'person' } as const;
  return { world, connection: await world.during(network.dial(a.key(), [address])) };
}

describe('a connection of a known device', () => {
  it.each(['/lockstep/profile/1', '/lockstep/ctl/1', '/lockstep/blk/1'] as const)(
    '[A19] without an exchange of trust is refused %s at once',
    async (protocol) => {
      const { world, connection } = await connected(`no trust ${protocol}`);
      const openedAt = world.clock.monotonic();
      const stream = await world.during(connection.openStream(protocol));
      await expect(world.during(stream.receive())).rejects.toThrow('the stream was reset');
      expect(world.clock.monotonic() - openedAt).toBeLessThan(100);
      await world.stop();
    },
  );

  it('[A21] [A24] that begins an exchange of trust and says nothing is broken off', async () => {
    const { world, connection } = await connected('silent trust');
    const openedAt = world.clock.monotonic();
    const stream = await world.during(connection.openStream('/lockstep/trust/1'));
    const broken = (async () => {
      while ((await stream.receive()) !== undefined);
    })();
    await expect(world.during(broken)).rejects.toThrow(/stream was reset|connection/);
    // By the world's own clock: not before anybody honest would have spoken, and not much later.
    expect(world.clock.monotonic() - openedAt).toBeGreaterThan(10_000);
    expect(world.clock.monotonic() - openedAt).toBeLessThanOrEqual(31_000);
    await world.stop();
  });

  it.each(['/lockstep/profile/1', '/lockstep/ctl/1'] as const)(
    '[A19] on which trust is not done is told nothing on %s',
    async (protocol) => {
      const { world, connection } = await connected(`half trust ${protocol}`);
      await world.during(connection.openStream('/lockstep/trust/1'));
      const stream = await world.during(connection.openStream(protocol));
      await expect(world.during(stream.receive())).rejects.toThrow(/stream was reset|connection/);
      await world.stop();
    },
  );
});
