import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FolderListing } from '../../core/engine/engine.ts';
import { alteredProgram, type ProgramEdit } from '../harness/altered.ts';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import {
  admit,
  inStep,
  meeting,
  shareFolder,
  statusOf,
  takeFolder,
  tellWhere,
} from '../harness/lab-group.ts';

interface Member {
  readonly device: RunningDevice;
  readonly folder: string;
}

/** The desk, the attic, and the laptop, whose program is another: all in one group, with `edits` in what the laptop runs. */
async function three(edits: readonly ProgramEdit[]) {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-hostile-'));
  onTestFinished(() => fs.rmSync(top, { recursive: true, force: true }));
  const member = async (name: string, env: Readonly<Record<string, string>> = {}): Promise<Member> => {
    const folder = path.join(top, name);
    fs.mkdirSync(folder);
    const device = await startDevice({ name, env });
    onTestFinished(() => device.stop());
    return { device, folder };
  };
  const [desk, attic] = [await member('desk'), await member('attic')];
  const laptop = await member('laptop', alteredProgram(...edits));
  for (const name of ['file', 'gone']) fs.writeFileSync(path.join(desk.folder, name), 'first');
  const folderId = await shareFolder(desk.device, desk.folder, 'Work');
  for (const { device, folder } of [attic, laptop]) {
    await admit(desk.device, device);
    await takeFolder(device, folderId, folder);
  }
  await tellWhere(laptop.device, attic.device);
  await meeting(desk.device, attic.device, laptop.device);
  await inStep(desk.device, attic.device, laptop.device);
  return { desk, attic, laptop };
}

const textIn = ({ folder }: Member, name: string): string | undefined => {
  const file = path.join(folder, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
};
const problemsOf = async ({ device }: Member): Promise<string> =>
  ((await statusOf(device)).folders[0]?.problems ?? [])
    .map(({ path: at, kind }) => `${kind} ${at}`)
    .join(', ');

test('[A37] a device that may only read and changes the folder all the same is not heeded by any, and each says so', async () => {
  // It thinks that everybody may change everything, and sends what it does to all.
  const { desk, attic, laptop } = await three([
    {
      file: 'core/trust/folder-grants.ts',
      from: "return grants?.byDevice.get(device)?.access ?? grants?.everyone ?? 'rw';",
      to: "return 'rw';",
    },
  ]);
  await desk.device.ask('folder', 'permit', 'Work', 'laptop', 'read');
  for (const { device } of [attic, desk])
    await waitUntil('heard', async () => {
      const [listed] = await device.ask<FolderListing[]>('folder', 'list');
      return listed?.readers.length === 1;
    });
  fs.writeFileSync(path.join(laptop.folder, 'file'), 'ruined');
  fs.writeFileSync(path.join(laptop.folder, 'made'), randomBytes(3_000_000));
  fs.rmSync(path.join(laptop.folder, 'gone'));
  const sent = 'ignored-change file, ignored-change gone, ignored-change made';
  for (const each of [desk, attic])
    await waitUntil('what it sent is told', async () => (await problemsOf(each)) === sent);
  const stands = (): void => {
    for (const each of [desk, attic])
      expect(['file', 'gone', 'made'].map((name) => textIn(each, name))).toEqual([
        'first',
        'first',
        undefined,
      ]);
  };
  stands();
  expect((await desk.device.cli('status')).stdout).toMatch(/laptop|may only read/);

  // Nor by one that begins anew and hears it first from the laptop, while the others go on.
  await desk.device.kill('SIGTERM');
  fs.writeFileSync(path.join(attic.folder, 'meanwhile'), 'by the attic');
  await desk.device.restart();
  await tellWhere(laptop.device, desk.device);
  await tellWhere(attic.device, desk.device);
  await waitUntil('the desk has it', () => textIn(desk, 'meanwhile') === 'by the attic');
  await waitUntil('it is told again', async () => (await problemsOf(desk)) === sent);
  await waitUntil('the laptop is served', () => textIn(laptop, 'meanwhile') === 'by the attic');
  stands();
  expect(fs.readdirSync(path.join(desk.folder, '.lockstep/staging'))).toEqual([]);

  // It had sent all of it: once it may, that is what all show.
  await desk.device.ask('folder', 'permit', 'Work', 'laptop', 'change');
  for (const each of [desk, attic])
    await waitUntil(
      'all of it',
      () => textIn(each, 'file') === 'ruined' && textIn(each, 'gone') === undefined,
    );
  await inStep(desk.device, attic.device);
});

/** LIMIT: MiB that a device's memory may have grown at its peak: a hundredth of what it is told to expect. */
const maxGrowthMiB = 64;

test.runIf(process.platform === 'linux')(
  '[A35] a few bytes that say they are an enormous file reserve nothing, and hold nothing else up',
  async () => {
    // It calls one of its files larger than any disk, and another larger than any memory it has met.
    const { desk, attic, laptop } = await three([
      {
        file: 'core/protocol/entry-codec.ts',
        from: 'return [sizeBytes, executable',
        to: 'return [({ huge: 2 ** 50, large: 6 * 2 ** 30 })[entry.path] ?? sizeBytes, executable',
      },
    ]);
    const peakMiB = (): number => {
      const status = fs.readFileSync(`/proc/${desk.device.pid()}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    };
    const staging = path.join(desk.folder, '.lockstep/staging');
    const stagedBytes = (): number =>
      fs.readdirSync(staging).reduce((sum, name) => sum + fs.statSync(path.join(staging, name)).size, 0);
    const before = peakMiB();
    for (const name of ['huge', 'large', 'honest']) fs.writeFileSync(path.join(laptop.folder, name), name);
    await waitUntil('what is as it says arrives', () => textIn(desk, 'honest') === 'honest');
    await waitUntil('the others are told', async () => {
      const told = await problemsOf(desk);
      return told.includes(' huge') && told.includes(' large');
    });
    fs.writeFileSync(path.join(attic.folder, 'later'), 'by the attic');
    await waitUntil('the others go on', () => textIn(desk, 'later') === 'by the attic');
    const seen = { told: await problemsOf(desk), stagedBytes: stagedBytes(), grownMiB: peakMiB() - before };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    expect(seen.stagedBytes).toBeLessThan(1024 * 1024);
    expect(seen.grownMiB).toBeLessThan(maxGrowthMiB);
    expect([textIn(desk, 'huge'), textIn(desk, 'large')]).toEqual([undefined, undefined]);
  },
);
