import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type DiskKind, diskKinds, whyNoDisk } from '../disks/disk-kinds.ts';
import { type DiskPair, startPair } from '../disks/disk-pair.ts';
import { run } from '../disks/mounts.ts';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
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

const ext4 = diskKinds.find(({ name }) => name === 'ext4') as DiskKind;
const noDisk = whyNoDisk(ext4);
const because = (reason: string | undefined): string => (reason === undefined ? '' : ` (${reason})`);

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startedPair(): Promise<DiskPair> {
  const pair = await startPair(ext4);
  cleanUps.push(() => pair.stop());
  return pair;
}

test.skipIf(noDisk !== undefined)(
  `a disk that turns read-only is told of, loses nothing, and is brought up to date when it can be written${because(noDisk)}`,
  { timeout: 600_000 },
  async () => {
    const pair = await startedPair();
    const { near, far, disk } = pair;
    const here = await pair.spot('read-only');
    for (const name of ['stays', 'edited', 'goes'])
      fs.writeFileSync(path.join(here.near, name), `first ${name}`);
    const before = { stays: 'first stays', edited: 'first edited', goes: 'first goes' };
    await here.bothShow(before);
    run('sync');
    run('mount', '-o', 'remount,ro', disk);
    fs.writeFileSync(path.join(here.near, 'edited'), 'second edited');
    fs.rmSync(path.join(here.near, 'goes'));
    fs.writeFileSync(path.join(here.near, 'new'), 'made meanwhile');
    const after = { stays: 'first stays', edited: 'second edited', new: 'made meanwhile' };
    await waitUntil('the device says that something is wrong', async () => {
      const { folders } = await statusOf(far.device);
      return folders.some(
        ({ state, problems }) => problems.length > 0 && ['attention', 'error'].includes(state),
      );
    });
    await here.show({ near: after, far: before });

    // It is read-only when the device starts, too.
    await pair.whileOff(far, () => {});
    await here.show({ near: after, far: before });
    run('mount', '-o', 'remount,rw', disk);
    await here.bothShow(after);
    await here.lists(far, {});
    await inStep(near.device, far.device);
    expect(await pair.lost()).toEqual([]);
  },
);

test('a device that is suspended until the other gives it up goes on where it was', {
  timeout: 600_000,
}, async () => {
  const { one, two, folderOf } = await twoDevices();
  fs.writeFileSync(path.join(folderOf(one), 'file'), 'first');
  await comesTo('it has come', () => contentOf(folderOf(two)), contentOf(folderOf(one)));
  await inStep(one, two);
  process.kill(two.pid() ?? 0, 'SIGSTOP');
  cleanUps.push(() => two.kill('SIGKILL'));
  await waitUntil(
    'the other no longer counts on it',
    async () => (await statusOf(one)).peers.every(({ state }) => state !== 'connected'),
    180_000,
  );
  fs.writeFileSync(path.join(folderOf(one), 'file'), 'second, of the one that went on');
  fs.writeFileSync(path.join(folderOf(one), 'new'), 'of the one that went on');
  fs.writeFileSync(path.join(folderOf(two), 'meanwhile'), 'written while its device was suspended');
  process.kill(two.pid() ?? 0, 'SIGCONT');
  const wanted = { ...contentOf(folderOf(one)), ...contentOf(folderOf(two)), ...contentOf(folderOf(one)) };
  for (const device of [one, two])
    await comesTo(`${device.name} has all`, () => contentOf(folderOf(device)), wanted, 120_000);
  await inStep(one, two);
  expect((await statusOf(two)).folders).toMatchObject([{ conflicts: 0, problems: [] }]);
});

const fakeTime = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  .map((place) => `${place}/faketime/libfaketime.so.1`)
  .find((place) => fs.existsSync(place));
const noFakeTime = fakeTime === undefined ? 'faketime is not installed' : undefined;

