// What the app takes on this machine: from its start to the tray, from a press in the tray to the window, scrolling through one folder of many files, and memory at rest.
//   npm run footprint:window -- --files 100000
// Prints a table. Needs Linux, a built app (npm run build) and what the app's tests need. Leaves nothing behind.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Locator } from '@playwright/test';
import { tellIfAsked } from '../../build/usage.mjs';
import { commandOf } from '../app/conflict-world.ts';
import { launchApp, type RunningApp } from '../app/launch-app.ts';
import { openTrayHost } from '../app/tray-host.ts';
import { waitUntil } from '../harness/harness.ts';

tellIfAsked(import.meta.filename);
const { values } = parseArgs({
  options: { files: { type: 'string', default: '100000' }, idle: { type: 'string', default: '10' } },
});
const files = Number(values.files);
const idleS = Number(values.idle);
if (!(files > 0 && idleS > 0)) throw new RangeError('--files and --idle are numbers above 0');

/** LIMIT: far above what a hundred files a second need. */
const deadlineMs = 60_000 + files * 10;
/** Pixels a frame: as fast as a wheel is turned, and as fast as a bar is dragged. */
const speeds = { wheel: 120, bar: 20_000 };
const framesEach = 300;
const open = 'Open Lockstep';
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-window-'));
process.on('exit', () => fs.rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

const setup = { hidden: true, data: path.join(place, 'data'), env: { LANGUAGE: 'en', LANG: 'en_US.UTF-8' } };
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, idleS * 1000));
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const rows: (readonly [string, string])[] = [];

/** The processes of the app, by what each is for. */
async function processesOf({
  electron,
}: RunningApp): Promise<readonly { readonly pid: number; readonly what: string }[]> {
  const metrics = await electron.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .map(({ pid, type, name, serviceName }) => ({ pid, type, name: name ?? serviceName ?? '' })),
  );
  return metrics.map(({ pid, type, name }) => ({
    pid,
    what:
      { Browser: 'main', Tab: 'window' }[type as string] ??
      (name === 'Lockstep engine' ? 'engine' : 'helpers'),
  }));
}

/** Resident memory of every process of the app, MiB. */
async function memoryOf(app: RunningApp): Promise<string> {
  const parts = new Map<string, number>();
  for (const { pid, what } of await processesOf(app)) {
    const [, kB = '0'] = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    parts.set(what, (parts.get(what) ?? 0) + Number(kB) / 1024);
  }
  const sum = [...parts.values()].reduce((total, each) => total + each, 0);
  return `${[...parts].map(([what, mib]) => `${what} ${mib.toFixed(0)}`).join(' + ')} = ${sum.toFixed(0)} MiB`;
}

/** Seconds of processor time the app has used so far. LIMIT: Linux counts a hundred ticks a second. */
async function processorS(app: RunningApp): Promise<number> {
  let ticks = 0;
  for (const { pid } of await processesOf(app)) {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

/** Starts the program as a session does; resolves to the time until its icon is in the tray, and until it says that nothing is to do. */
async function startedIn(
  commandLine: readonly string[],
): Promise<{ readonly tray: number; readonly atRest: number }> {
  const host = await openTrayHost();
  const [program = '', ...args] = commandLine;
  const startedAt = performance.now();
  const started = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...setup.env } });
  const ended = new Promise((resolve) => started.on('exit', resolve));
  try {
    const item = await host.item();
    const tray = performance.now() - startedAt;
    await waitUntil(
      'nothing is to do',
      async () => (await item.tooltip()).endsWith('No other devices yet.'),
      deadlineMs,
    );
    return { tray, atRest: performance.now() - startedAt };
  } finally {
    started.kill('SIGTERM');
    await ended;
    host.close();
  }
}

/** Frame times while a list is scrolled, milliseconds. */
async function scroll(list: Locator, pixels: number): Promise<string> {
  const times = await list.evaluate(
    async (grid, { step, frames }) => {
      const taken: number[] = [];
      grid.scrollTop = 0;
      let before = performance.now();
      for (let i = 0; i < frames; i += 1) {
        grid.scrollTop += step;
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        taken.push(now - before);
        before = now;
      }
      return taken.slice(1).toSorted((a, b) => a - b);
    },
    { step: pixels, frames: framesEach },
  );
  const at = (share: number): string => (times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(1);
  return `median ${at(0.5)}, 95 of 100 under ${at(0.95)}, worst ${at(1)} ms`;
}

const folder = path.join(place, 'Many');
fs.mkdirSync(folder);
for (let i = 0; i < files; i += 1)
  fs.writeFileSync(
    path.join(folder, `${String(i).padStart(6, '0')}.txt`),
    `what file ${i} of ${files} says\n`,
  );

const first = await launchApp(setup);
const { commandLine } = first;
try {
  const { ask } = await commandOf(first);
  rows.push(['memory at rest, nothing kept, no window', await rest().then(() => memoryOf(first))]);
  await ask('folder', 'add', folder);
  const startedAt = performance.now();
  await waitUntil(
    'looked through',
    async () => {
      const { state, folders } = await ask<{ state: string; folders: { files: number }[] }>('status');
      return state === 'offline' && folders[0]?.files === files;
    },
    deadlineMs,
  );
  rows.push(['first look through the folder', seconds(performance.now() - startedAt)]);
} finally {
  await first.close();
}

const { tray, atRest } = await startedIn(commandLine);
rows.push(['start to the icon in the tray', seconds(tray)], ['start to “nothing to do”', seconds(atRest)]);

const host = await openTrayHost();
const app = await launchApp(setup);
try {
  const item = await host.item();
  await waitUntil(
    'nothing is to do',
    async () => (await item.tooltip()).endsWith('No other devices yet.'),
    deadlineMs,
  );
  rows.push(['memory at rest, no window', await rest().then(() => memoryOf(app))]);
  const shown = app.electron.waitForEvent('window');
  const before = await processorS(app);
  const pressedAt = Date.now();
  await item.press(open);
  const page = await shown;
  await page.getByRole('listitem', { name: 'Many' }).waitFor();
  const used = (await processorS(app)) - before;
  const painted = await page.evaluate(async () => {
    const largest = await new Promise<number>((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
        type: 'largest-contentful-paint',
        buffered: true,
      });
    });
    const [first] = performance.getEntriesByName('first-contentful-paint');
    return [first?.startTime ?? Number.NaN, largest].map((at) => performance.timeOrigin + at);
  });
  const [firstMs = 0, wholeMs = 0] = painted.map((at) => at - pressedAt);
  rows.push(['press in the tray to the first paint', seconds(firstMs)]);
  rows.push([
    'press in the tray to the folder being shown',
    `${seconds(wholeMs)}, ${used.toFixed(2)} s of processor time`,
  ]);
  await page.keyboard.press('Control+4');
  const list = page.getByRole('grid', { name: 'What is here' });
  await list.getByRole('row', { name: '000000.txt' }).waitFor();
  rows.push(['frames, scrolled as by a wheel', await scroll(list, speeds.wheel)]);
  rows.push(['frames, dragged through all of it', await scroll(list, speeds.bar)]);
  await page.keyboard.press('Control+1');
  rows.push(['memory at rest, window open', await rest().then(() => memoryOf(app))]);
} finally {
  await app.close();
  host.close();
}

const width = Math.max(...rows.map(([what]) => what.length));
console.log(
  `${files} files in one directory; load ${os
    .loadavg()
    .map((each) => each.toFixed(1))
    .join(' ')}`,
);
for (const [what, figure] of rows) console.log(`${what.padEnd(width)}  ${figure}`);
process.exit();
