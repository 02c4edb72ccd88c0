import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FolderStatus } from '../../core/engine/engine.ts';
import { contentOf, type RunningDevice, startDevice, treeOf, waitUntil } from '../harness/harness.ts';
import {
  admit,
  comesTo,
  inStep,
  meeting,
  shareFolder,
  statusOf,
  switchOff,
  takeFolder,
  tellWhere,
} from '../harness/lab-group.ts';

/** A place for a folder that can be taken away and brought back, with everything in it. */
interface Removable {
  readonly folder: string;
  takeAway(): void;
  bringBack(): void;
}

const run = (program: string, ...args: readonly string[]): void => {
  execFileSync(program, args, { stdio: 'pipe' });
};

/** A file system of its own; away, its mount point is an empty directory. */
function mountedDisk(place: string): Removable {
  const image = path.join(place, 'disk.img');
  const folder = path.join(place, 'mounted');
  fs.writeFileSync(image, '');
  fs.truncateSync(image, 512 * 1024 * 1024);
  run('mkfs.ext4', '-q', '-F', image);
  fs.mkdirSync(folder);
  const bringBack = (): void => run('mount', '-o', 'loop', image, folder);
  bringBack();
  fs.rmdirSync(path.join(folder, 'lost+found'));
  return { folder, bringBack, takeAway: () => run('umount', folder) };
}

/** A directory that is renamed: away, nothing is there. */
function renamedDirectory(place: string): Removable {
  const folder = path.join(place, 'directory');
  fs.mkdirSync(folder);
  return {
    folder,
    takeAway: () => fs.renameSync(folder, `${folder}-away`),
    bringBack: () => fs.renameSync(`${folder}-away`, folder),
  };
}

/** Why no file system can be mounted here: undefined if one can. */
function whyNoMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting needs root on Linux';
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-mount-'));
  try {
    mountedDisk(place).takeAway();
    return undefined;
  } catch (error) {
    return `this system does not let us mount a file: ${(error as Error).message.split('\n')[0]}`;
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

const noMount = whyNoMount();
const kinds = [
  {
    says: noMount === undefined ? 'an unmounted disk' : `an unmounted disk (${noMount})`,
    make: mountedDisk,
    skip: noMount !== undefined,
  },
  { says: 'a renamed directory', make: renamedDirectory, skip: false },
];

describe.each(kinds)('$says', ({ make, skip }) => {
  let place: string;
  let removable: Removable | undefined;
  const devices: RunningDevice[] = [];

  beforeEach(() => {
    place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-away-'));
  });
  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    try {
      removable?.takeAway();
    } catch {
      // It is away already.
    }
    fs.rmSync(place, { recursive: true, force: true });
  });

  test.skipIf(skip)('has no deletions, says so, and goes on when it is back', async () => {
    const disk = make(place);
    removable = disk;
    const other = path.join(place, 'other');
    fs.mkdirSync(path.join(other, 'inner'), { recursive: true });
    fs.mkdirSync(path.join(disk.folder, 'of the disk'));
    for (let i = 0; i < 40; i += 1) {
      fs.writeFileSync(path.join(other, i % 2 === 0 ? '' : 'inner', `${i}.txt`), `${i}\n`);
      fs.writeFileSync(path.join(disk.folder, 'of the disk', `${i}.txt`), `disk ${i}\n`);
    }
    for (const name of ['stays', 'goes'])
      devices.push(await startDevice({ name, home: path.join(place, `home-${name}`) }));
    const [stays, goes] = devices as [RunningDevice, RunningDevice];
    const folder = await shareFolder(stays, other, 'shared');
    await admit(stays, goes);
    await takeFolder(goes, folder, disk.folder);
    await inStep(stays, goes);
    const all = contentOf(other);
    expect(Object.keys(all)).toHaveLength(82);
    expect(contentOf(disk.folder)).toEqual(all);

    const saysAway = async (): Promise<void> => {
      const seen = await waitUntil('the device says that its folder is away', async () => {
        const status = await statusOf(goes);
        return status.folders[0]?.state === 'error' && status;
      });
      expect(seen.state).toBe('attention');
      const [{ problems }] = seen.folders as [FolderStatus];
      expect(problems).toMatchObject([{ path: '', kind: expect.stringMatching(/^(root|marker)-missing$/) }]);
      const { stdout } = await goes.cli('status');
      expect(stdout).toContain('Nothing was deleted anywhere.');
      expect(stdout).toMatch(/Connect (its|the) disk/);
      const why = await goes.cli('why', path.join(disk.folder, 'inner', '1.txt'));
      expect(why.stdout).toContain('Nothing was deleted anywhere.');
    };
    let expected: Readonly<Record<string, string>> = all;
    const bothHold = async (): Promise<void> => {
      for (const directory of [other, disk.folder])
        await comesTo(`${directory} holds what it should`, () => contentOf(directory), expected);
      await inStep(stays, goes);
      expect(treeOf(disk.folder)).toEqual(treeOf(other));
    };

    // Away and back while both run; meanwhile the other side works on.
    disk.takeAway();
    await saysAway();
    fs.writeFileSync(path.join(other, '0.txt'), 'changed while away\n');
    fs.writeFileSync(path.join(other, 'new.txt'), 'made while away\n');
    fs.rmSync(path.join(other, 'inner', '1.txt'));
    expected = contentOf(other);
    await saysAway();
    disk.bringBack();
    await bothHold();

    // Away while the device is off; it starts without, is asked, and gets it back.
    await switchOff(goes);
    disk.takeAway();
    await goes.restart();
    await meeting(stays, goes);
    await saysAway();
    expect(contentOf(other)).toEqual(expected);
    fs.writeFileSync(path.join(other, '2.txt'), 'changed while away again\n');
    expected = contentOf(other);
    disk.bringBack();
    await bothHold();

    // Away when the device stops, and still away when it starts and the other is new to it.
    disk.takeAway();
    await saysAway();
    await switchOff(goes);
    await switchOff(stays);
    await Promise.all([stays.restart(), goes.restart()]);
    await tellWhere(goes, stays);
    await meeting(stays, goes);
    await saysAway();
    expect(contentOf(other)).toEqual(expected);
    disk.bringBack();
    fs.writeFileSync(path.join(disk.folder, 'back.txt'), 'written on it\n');
    expected = { ...expected, ...contentOf(disk.folder) };
    await waitUntil(
      'what was written on it arrives',
      () => fs.existsSync(path.join(other, 'back.txt')),
      60_000,
    );
    expected = contentOf(other);
    await bothHold();
    expect(Object.keys(expected)).toHaveLength(83);
  });
});
