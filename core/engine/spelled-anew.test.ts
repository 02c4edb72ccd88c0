import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const composed = 'caf\u00e9.txt';
const decomposed = 'cafe\u0301.txt';
const namesIn = (machine: WorldMachine): string[] =>
  [...machine.tree().keys()].filter((name) => name.startsWith('caf'));

describe('a name spelled anew in the other normal form', () => {
  it.each([
    { says: 'composed to decomposed', from: composed, to: decomposed },
    { says: 'decomposed to composed', from: decomposed, to: composed },
  ])('is no deletion and no new file: $says', async ({ from, to }) => {
    const devices = await devicesInStep(`spelled ${from.length}`, ['a', 'b']);
    const { world, machines } = devices;
    const [a, b] = machines as [WorldMachine, WorldMachine];
    a.write(from, 'first');
    await world.until('b has it', () => namesIn(b).length === 1);
    await allInStep(devices);
    for (const [there, here] of [
      [from, to],
      [to, from],
      [from, to],
    ] as const) {
      a.disk.rename(joinDisk(a.root, there), joinDisk(a.root, here));
      for (let i = 0; i < 20; i++) {
        await world.pass(20);
        expect(namesIn(b)).toHaveLength(1);
      }
    }
    a.write(to, 'second');
    await world.until('the change comes', () => b.read(namesIn(b)[0] ?? '') === 'second');
    await allInStep(devices);
    expect(namesIn(a)).toEqual([to]);
    await world.during(world.stop());
  });
});

describe('of two names that differ in normal form alone', () => {
  it('the other takes the place of the one that is deleted', async () => {
    const devices = await devicesInStep('two forms', ['a', 'b']);
    const { world, machines } = devices;
    const [a, b] = machines as [WorldMachine, WorldMachine];
    a.write(composed, 'first');
    await world.until('b has it', () => b.read(composed) === 'first');
    await allInStep(devices);
    a.write(decomposed, 'the other');
    await world.pass(3_000);
    a.remove(composed);
    await world.until('b has the other', () => b.read(composed) === 'the other');
    await allInStep(devices);
    expect(namesIn(a)).toEqual([decomposed]);
    await world.during(world.stop());
  });
});
