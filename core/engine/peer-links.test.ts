import { expect, it } from 'vitest';
import { createWorld } from '../testing/world.ts';

it.each([5_000, 5_250, 5_500, 6_250, 6_500])(
  'an admission that falls into a slow exchange of trust reaches the other side, %i ms after it began',
  async (afterMs) => {
    const world = createWorld(`admitted after ${afterMs}`);
    const [a, b, c] = [world.machine('a'), world.machine('b'), world.machine('c')];
    for (const machine of [a, b, c]) await world.during(machine.start());
    const first = await world.during(a.device().api.deviceInvite({ admit: 'any', recovery: false }));
    await world.during(b.device().api.deviceJoin(first));
    const second = await world.during(b.device().api.deviceInvite({ admit: 'any', recovery: false }));
    await world.during(a.stop());
    // Until it signs without waiting for a meeting.
    await world.pass(20_000);
    world.lan.delay(a.key(), b.key(), 700);
    await world.during(a.start());
    await world.pass(afterMs);
    await world.during(c.device().api.deviceJoin(second));
    await world.until('all know each other', async () => {
      const seen = await Promise.all([a, b, c].map((machine) => machine.device().api.status()));
      return seen.every(({ peers }) => peers.filter(({ state }) => state === 'connected').length === 2);
    });
    expect(world.clock.monotonic()).toBeLessThan(120_000);
    await world.during(world.stop());
  },
);
