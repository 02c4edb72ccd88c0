import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningDevice, type Tree, treeOf, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  comesTo,
  describeInLab,
  inStepWithin,
  meeting,
  shareFolder,
  startOn,
  switchOff,
  takeFolder,
} from '../harness/lab-group.ts';
import { seededBytes } from '../harness/lab-seeded.ts';
import { type ByteTable, createByteTable } from './byte-table.ts';
import {
  copyRealTree,
  type Extent,
  extentOf,
  outlineAt,
  outlineOf,
  packageOfSize,
  pathsApart,
} from './real-tree.ts';

const mebi = 1024 * 1024;
/** LIMIT: far beyond what any step takes that is not stuck. */
const stepDeadlineMs = 240_000;

describeInLab('a real tree on three hosts', () => {
  let lab: Lab;
  let table: ByteTable;
  let hosts: readonly [LabHost, LabHost, LabHost];
  const devices: RunningDevice[] = [];
  let extent: Extent;
  let hasFailed = false;

  const folderOf = (host: LabHost): string => path.join(host.directory, 'folder');
  const at = (host: LabHost, ...names: readonly string[]): string => path.join(folderOf(host), ...names);

  /** Resolves when every host shows what `host` shows now and all say so; `touched` are the paths to look at first. */
  const allAs = async (host: LabHost, touched: readonly string[] = []): Promise<void> => {
    const wanted = outlineOf(folderOf(host));
    const others = hosts.filter((other) => other !== host);
    for (const other of others) {
      const late = (name: string): boolean => wanted.get(name) !== outlineAt(at(other, name));
      await waitUntil(
        `${other.name} shows the ${touched.length} changes of ${host.name}`,
        () => !touched.some(late),
        stepDeadlineMs,
      );
    }
    await inStepWithin(240, ...devices);
    for (const other of others) {
      const apart = (): readonly string[] =>
        pathsApart(wanted, outlineOf(folderOf(other))).map(
          (name) =>
            `${name}: ${outlineAt(at(host, name))} on ${host.name}, ${outlineAt(at(other, name))} on ${other.name}`,
        );
      await comesTo(`${other.name} shows all that ${host.name} does`, apart, []);
    }
  };

  /** Changes something on one host and returns the bytes sent until all show it. */
  const changed = async (name: string, host: LabHost, change: () => void): Promise<number> => {
    const before = outlineOf(folderOf(host));
    const { sentBytes } = await table.during(name, async () => {
      change();
      await allAs(host, pathsApart(before, outlineOf(folderOf(host))));
    });
    return sentBytes;
  };

  /** Everything on every host, content too. */
  const allTrees = (): readonly Tree[] => hosts.map((host) => treeOf(folderOf(host)));

  beforeAll(() => {
    lab = createLab(['tower', 'laptop', 'office']);
    table = createByteTable(lab);
    hosts = lab.hosts as unknown as typeof hosts;
    const [tower, laptop, office] = hosts;
    extent = copyRealTree(at(tower, 'packages'), 20_000);
    fs.writeFileSync(at(tower, 'big.bin'), seededBytes('big', 256 * mebi));
    fs.mkdirSync(at(laptop, 'letters'), { recursive: true });
    for (let i = 0; i < 50; i += 1)
      fs.writeFileSync(at(laptop, 'letters', `letter ${i}.txt`), `Letter ${i}\n`.repeat(i + 1));
    fs.mkdirSync(at(office, 'tools'), { recursive: true });
    fs.writeFileSync(at(office, 'tools', 'run.sh'), '#!/bin/sh\necho run\n', { mode: 0o755 });
    fs.writeFileSync(at(office, 'photo.raw'), seededBytes('photo', 3 * mebi));
    const { files, directories, links, bytes } = extent;
    console.log(
      `${files} files, ${directories} directories, ${links} links, ${(bytes / 1e6).toFixed(1)} MB, and one file of 256 MiB`,
    );
  });
  beforeEach(({ skip }) => skip(hasFailed, 'an earlier step failed'));
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });
  afterAll(async () => {
    if (table !== undefined) console.log(table.print());
    await Promise.allSettled(devices.map((device) => device.stop()));
    lab?.destroy();
  });

  test('three hosts that hold different files find each other by themselves and end equal', {
    timeout: 400_000,
  }, async () => {
    const [tower, laptop, office] = hosts;
    await table.during('first sync', async () => {
      for (const host of hosts) devices.push(await startOn(host));
      const [atTower, atLaptop, atOffice] = devices as [RunningDevice, RunningDevice, RunningDevice];
      const folder = await shareFolder(atTower, folderOf(tower), 'everything');
      // The address that the invitation gives is no longer true when it is used: only the network can tell where its writer is.
      await admit(atTower, atLaptop, () => tower.renumber());
      // And nobody ever tells the office where the tower is.
      await admit(atLaptop, atOffice);
      await takeFolder(atLaptop, folder, folderOf(laptop));
      await takeFolder(atOffice, folder, folderOf(office));
      await meeting(...devices);
      await inStepWithin(240, ...devices);
      await allAs(tower);
    });
    const [first, ...others] = allTrees();
    expect(others).toEqual([first, first]);
    expect(extent.files).toBeGreaterThanOrEqual(20_000);
    expect(extent.links).toBeGreaterThan(0);
    expect(Object.keys(treeOf(at(tower, 'letters')))).toHaveLength(50);
    expect(treeOf(at(laptop, 'tools'))).toMatchObject({ 'run.sh': { mode: 0o755 } });
  });

  test('a reconnect with nothing changed costs next to nothing', async () => {
    const [tower, laptop] = hosts;
    const [, atLaptop] = devices as [RunningDevice, RunningDevice, RunningDevice];
    await switchOff(atLaptop);
    const { sentBytes } = await table.during('unchanged reconnect', async () => {
      await atLaptop.restart();
      await meeting(...devices);
      await allAs(tower);
    });
    expect(laptop.traffic().sentBytes).toBeGreaterThan(0);
    expect(sentBytes).toBeLessThan(100_000);
  });

  test('edits and appends cost what they change', async () => {
    const [tower, laptop] = hosts;
    const letters = fs.readdirSync(at(laptop, 'letters')).slice(0, 20);
    const edits = await changed('20 small edits', laptop, () => {
      for (const name of letters) fs.writeFileSync(at(laptop, 'letters', name), `${name} again\n`);
    });
    expect(edits).toBeLessThan(150_000);
    const append = await changed('append 1 kB to 256 MiB', tower, () =>
      fs.appendFileSync(at(tower, 'big.bin'), seededBytes('append', 1000)),
    );
    expect(append).toBeLessThan(1_500_000);
  });

  test('bytes put in at the front of the big file do not send it again', async () => {
    const [, , office] = hosts;
    const sent = await changed('insert 1 kB in front of 256 MiB', office, () => {
      const place = at(office, 'big.bin');
      fs.writeFileSync(`${place}.new`, seededBytes('insert', 1000));
      fs.appendFileSync(`${place}.new`, fs.readFileSync(place));
      fs.renameSync(`${place}.new`, place);
    });
    const [first, ...others] = allTrees();
    expect(others).toEqual([first, first]);
    expect(sent).toBeLessThan(2 * 1_000_000);
  });

  test('deletions, of files and of a directory with all in it', async () => {
    const [tower] = hosts;
    const names = fs
      .readdirSync(at(tower, 'packages'))
      .filter((name) => !name.startsWith('.'))
      .sort();
    const sent = await changed('deletions', tower, () => {
      for (const name of names.slice(0, 20)) fs.rmSync(at(tower, 'packages', name), { recursive: true });
      for (const name of names.slice(20, 60))
        fs.rmSync(at(tower, 'packages', name, 'package.json'), { force: true });
    });
    expect(sent).toBeLessThan(3_000_000);
  });

  test('a directory renamed away and back, with an edit after each', async () => {
    const [, laptop] = hosts;
    const name = packageOfSize(at(laptop, 'packages'), 1_200);
    const edit = (directory: string): void => fs.appendFileSync(at(laptop, directory, 'package.json'), '\n');
    const away = await changed(
      `directory of ${extentOf(at(laptop, 'packages', name)).files} files renamed`,
      laptop,
      () => fs.renameSync(at(laptop, 'packages', name), at(laptop, 'elsewhere')),
    );
    await changed('edit in it', laptop, () => edit('elsewhere'));
    const back = await changed('renamed back', laptop, () =>
      fs.renameSync(at(laptop, 'elsewhere'), at(laptop, 'packages', name)),
    );
    await changed('edit in it', laptop, () => edit(`packages/${name}`));
    expect(Math.max(away, back)).toBeLessThan(3_000_000);
  });

  test('a file and a small directory renamed, and a rename of nothing but case', async () => {
    const [, , office] = hosts;
    const file = await changed('file renamed', office, () =>
      fs.renameSync(at(office, 'photo.raw'), at(office, 'tools', 'sunset.raw')),
    );
    const big = await changed('256 MiB renamed', office, () =>
      fs.renameSync(at(office, 'big.bin'), at(office, 'huge.bin')),
    );
    const directory = await changed('directory of 50 renamed', office, () =>
      fs.renameSync(at(office, 'letters'), at(office, 'post')),
    );
    const fileCase = await changed('file renamed by case only', office, () =>
      fs.renameSync(at(office, 'tools', 'sunset.raw'), at(office, 'tools', 'Sunset.RAW')),
    );
    const directoryCase = await changed('directory renamed by case only', office, () =>
      fs.renameSync(at(office, 'post'), at(office, 'Post')),
    );
    for (const sent of [file, big, directory, fileCase, directoryCase]) expect(sent).toBeLessThan(200_000);
  });

  test('a file becomes a directory and a file again', async () => {
    const [tower, laptop] = hosts;
    const away = await changed('file to directory', tower, () => {
      fs.rmSync(at(tower, 'tools', 'run.sh'));
      fs.mkdirSync(at(tower, 'tools', 'run.sh'));
      fs.writeFileSync(at(tower, 'tools', 'run.sh', 'inner'), 'inner\n');
    });
    const back = await changed('directory to file', laptop, () => {
      fs.rmSync(at(laptop, 'tools', 'run.sh'), { recursive: true });
      fs.writeFileSync(at(laptop, 'tools', 'run.sh'), '#!/bin/sh\necho back\n', { mode: 0o755 });
    });
    expect(Math.max(away, back)).toBeLessThan(100_000);
  });

  test('in the end all are equal by content, mode, time and target', () => {
    const [first, ...others] = allTrees();
    expect(others).toEqual([first, first]);
  });
});
