import { expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

/** LIMIT: more calls than it takes until what came is committed. */
const mostCalls = 14;

const stagingOf = ({ disk, root }: WorldMachine): readonly unknown[] =>
  disk.list(joinDisk(joinDisk(root, '.lockstep'), 'staging'));

it('what was put together for a file that its user saved meanwhile does not stay in staging', async () => {
  const devices = await devicesInStep('leftovers', ['a', 'b']);
  const { world, machines } = devices;
  const [a, b] = machines as [WorldMachine, WorldMachine];
  let wereLeft = 0;
  for (let n = 1; n < mostCalls; n += 1) {
    const path = `file ${n}`;
    a.write(path, 'from the start');
    await world.until('both have it', () => b.read(path) === 'from the start');
    await allInStep(devices);
    a.write(path, `by the user of a ${n}`);
    b.atCall(n, () => b.write(path, `by the user of b ${n}`));
    await world.until('both show one of them', async () => {
      if (stagingOf(b).length > 0) wereLeft += 1;
      return a.read(path) !== 'from the start' && a.read(path) === b.read(path);
    });
    b.forgetCalls();
    await allInStep(devices);
    await world.pass(5_000);
    expect({ n, staging: [a, b].map((machine) => stagingOf(machine)) }).toEqual({ n, staging: [[], []] });
  }
  expect(wereLeft).toBeGreaterThan(0);
});

it('what had come of a file when its device was killed goes when its user saved that file before the start', async () => {
  const devices = await devicesInStep('leftovers of a stop', ['a', 'b']);
  const { world, machines } = devices;
  const [a, b] = machines as [WorldMachine, WorldMachine];
  let wereLeft = 0;
  for (let n = 20; n < 80; n += 4) {
    const path = `file ${n}`;
    b.killAtCall(n);
    a.write(path, `by the user of a ${n}`);
    await world.until('b is off', () => !b.isOn());
    if (stagingOf(b).length > 0) wereLeft += 1;
    b.write(path, `by the user of b ${n}`);
    await world.during(b.start());
    await world.until('both show one of them', () => a.read(path) === b.read(path));
    await allInStep(devices);
    await world.pass(5_000);
    expect({ n, staging: stagingOf(b) }).toEqual({ n, staging: [] });
  }
  expect(wereLeft).toBeGreaterThan(0);
});