test.skipIf(noFakeTime !== undefined)(
  `a clock that jumps ten years ahead and back, while running and between runs, decides nothing${because(noFakeTime)}`,
  { timeout: 600_000 },
  async () => {
    const { one, two, folderOf, jump } = await twoDevices();
    const bothShow = async (wanted: Readonly<Record<string, string>>): Promise<void> => {
      for (const device of [one, two])
        await comesTo(
          `${device.name} has all`,
          () =>
            Object.fromEntries(
              fs
                .readdirSync(folderOf(device))
                .filter((name) => name !== '.lockstep')
                .map((name) => [name, fs.readFileSync(path.join(folderOf(device), name), 'utf8')]),
            ),
          wanted,
        );
      await inStep(one, two);
    };
    const shown: Record<string, string> = {};
    const write = async (device: RunningDevice, name: string, text: string): Promise<void> => {
      shown[name] = text;
      fs.writeFileSync(path.join(folderOf(device), name), text);
      await bothShow(shown);
    };
    await write(one, 'file', 'before any jump');
    for (const offset of ['+3650d', '-3650d', '+0']) {
      jump(offset);
      await write(two, 'file', `by the one whose clock is at ${offset}`);
      await write(one, 'file', `after that, by the other, ${offset}`);
      await write(two, `new ${offset}`, 'made there');
      // Between two runs, too.
      await switchOff(two);
      await two.restart();
      await tellWhere(two, one);
      await meeting(one, two);
      fs.rmSync(path.join(folderOf(one), `new ${offset}`));
      delete shown[`new ${offset}`];
      await bothShow(shown);
    }
    for (const device of [one, two])
      expect((await statusOf(device)).folders).toMatchObject([{ conflicts: 0, needFiles: 0, problems: [] }]);
    const versions = (await two.ask<{ size: number }[]>('history', path.join(folderOf(two), 'file'))).map(
      ({ size }) => size,
    );
    expect(versions.length).toBeGreaterThanOrEqual(4);
  },
);

test.skipIf(noFakeTime !== undefined)(
  `when the machine wakes, what no watch could tell of is found soon${because(noFakeTime)}`,
  { timeout: 600_000 },
  async () => {
    const { one, two, folderOf, jump } = await twoDevices();
    const [file, outside] = [path.join(folderOf(two), 'linked'), `${folderOf(two)}-outside`];
    fs.writeFileSync(outside, 'one');
    // What is written by its other name, no watch of the folder hears of.
    fs.linkSync(outside, file);
    const onOne = (): string => fs.readFileSync(path.join(folderOf(one), 'linked'), 'utf8');
    await comesTo('it is there', () => contentOf(folderOf(one)).linked, contentOf(folderOf(two)).linked);
    fs.writeFileSync(outside, 'one, two');
    await inStep(one, two);
    expect(onOne()).toBe('one');
    // Seen from inside, a sleep is a wall clock that is far ahead all of a sudden.
    jump('+3600');
    await comesTo('it is found', onOne, 'one, two');
  },
);

/** Two devices with one folder; the wall clock of the second, and nothing else, can be made to jump. */
async function twoDevices(): Promise<{
  readonly one: RunningDevice;
  readonly two: RunningDevice;
  readonly folderOf: (device: RunningDevice) => string;
  readonly jump: (offset: string) => void;
}> {
  const place = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'lockstep-machine-'));
  cleanUps.push(() => fs.rmSync(place, { recursive: true, force: true }));
  const clock = path.join(place, 'clock');
  // By renaming: half a line would be another time.
  const jump = (offset: string): void => {
    fs.writeFileSync(`${clock}.new`, `${offset}\n`);
    fs.renameSync(`${clock}.new`, clock);
  };
  jump('+0');
  const env =
    fakeTime === undefined
      ? {}
      : {
          LD_PRELOAD: fakeTime,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          FAKETIME_NO_CACHE: '1',
          NO_FAKE_STAT: '1',
        };
  const start = async (name: string, more: Readonly<Record<string, string>>): Promise<RunningDevice> => {
    fs.mkdirSync(path.join(place, name, 'folder'), { recursive: true });
    const device = await startDevice({ name, home: path.join(place, name, 'home'), env: more });
    cleanUps.push(() => device.stop());
    return device;
  };
  const folderOf = ({ name }: RunningDevice): string => path.join(place, name, 'folder');
  const one = await start('one', {});
  const two = await start('two', env);
  const id = await shareFolder(one, folderOf(one), 'shared');
  await admit(one, two);
  await takeFolder(two, id, folderOf(two));
  await inStep(one, two);
  return { one, two, folderOf, jump };
}
