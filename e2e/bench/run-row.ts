import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLab } from '../harness/lab.ts';
import { expectSame, farShows } from './far-state.ts';
import { comeToRest, metered, type Pair, type Reading } from './meter.ts';
import type { Change, PairRow } from './row.ts';
import { median } from './summary.ts';
import type { RunningTool, Tool } from './tool.ts';

/** One run of one row with one program. */
export interface Run extends Reading {
  /** What single changes took, of a row that has many; seconds. */
  readonly samplesS?: readonly number[];
  /** Of one that begins with starting the program on other hosts: the time since they were connected. */
  readonly connectedS?: number;
}

/** LIMIT: what is not there by then counts as never. */
const farDeadlineMs = 1_800_000;
/** LIMIT: changes one after the other are made no longer than this, but five at least. */
const changesDeadlineMs = 120_000;
const leastChanges = 5;
/** LIMIT: longer than a program waits to see whether one more change follows, so that each is a lone one. */
const betweenChangesMs = 1200;

/** Measures one run: two new hosts whose folders hold the same, the program on both at rest, then the work, then a look at every byte. */
export async function runRow(row: PairRow, tool: Tool, scale: number): Promise<Run> {
  const lab = createLab(['near', 'far']);
  try {
    const [near, far] = [lab.host('near'), lab.host('far')];
    const folderOf = (directory: string): string => path.join(directory, 'folder');
    const pair: Pair = {
      near,
      far,
      nearFolder: folderOf(near.directory),
      farFolder: folderOf(far.directory),
    };
    fs.mkdirSync(pair.nearFolder);
    row.base(pair.nearFolder, scale);
    execFileSync('cp', ['-a', pair.nearFolder, pair.farFolder]);
    const stage = path.join(near.directory, 'stage');
    fs.mkdirSync(stage);
    const running = await tool.start([
      { host: near, folder: pair.nearFolder },
      { host: far, folder: pair.farFolder },
    ]);
    try {
      const run = await measure(row, running, { pair, stage, scale });
      expectSame(pair.nearFolder, pair.farFolder);
      return run;
    } finally {
      await running.stop();
    }
  } finally {
    lab.destroy();
  }
}

interface Place {
  readonly pair: Pair;
  readonly stage: string;
  readonly scale: number;
}

async function measure(row: PairRow, running: RunningTool, { pair, stage, scale }: Place): Promise<Run> {
  const change = row.kind === 'change' ? row.prepare(pair, stage, scale) : undefined;
  if (row.kind === 'reconnect') {
    if (row.after === 'restart') await running.leave?.([1]);
    else {
      pair.far.cut();
      await running.parted?.([1]);
    }
  }
  // What was written to make ready is not to be written during the measurement.
  execFileSync('sync');
  await comeToRest(running.roots);
  const during = (work: () => Promise<number>): Promise<Reading> =>
    metered({ hosts: [pair.near, pair.far], roots: running.roots }, work);
  switch (row.kind) {
    case 'change':
      return during(() => secondsUntilFar(change as Change, running));
    case 'changes': {
      const samplesS: number[] = [];
      const reading = await during(async () => {
        const deadline = performance.now() + changesDeadlineMs;
        for (let at = 0; at < row.count; at += 1) {
          if (at >= leastChanges && performance.now() > deadline) break;
          samplesS.push(await secondsUntilFar(row.next(pair, at), running));
          await sleep(betweenChangesMs);
        }
        return median(samplesS);
      });
      return { ...reading, samplesS };
    }
    case 'reconnect':
      return during(async () => {
        if (row.after === 'cut') pair.far.heal();
        if (running.comeBack !== undefined) return running.comeBack([1]);
        return secondsOf(async () => running.carry?.([0]));
      });
    case 'idle':
      return during(async () => {
        await sleep(row.seconds * 1000);
        return row.seconds;
      });
  }
}

/** Makes a change and resolves to the seconds until the far folder shows it. */
async function secondsUntilFar({ make, expected }: Change, { carry }: RunningTool): Promise<number> {
  const startedAt = performance.now();
  make();
  if (carry !== undefined) await carry([0]);
  await farShows(expected, farDeadlineMs);
  return (performance.now() - startedAt) / 1000;
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
