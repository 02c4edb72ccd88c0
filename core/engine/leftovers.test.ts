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

it('what was put together and could not be placed, for the marker was not to be read just then, goes when a later plan needs it no more', async () => {
  const devices = await devicesInStep('leftovers of a look', ['a', 'b']);
  const { world, machines } = devices;
  const [a, b] = machines as [WorldMachine, WorldMachine];
  const marker = joinDisk(joinDisk(b.root, '.lockstep'), 'folder.json');
  let wereLeft = 0;
  for (let n = 48; n < 58; n += 1) {
    const at = (name: string) => joinDisk(joinDisk(a.root, `${n}`), name);
    a.makeDirectory(`${n}`);
    for (const name of ['a', 'b', 'c', 'd']) a.write(`${n}/${name}`, `${name} of ${n}`);
    await world.until('b has them', () => b.read(`${n}/d`) === `d of ${n}`);
    await allInStep(devices);
    b.atCall(n, () => {
      b.failCalls(1, ['EACCES'], new Set([marker]));
      b.atCall(2, () => b.failCalls(0, []));
    });
    a.disk.rename(at('b'), at('b, renamed'));
    a.disk.rename(at('c'), at('aside'));
    a.disk.rename(at('d'), at('c'));
    a.disk.rename(at('aside'), at('d'));
    await world.until('b shows it', () => {
      if (stagingOf(b).length > 0) wereLeft += 1;
      return b.read(`${n}/c`) === `d of ${n}` && b.read(`${n}/d`) === `c of ${n}`;
    });
    b.forgetCalls();
    b.failCalls(0, []);
    await allInStep(devices);
    await world.pass(5_000);
    expect({ n, staging: stagingOf(b) }).toEqual({ n, staging: [] });
  }
  expect(wereLeft).toBeGreaterThan(0);
});
