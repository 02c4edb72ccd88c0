import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { PathExplanation } from '../../core/engine/engine.ts';
import { seededBytes } from '../harness/lab-seeded.ts';
import { waitUntil } from '../harness/harness.ts';
import { inStep } from '../harness/lab-group.ts';
import { type DiskKind, diskKinds, whyNoDisk } from './disk-kinds.ts';
import { type DiskPair, type Shown, type Spot, startPair, textOf } from './disk-pair.ts';
import { run } from './mounts.ts';

const mebibyte = 1024 * 1024;
const [ext4, btrfs] = ['ext4', 'btrfs'].map((name) => diskKinds.find((kind) => kind.name === name)) as [
  DiskKind,
  DiskKind,
];

/** LIMIT: a device leaves 64 MiB free, so 32 of these can be used. */
const small: DiskKind = {
  ...ext4,
  name: 'small',
  needs: [],
  mount: (folder) => void run('mount', '-t', 'tmpfs', '-o', 'size=96m', 'none', folder),
};

const limited: DiskKind = {
  ...btrfs,
  needs: [...btrfs.needs, 'btrfs'],
  mount(folder, image) {
    btrfs.mount(folder, image);
    run('btrfs', 'quota', 'enable', folder);
    run('btrfs', 'qgroup', 'limit', '24M', folder);
  },
};

describe.each(
  [
    {
      says: 'a disk that is too small',
      kind: small,
      bytes: 40 * mebibyte,
      prepare: undefined,
      goesOn: smallThingsGoOn,
      makeRoom: (disk: string): void => void run('mount', '-o', 'remount,size=192m', disk),
    },
    {
      says: 'a disk that another program has filled to the last byte',
      kind: small,
      bytes: mebibyte,
      prepare: fillUp,
      goesOn: roomlessThingsGoOn,
      makeRoom: (disk: string): void => fs.rmSync(path.join(disk, 'ballast')),
    },
    {
      says: 'a quota that is reached while a file is written',
      kind: limited,
      bytes: 40 * mebibyte,
      prepare: undefined,
      // A try takes the rest of the quota for as long as it lasts, and the disk refuses renames then, the user's too.
      goesOn: undefined,
      makeRoom: (disk: string): void => void run('btrfs', 'qgroup', 'limit', 'none', disk),
    },
  ].map((each) => {
    const reason = whyNoDisk(each.kind);
    return { ...each, reason, says: reason === undefined ? each.says : `${each.says} (${reason})` };
  }),
)('$says', ({ kind, bytes, prepare, goesOn, makeRoom, reason }) => {
  let started: DiskPair | undefined;
  afterEach(async () => {
    await started?.stop();
    started = undefined;
  });

  test.skipIf(reason !== undefined)(
    'what does not fit is listed, shows nothing half, keeps nothing that fits back, and comes when there is room',
    async () => {
      const pair = await startPair(kind);
      started = pair;
      const { near, far, disk } = pair;
      const here = await pair.spot('room');
      fs.writeFileSync(path.join(here.near, 'small'), 'fits');
      fs.writeFileSync(path.join(here.near, 'to go'), 'will be deleted');
      const before = { small: 'fits', 'to go': 'will be deleted' };
      await here.bothShow(before);

      prepare?.(disk);
      const large = seededBytes('large', bytes);
      fs.writeFileSync(path.join(here.near, 'large'), large);
      const problem = await here.problem(far, 'large');
      expect(problem).toMatchObject({ kind: 'no-space', action: expect.stringContaining('Free some space') });
      // Now and then it is tried again, and is on its way for as long as that takes.
      const why = await waitUntil('why says so', async () => {
        const said = await far.device.ask<PathExplanation>('why', path.join(here.far, 'large'));
        return said.state === 'problem' && said;
      });
      expect(why).toMatchObject({ cause: problem.cause, action: problem.action });
      expect(fs.existsSync(path.join(here.far, 'large'))).toBe(false);

      const rest = await (goesOn === undefined ? before : goesOn(here, textOf(large)));
      expect(fs.existsSync(path.join(here.far, 'large'))).toBe(false);

      makeRoom(disk);
      await here.bothShow({ ...rest, large: textOf(large) });
      await here.lists(far, {});
      await inStep(near.device, far.device);
      expect(await pair.lost()).toEqual([]);
    },
  );
});

/** What takes no room goes on both ways though a large file cannot come. */
async function roomlessThingsGoOn(here: Spot, large: string): Promise<Shown> {
  fs.rmSync(path.join(here.near, 'to go'));
  fs.renameSync(path.join(here.far, 'small'), path.join(here.far, 'renamed there'));
  const rest = { 'renamed there': 'fits' };
  await here.show({ near: { ...rest, large }, far: rest });
  return rest;
}

/** And so does what takes little. */
async function smallThingsGoOn(here: Spot, large: string): Promise<Shown> {
  const before = await roomlessThingsGoOn(here, large);
  fs.writeFileSync(path.join(here.near, 'fits too'), 'it does');
  fs.writeFileSync(path.join(here.far, 'made there'), 'it was');
  const rest = { ...before, 'fits too': 'it does', 'made there': 'it was' };
  await here.show({ near: { ...rest, large }, far: rest });
  return rest;
}

/** Leaves not one block of a disk. */
function fillUp(disk: string): void {
  const file = fs.openSync(path.join(disk, 'ballast'), 'w');
  try {
    for (const sizeBytes of [mebibyte, 4096]) {
      const zeros = Buffer.alloc(sizeBytes);
      for (let isFull = false; !isFull; ) {
        try {
          isFull = fs.writeSync(file, zeros) < sizeBytes;
        } catch {
          isFull = true;
        }
      }
    }
  } finally {
    fs.closeSync(file);
  }
}
