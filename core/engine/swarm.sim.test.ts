import { expect, test } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { createWorld } from '../testing/world.ts';

const sendBps = 400_000;

test('[TF27] a large file from a slow device comes to four others in little more than the time to send it once', async () => {
  const world = createWorld('swarm');
  const machines = ['a', 'b', 'c', 'd', 'e'].map((name) => world.machine(name));
  const [first, ...others] = machines;
  if (first === undefined) throw new Error('there is one');
  for (const machine of machines) await world.during(machine.start());
  const { folderId } = await world.during(first.device().api.folderAdd({ path: first.root }));
  for (const machine of others) {
    const { api } = machine.device();
    const { invitation } = await world.during(
      first.device().api.deviceInvite({ admit: 'any', recovery: false }),
    );
    await world.during(api.deviceJoin({ invitation }));
    await world.until('the offer', async () => (await api.folderList()).length > 0);
    await world.during(api.folderJoin({ folder: folderId, path: machine.root }));
  }
  for (const machine of machines) {
    const { api } = machine.device();
    await world.during(api.limitsSet({ sendBps, receiveBps: null, lanExempt: false }));
    await world.during(api.wait({ timeoutS: 120 }));
  }
  const text = Buffer.from(createSeededRandom('a film').bytes(8_000_000)).toString('base64');
  const startedAt = world.clock.monotonic();
  first.write('film', text);
  await world.until('it is everywhere', () => others.every((machine) => machine.read('film') === text));
  const onceMs = (text.length / sendBps) * 1000;
  expect((world.clock.monotonic() - startedAt) / onceMs).toBeLessThan(1.7);
  await world.during(world.stop());
}, 60_000);
