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
    'without an exchange of trust is refused %s at once',
    async (protocol) => {
      const { world, connection } = await connected(`no trust ${protocol}`);
      const openedAt = world.clock.monotonic();
      const stream = await world.during(connection.openStream(protocol));
      await expect(world.during(stream.receive())).rejects.toThrow('the stream was reset');
      expect(world.clock.monotonic() - openedAt).toBeLessThan(100);
      await world.stop();
    },
  );

  it.each(['/lockstep/profile/1', '/lockstep/ctl/1'] as const)(
    'on which trust is not done is told nothing on %s',
    async (protocol) => {
      const { world, connection } = await connected(`half trust ${protocol}`);
      await world.during(connection.openStream('/lockstep/trust/1'));
      const stream = await world.during(connection.openStream(protocol));
      await expect(world.during(stream.receive())).rejects.toThrow(/stream was reset|connection/);
      await world.stop();
    },
  );
});
