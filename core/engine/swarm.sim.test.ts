import { expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import type { WorldMachine } from '../testing/world.ts';
import { devicesInStep } from './testing/in-step.ts';

const sendBps = 400_000;

test('[TF27] a large file from a slow device comes to four others in little more than the time to send it once', async () => {
  const { world, machines } = await devicesInStep('swarm', ['a', 'b', 'c', 'd', 'e']);
  const [first, ...others] = machines as [WorldMachine, ...WorldMachine[]];
  for (const machine of machines) {
    const { api } = machine.device();
    await world.during(api.limitsSet({ sendBps, receiveBps: null, lanExempt: false }));
  }
  const text = Buffer.from(createSeededRandom('a film').bytes(8_000_000)).toString('base64');
  const startedAt = world.clock.monotonic();
  first.write('film', text);
  await world.until('it is everywhere', () => others.every((machine) => machine.read('film') === text));
  const onceMs = (text.length / sendBps) * 1000;
  expect((world.clock.monotonic() - startedAt) / onceMs).toBeLessThan(1.7);
  await world.during(world.stop());
}, 60_000);
