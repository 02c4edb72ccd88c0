import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

describe('a directory renamed here while a file in it is changed there', () => {
  it('keeps one place for everything, with the change in it [RC38]', async () => {
    const devices = await devicesInStep('moved-to', ['a', 'b', 'c']);
    const { world, machines } = devices;
    const [a, b, c] = machines as [WorldMachine, WorldMachine, WorldMachine];
    a.makeDirectory('old');
    for (const name of ['edited', 'same', 'touched']) a.write(`old/${name}`, `first ${name}`);
    await world.until('all have them', () =>
      machines.every((each) => each.read('old/touched') !== undefined),
    );
    await allInStep(devices);
    await world.during(b.stop());
    a.disk.rename(joinDisk(a.root, 'old'), joinDisk(a.root, 'between'));
    await world.until('c follows', () => c.read('between/same') === 'first same');
    a.disk.rename(joinDisk(a.root, 'between'), joinDisk(a.root, 'new'));
    await world.until('c follows again', () => c.read('new/same') === 'first same');
    await allInStep(devices);
    b.write('old/edited', 'second edited');
    b.write('old/made', 'made on b');
    await world.during(b.start());
    await world.until('the change is at the new place', () =>
      machines.every((each) => each.read('new/edited') === 'second edited'),
    );
    await world.until('the rest is as people would want it', () =>
      machines.every(
        (each) => each.read('old/edited') === undefined && each.read('old/made') === 'made on b',
      ),
    );
    await allInStep(devices);
    for (const each of machines) {
      expect([...each.tree().keys()].sort()).toEqual([
        'new',
        'new/edited',
        'new/same',
        'new/touched',
        'old',
        'old/made',
      ]);
      expect(await each.device().api.conflictList({})).toEqual([]);
    }
    await world.during(world.stop());
  });

  it('leaves the change where it was made when the new place was changed too', async () => {
    const devices = await devicesInStep('moved-on', ['a', 'b']);
    const { world, machines } = devices;
    const [a, b] = machines as [WorldMachine, WorldMachine];
    a.write('p', 'first');
    await world.until('b has it', () => b.read('p') === 'first');
    await allInStep(devices);
    await world.during(b.stop());
    a.disk.rename(joinDisk(a.root, 'p'), joinDisk(a.root, 'q'));
    await world.pass(3_000);
    a.write('q', 'second on a');
    await world.pass(3_000);
    b.write('p', 'second on b');
    await world.during(b.start());
    await world.until('both have both', () =>
      machines.every((each) => each.read('p') === 'second on b' && each.read('q') === 'second on a'),
    );
    await allInStep(devices);
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });

  it('leaves what was put in its place by whoever moved it there too [RC38]', async () => {
    const devices = await devicesInStep('moved-by-both', ['a', 'b']);
    const { world, machines } = devices;
    const [a, b] = machines as [WorldMachine, WorldMachine];
    a.write('p', 'first');
    a.write('q', 'other');
    await world.until('b has both', () => b.read('p') === 'first' && b.read('q') === 'other');
    await allInStep(devices);
    await world.during(b.stop());
    a.disk.rename(joinDisk(a.root, 'p'), joinDisk(a.root, 'q'));
    await world.pass(3_000);
    for (const [from, to] of [
      ['p', 'aside'],
      ['q', 'p'],
      ['aside', 'q'],
    ] as const)
      b.disk.rename(joinDisk(b.root, from), joinDisk(b.root, to));
    await world.during(b.start());
    await allInStep(devices);
    for (const each of machines) expect([each.read('p'), each.read('q')]).toEqual(['other', 'first']);
    expect(await a.device().api.conflictList({})).toEqual([]);
    await world.during(world.stop());
  });
});
