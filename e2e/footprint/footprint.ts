// What two devices that share a folder of many files take: memory at most, processor time to get in step and to rest, and again after a restart.
//   npm run footprint -- --files 200000
// Prints a table. Needs Linux, for it reads /proc. Leaves nothing behind.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tellIfAsked } from '../../build/usage.mjs';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { admit, inStepWithin, meeting, shareFolder, takeFolder, tellWhere } from '../harness/lab-group.ts';

tellIfAsked(import.meta.filename);
const { values } = parseArgs({
  options: { files: { type: 'string', default: '20000' }, idle: { type: 'string', default: '30' } },
});
const files = Number(values.files);
const idleS = Number(values.idle);
if (!(files > 0 && idleS > 0)) throw new RangeError('--files and --idle are numbers above 0');

/** LIMIT: far above what a hundred files a second need. */
const deadlineS = 60 + files / 100;
const filesInDirectory = 200;
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-footprint-'));
const devices: RunningDevice[] = [];
process.on('exit', () => fs.rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

/** The process that runs a device: the launcher's child. */
function enginePid(device: RunningDevice): number {
  const pid = device.pid() ?? 0;
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return Number(children.split(' ')[0] || pid);
}

function peakMiB(pid: number): number {
  const [, kB = '0'] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kB) / 1024;
}

function restMiB(pid: number): number {
  const [, kB = '0'] = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kB) / 1024;
}

/** Seconds of processor time a process has used. LIMIT: Linux counts a hundred ticks a second. */
function processorS(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const rows: string[][] = [];
async function measure(what: string, device: RunningDevice, work: () => Promise<unknown>): Promise<void> {
  const pid = enginePid(device);
  const [startedAt, before] = [performance.now(), processorS(pid)];
  await work();
  rows.push([
    what,
    device.name,
    `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    `${(processorS(pid) - before).toFixed(1)} s`,
    `${peakMiB(pid).toFixed(0)} MiB`,
    `${restMiB(pid).toFixed(0)} MiB`,
  ]);
}

const idle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, idleS * 1000));
const isUpToDate = async (device: RunningDevice): Promise<boolean> => {
  const { folders } = await device.ask<{ folders: { state: string; files: number }[] }>('status');
  return folders[0]?.files === files && ['up-to-date', 'syncing'].includes(folders[0].state);
};

try {
  const folderOf = (name: string): string => path.join(place, name, 'folder');
  for (const name of ['first', 'second']) {
    fs.mkdirSync(folderOf(name), { recursive: true });
    devices.push(await startDevice({ name, home: path.join(place, name, 'home') }));
  }
  const [first, second] = devices as [RunningDevice, RunningDevice];
  for (let i = 0; i < files; i++) {
    const directory = path.join(folderOf('first'), String(Math.floor(i / filesInDirectory)));
    if (i % filesInDirectory === 0) fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, `${i}.txt`), `what file ${i} of ${files} says\n`);
  }
  let folderId = '';
  await measure('first look', first, async () => {
    folderId = await shareFolder(first, folderOf('first'), 'Many');
    await waitUntil('looked through', () => isUpToDate(first), deadlineS * 1000);
  });
  await measure('fetched whole', second, async () => {
    await admit(first, second);
    await takeFolder(second, folderId, folderOf('second'));
    await inStepWithin(deadlineS, first, second);
  });
  for (const device of [first, second]) await measure(`at rest, ${idleS} s`, device, idle);
  await first.kill('SIGTERM');
  await first.restart();
  await measure('restarted, nothing changed', first, async () => {
    await tellWhere(second, first);
    await meeting(first, second);
    await inStepWithin(deadlineS, first, second);
  });

  const head = ['', 'device', 'time', 'processor', 'memory at most', 'memory now'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  console.log(`${files} files in ${Math.ceil(files / filesInDirectory)} directories`);
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
} finally {
  await Promise.allSettled(devices.map((device) => device.stop()));
}
process.exit();
