import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { contentOf, type RunningDevice, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  comesTo,
  describeInLab,
  inStep,
  meeting,
  shareFolder,
  sightOf,
  startOn,
  switchOff,
  takeFolder,
} from '../harness/lab-group.ts';

const running: RunningDevice[] = [];
let lab: Lab | undefined;

async function start(host: LabHost): Promise<RunningDevice> {
  const device = await startOn(host);
  running.push(device);
  return device;
}

function makeLab(...names: readonly string[]): Lab {
  lab = createLab(names);
  for (const host of lab.hosts) fs.mkdirSync(folderOf(host));
  return lab;
}

function folderOf(host: LabHost): string {
  return path.join(host.directory, 'folder');
}

function write(host: LabHost, ...names: readonly string[]): void {
  for (const name of names)
    fs.writeFileSync(path.join(folderOf(host), name), `${name}, written on ${host.name}\n`);
}

function namesIn(host: LabHost): readonly string[] {
  return Object.keys(contentOf(folderOf(host))).sort();
}

/** Resolves when all these hosts hold the files named and nothing else, with equal content. */
async function allHold(hosts: readonly LabHost[], names: readonly string[]): Promise<void> {
  const wanted = [...names].sort();
  for (const host of hosts) await comesTo(`${host.name} holds all`, () => namesIn(host), wanted);
  const [first, ...others] = hosts as [LabHost, ...LabHost[]];
  for (const other of others) {
    // Names may agree before contents do: neither side is what the other must become until both have come to rest.
    const both = (): readonly unknown[] => [contentOf(folderOf(first)), contentOf(folderOf(other))];
    await waitUntil(`${other.name} and ${first.name} hold the same`, () =>
      isDeepStrictEqual(...(both() as [unknown, unknown])),
    ).catch(() => {});
    const [one, another] = both();
    expect(another).toEqual(one);
  }
}

afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((device) => device.stop()));
  lab?.destroy();
  lab = undefined;
});

describeInLab('stories', () => {
  test('work is carried along: laptop and desktop at home, laptop and office machine at work, home again', async () => {
    const { hosts } = makeLab('laptop', 'desktop', 'office');
    const [c1, c2, c3] = hosts as [LabHost, LabHost, LabHost];
    write(c1, 'F1', 'F2', 'F3');
    write(c2, 'F4');

    const laptop = await start(c1);
    const desktop = await start(c2);
    const folder = await shareFolder(laptop, folderOf(c1), 'work');
    await admit(laptop, desktop);
    await takeFolder(desktop, folder, folderOf(c2));
    await allHold([c1, c2], ['F1', 'F2', 'F3', 'F4']);
    await inStep(laptop, desktop);
    await switchOff(desktop);

    const office = await start(c3);
    await admit(laptop, office);
    await takeFolder(office, folder, folderOf(c3));
    await allHold([c1, c3], ['F1', 'F2', 'F3', 'F4']);
    write(c3, 'F5');
    await allHold([c1, c3], ['F1', 'F2', 'F3', 'F4', 'F5']);
    await inStep(laptop, office);
    await switchOff(office, laptop);

    await Promise.all([laptop.restart(), desktop.restart()]);
    await allHold([c1, c2, c3], ['F1', 'F2', 'F3', 'F4', 'F5']);
    await inStep(laptop, desktop);
    expect(contentOf(folderOf(c2))).toEqual(contentOf(folderOf(c3)));
  });

  test('four devices that meet two by two, in a line and crosswise, all hold all files', async () => {
    const { hosts } = makeLab('a', 'b', 'c', 'd');
    for (const host of hosts) write(host, `first-${host.name}`);
    const devices: RunningDevice[] = [];
    let folder = '';
    for (const [at, host] of hosts.entries()) {
      const device = await start(host);
      const before = devices.at(-1);
      devices.push(device);
      if (before === undefined) {
        folder = await shareFolder(device, folderOf(host), 'all');
        continue;
      }
      await admit(before, device);
      await takeFolder(device, folder, folderOf(host));
      await allHold(
        hosts.slice(at - 1, at + 1),
        hosts.slice(0, at + 1).map(({ name }) => `first-${name}`),
      );
      await inStep(before, device);
      await switchOff(before);
    }
    const [a, b, c, d] = devices as [RunningDevice, RunningDevice, RunningDevice, RunningDevice];
    await switchOff(d);
    const meet = async (one: RunningDevice, other: RunningDevice): Promise<void> => {
      await Promise.all([one.restart(), other.restart()]);
      await meeting(one, other);
      await inStep(one, other);
      await switchOff(one, other);
    };
    await meet(c, b);
    await meet(b, a);
    const firsts = hosts.map(({ name }) => `first-${name}`);
    await allHold(hosts, firsts);

    for (const host of hosts) write(host, `second-${host.name}`);
    await meet(a, b);
    await meet(c, d);
    await meet(a, d);
    await meet(b, c);
    const all = [...firsts, ...hosts.map(({ name }) => `second-${name}`)];
    await allHold(hosts, all);
    expect(all).toHaveLength(8);
  });

  test('what is written at one end of a chain reaches the other end, though the ends never connect', async () => {
    const { hosts, part } = makeLab('left', 'middle', 'right');
    part(['left', 'right']);
    const [c1, c2, c3] = hosts as [LabHost, LabHost, LabHost];
    write(c1, 'from-left');
    write(c2, 'from-middle');
    write(c3, 'from-right');
    const left = await start(c1);
    const middle = await start(c2);
    const right = await start(c3);
    const folder = await shareFolder(middle, folderOf(c2), 'chain');
    await admit(middle, left);
    await admit(middle, right);
    await takeFolder(left, folder, folderOf(c1));
    await takeFolder(right, folder, folderOf(c3));
    await allHold(hosts, ['from-left', 'from-middle', 'from-right']);

    write(c1, 'later-left');
    await allHold(hosts, ['from-left', 'from-middle', 'from-right', 'later-left']);
    fs.rmSync(path.join(folderOf(c3), 'from-left'));
    fs.appendFileSync(path.join(folderOf(c3), 'later-left'), 'and more\n');
    await allHold(hosts, ['from-middle', 'from-right', 'later-left']);
    await waitUntil('the addition has reached the left end', () =>
      fs.readFileSync(path.join(folderOf(c1), 'later-left'), 'utf8').endsWith('and more\n'),
    );
    await inStep(left, middle);
    await inStep(middle, right);

    await switchOff(middle);
    write(c1, 'while-the-middle-is-off');
    await middle.restart();
    await allHold(hosts, ['from-middle', 'from-right', 'later-left', 'while-the-middle-is-off']);
    expect(await sightOf(left, right)).toMatchObject({ state: 'offline', lastSeen: null });
    expect(await sightOf(right, left)).toMatchObject({ state: 'offline', lastSeen: null });
  });
});
