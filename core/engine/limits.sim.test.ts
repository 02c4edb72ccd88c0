import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../testing/seeded-random.ts';
import type { WorldMachine } from '../testing/world.ts';
import { devicesInStep } from './testing/in-step.ts';

const names = ['a', 'b', 'c'];
const entries = [
  'daily 00:00-24:00 pause',
  'sun 15:00-15:30 pause; daily 15:20-23:00 limit up=20k',
  'daily 10:00-20:00 limit down=15k',
  'none',
];

describe('devices whose users set rates, pauses and schedules at random', () => {
  it.each(Array.from({ length: 8 }, (_, i) => `limits ${i}`))(
    '[LM6] [LM14] end the same, at the rates that hold then, and lose nothing (%s)',
    async (seed) => {
      const random = createSeededRandom(seed);
      const { world, machines } = await devicesInStep(seed, names);
      const [first] = machines as [WorldMachine, ...WorldMachine[]];
      const written = new Map<string, string>();
      for (let i = 0; i < 40; i++) {
        const machine = machines[random.below(machines.length)] ?? first;
        const { api } = machine.device();
        switch (random.below(6)) {
          case 0:
            await world.during(
              api.limitsSet({
                sendBps: random.chance(0.5) ? 10_000 + random.below(90_000) : null,
                receiveBps: random.chance(0.5) ? 10_000 + random.below(90_000) : null,
              }),
            );
            break;
          case 1:
            await world.during(
              api.settingsSet({ key: 'schedule', value: entries[random.below(entries.length)] ?? 'none' }),
            );
            break;
          case 2:
            await world.during(random.chance(0.5) ? api.resume() : api.pause({}));
            break;
          case 3:
            await world.during(machine.stop());
            await world.during(machine.start());
            break;
          default: {
            const path = `file ${i}`;
            const text = `${seed} ${i} `.repeat(1 + random.below(random.chance(0.2) ? 20_000 : 50));
            machine.write(path, text);
            written.set(path, text);
          }
        }
        await world.pass(random.below(3_000));
      }
      for (const machine of machines) {
        await world.during(machine.device().api.settingsSet({ key: 'schedule', value: 'none' }));
        await world.during(machine.device().api.resume());
      }
      const isEverywhere = () =>
        machines.every((machine) => [...written].every(([path, text]) => machine.read(path) === text));
      await world.until('all is everywhere', isEverywhere);
      for (const machine of machines) {
        await world.during(machine.device().api.wait({ timeoutS: 120 }));
        expect(await machine.device().api.status()).toMatchObject({ pausedBy: null, state: 'idle' });
      }
      await world.during(world.stop());
    },
  );
});
