import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { FolderStatus } from '../../core/engine/engine.ts';
import { type RunningDevice, treeOf, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  describeInLab,
  inStep,
  inStepWithin,
  shareFolder,
  startOn,
  statusOf,
  takeFolder,
} from '../harness/lab-group.ts';
import { seededBytes } from '../harness/lab-seeded.ts';

const mebi = 1024 * 1024;

describeInLab('a host whose disk has 300 MiB', () => {
  let lab: Lab | undefined;
  let disk: string | undefined;
  const devices: RunningDevice[] = [];

  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    if (disk !== undefined) execFileSync('umount', [disk]);
    disk = undefined;
    lab?.destroy();
  });

  const saved = (place: string): string | undefined =>
    fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : undefined;

  test('says that a file of 400 MiB does not fit, goes on with all else, shows nothing half, and takes it once there is room', async () => {
    lab = createLab(['large', 'small']);
    const [large, small] = lab.hosts as [LabHost, LabHost];
    const from = path.join(large.directory, 'folder');
    disk = path.join(small.directory, 'disk');
    const to = path.join(disk, 'folder');
    fs.mkdirSync(from);
    fs.mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'none', disk]);
    fs.mkdirSync(to);
    const [sends, takes] = [await startOn(large), await startOn(small)];
    devices.push(sends, takes);
    const [films, notes] = [path.join(from, 'films'), path.join(from, 'notes')];
    fs.mkdirSync(films);
    fs.mkdirSync(notes);
    const id = await shareFolder(sends, from, 'films');
    await admit(sends, takes);
    await takeFolder(takes, id, to);
    await inStep(sends, takes);

    const film = seededBytes('film', 400 * mebi);
    fs.writeFileSync(path.join(films, 'film.bin'), film);
    const [problem] = await waitUntil(
      'the problem is listed',
      async () => {
        const [folder] = (await statusOf(takes)).folders as [FolderStatus];
        return folder.problems.length > 0 && folder.problems;
      },
      120_000,
    );
    expect(problem).toMatchObject({
      path: 'films/film.bin',
      kind: 'no-space',
      cause: expect.stringContaining('not enough space'),
      action: expect.stringContaining('Free some space'),
    });
    expect((await takes.cli('status')).stdout).toContain('films/film.bin');

    fs.writeFileSync(path.join(notes, 'after.txt'), 'written after the film\n');
    fs.writeFileSync(path.join(films, 'small.bin'), seededBytes('small', 20 * mebi));
    fs.writeFileSync(path.join(to, 'notes', 'back.txt'), 'written on the small host\n');
    await waitUntil(
      'small things still come',
      () => saved(path.join(to, 'notes', 'after.txt')) !== undefined,
    );
    await waitUntil('small things still go', () => saved(path.join(notes, 'back.txt')) !== undefined);
    await waitUntil('what fits still comes', () => {
      const stats = fs.statSync(path.join(to, 'films', 'small.bin'), { throwIfNoEntry: false });
      return stats?.size === 20 * mebi;
    });
    expect(Object.keys(treeOf(to)).sort()).toEqual([
      'films',
      'films/small.bin',
      'notes',
      'notes/after.txt',
      'notes/back.txt',
    ]);
    expect(fs.readdirSync(path.join(to, '.lockstep', 'staging'))).toEqual([]);
    expect((await statusOf(takes)).folders).toMatchObject([{ state: 'attention', needFiles: 1 }]);

    execFileSync('mount', ['-o', 'remount,size=600m', disk]);
    await inStepWithin(180, takes, sends);
    expect(treeOf(to)).toEqual(treeOf(from));
    expect((await statusOf(takes)).folders).toMatchObject([{ problems: [], needFiles: 0 }]);
  });
});
