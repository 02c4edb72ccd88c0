import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type RunningDevice, startDevice, treeOf, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, whyNoLab } from '../harness/lab.ts';
import {
  admit,
  inStep,
  shareFolder,
  startOn,
  statusOf,
  takeFolder,
  tellWhere,
} from '../harness/lab-group.ts';
import { seededBytes, seededNumbers } from '../harness/lab-seeded.ts';

const kills = Number(process.env.LOCKSTEP_KILLS ?? 20);
const seed = process.env.LOCKSTEP_SEED ?? randomBytes(4).toString('hex');
const whyNot = whyNoLab();
const mebi = 1024 * 1024;
/** LIMIT: what one sudden end may cost on the wire again: what was asked for and not yet on disk, and saying once more who has what. */
const allowanceBytes = 12 * mebi;

let lab: Lab | undefined;
let place: string | undefined;
const devices: RunningDevice[] = [];

afterEach(async () => {
  await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
  lab?.destroy();
  if (place !== undefined) fs.rmSync(place, { recursive: true, force: true });
});

/** Two devices that can see each other: on hosts of a lab if there can be one, else on this machine. */
async function startTwo(): Promise<readonly [Side, Side]> {
  lab = whyNot === undefined ? createLab(['sender', 'receiver']) : undefined;
  place = lab?.directory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-kill-'));
  const sides: Side[] = [];
  for (const name of ['sender', 'receiver']) {
    const host = lab?.host(name);
    const home = path.join(place, name, 'home');
    const device = host === undefined ? await startDevice({ name, home }) : await startOn(host);
    devices.push(device);
    const folder = path.join(place, name, 'folder');
    fs.mkdirSync(folder, { recursive: true });
    sides.push({ device, folder });
  }
  return sides as [Side, Side];
}

interface Side {
  readonly device: RunningDevice;
  readonly folder: string;
}

/** Bytes of disk that a folder takes, what is being received included; kept old versions are not. */
function storedBytes(directory: string): number {
  let bytes = 0;
  for (const name of fs.readdirSync(directory)) {
    if (name === 'versions') continue;
    const inner = path.join(directory, name);
    const stats = fs.lstatSync(inner, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) bytes += storedBytes(inner);
    else bytes += (stats?.blocks ?? 0) * 512;
  }
  return bytes;
}

/** Replaces `path` as programs do that save: all written beside it, then renamed over it. */
function save(place: string, bytes: Uint8Array): number {
  fs.writeFileSync(`${place}~`, bytes);
  fs.renameSync(`${place}~`, place);
  return bytes.length;
}

const bytesNote = whyNot === undefined ? '' : `; bytes on the wire not counted: ${whyNot}`;

test(`either side is killed ${kills} times in mid-transfer (LOCKSTEP_SEED=${seed}${bytesNote})`, {
  timeout: 60_000 + kills * 30_000,
}, async () => {
  const numbers = seededNumbers(seed);
  const [sender, receiver] = await startTwo();
  let contentBytes = save(path.join(sender.folder, 'film.bin'), seededBytes(`${seed} film`, 160 * mebi));
  fs.mkdirSync(path.join(sender.folder, 'many'));
  for (let i = 0; i < 800; i += 1)
    contentBytes += save(
      path.join(sender.folder, 'many', `${i}.bin`),
      seededBytes(`${seed} ${i}`, 1 + numbers.below(128 * 1024)),
    );
  const id = await shareFolder(sender.device, sender.folder, 'folder');
  await admit(sender.device, receiver.device);
  const before = lab?.host('receiver').traffic().receivedBytes ?? 0;
  await takeFolder(receiver.device, id, receiver.folder);

  let more = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const from = storedBytes(receiver.folder);
    const enough = (1 + numbers.below(12)) * mebi;
    const isOver = await waitUntil(
      `more has arrived before kill ${kill}`,
      () => {
        if (
          fs.existsSync(path.join(receiver.folder, 'film.bin')) &&
          storedBytes(receiver.folder) >= storedBytes(sender.folder)
        )
          return 'over';
        return storedBytes(receiver.folder) - from >= enough && 'arrived';
      },
      60_000,
    );
    if (isOver === 'over') {
      // All is there: a new file and a new version of an old one keep the transfer going.
      more += 1;
      contentBytes += save(
        path.join(sender.folder, `more-${more}.bin`),
        seededBytes(`${seed} more ${more}`, 24 * mebi),
      );
      contentBytes += save(
        path.join(sender.folder, 'film.bin'),
        seededBytes(`${seed} film ${more}`, 48 * mebi),
      );
      kill -= 1;
      continue;
    }
    const victim = numbers.below(2) === 0 ? sender : receiver;
    await victim.device.kill('SIGKILL');
    await victim.device.restart();
    if (lab === undefined) await tellWhere(victim.device, (victim === sender ? receiver : sender).device);
  }

  await inStep(receiver.device, sender.device);
  expect(treeOf(receiver.folder)).toEqual(treeOf(sender.folder));
  const { folders } = await statusOf(receiver.device);
  expect(folders).toMatchObject([{ conflicts: 0, needFiles: 0, problems: [] }]);
  for (const { folder } of [sender, receiver])
    expect(fs.readdirSync(path.join(folder, '.lockstep', 'staging'))).toEqual([]);
  if (lab === undefined) return;
  const receivedBytes = lab.host('receiver').traffic().receivedBytes - before;
  const inMB = (bytes: number): string => (bytes / 1e6).toFixed(1);
  console.log(
    `${kills} kills: ${inMB(receivedBytes)} MB came in for ${inMB(contentBytes)} MB of content, ${inMB((receivedBytes - contentBytes) / Math.max(1, kills))} MB more for each kill`,
  );
  expect(receivedBytes).toBeLessThan(contentBytes * 1.03 + kills * allowanceBytes);
});
