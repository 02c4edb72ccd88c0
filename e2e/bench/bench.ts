// Measures Lockstep beside rsync, Unison and Syncthing: the same work on two hosts of a lab.
//   npm run bench                                    everything, at full size, three times: hours
//   npm run bench -- --rows big-file,edit --tools lockstep,rsync --runs 3 --scale 0.1
//   npm run bench -- --rows S1-1 --congestion reno   on emulated wide-area links
//   npm run bench -- --report                        writes BENCHMARKS.md anew from what was kept
// Needs Linux and root. `--keep` keeps the figures and writes BENCHMARKS.md; so does a run without any choice.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages } from '../../build/system-packages.mjs';
import { tellIfAsked } from '../../build/usage.mjs';
import { whyNoLab } from '../harness/lab.ts';
import { keepRecord, type Machine, machine, type Measured, now, readRecords } from './record.ts';
import { lineOf, pictureOf, reportOf } from './report.ts';
import type { Row } from './row.ts';
import { pairRows } from './rows.ts';
import { type Run, runRow } from './run-row.ts';
import { runSwarm } from './run-swarm.ts';
import { runWide } from './run-wide.ts';
import { swarmRows } from './swarm-rows.ts';
import { lockstep } from './tools/lockstep.ts';
import type { Tool } from './tool.ts';
import { tools } from './tools.ts';
import { wideRows } from './wide-rows.ts';

tellIfAsked(import.meta.filename);
const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    tools: { type: 'string' },
    runs: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    congestion: { type: 'string' },
    keep: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const scale = Number(values.scale);
if (!(Number.isInteger(runs) && runs > 0)) throw new RangeError('--runs is a whole number above 0');
if (!(scale >= 0.002 && scale <= 10)) throw new RangeError('--scale is between 0.002 and 10');
const chosenRows = chosen<Row>('rows', [...pairRows, ...swarmRows, ...wideRows], values.rows);
const chosenTools = chosen('tools', tools, values.tools);
const keeps = values.keep || (values.rows === undefined && values.tools === undefined && scale === 1);

if (!values.report) {
  if (!ensurePackages(['hosts', 'bench'])) process.exit(1);
  const whyNot = whyNoLab();
  if (whyNot !== undefined) {
    console.error(whyNot);
    process.exit(1);
  }
  for (const row of chosenRows)
    for (const tool of chosenTools) {
      if (row.kind === 'swarm' && tool !== lockstep) continue;
      const circumstances = { ...now(), machine: machineOf(row), version: tool.version() };
      const done: Run[] = [];
      try {
        for (let run = 0; run < runs; run += 1) done.push(await once(row, tool, run));
      } catch (error) {
        // One program's failure is no reason not to measure the others.
        console.error(`${row.id}, ${tool.title}: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
        continue;
      }
      const measured: Measured = { row: row.id, tool: tool.id, scale, ...circumstances, runs: done };
      console.log(lineOf(measured));
      if (keeps) keepRecord(measured);
    }
}
if (keeps || values.report) {
  const root = path.resolve(import.meta.dirname, '../..');
  const picture = 'build/pictures/benchmarks.svg';
  const records = readRecords();
  fs.writeFileSync(path.join(root, picture), pictureOf(records));
  fs.writeFileSync(
    path.join(root, 'BENCHMARKS.md'),
    reportOf(records, picture, fs.readFileSync(path.join(import.meta.dirname, 'findings.md'), 'utf8')),
  );
}
process.exit();

function once(row: Row, tool: Tool, run: number): Promise<Run> {
  if (row.kind === 'swarm') return runSwarm(row, scale);
  if (row.kind === 'wide') return runWide(row, tool, { scale, ...machineOf(row), seed: run });
  return runRow(row, tool, scale);
}

/** This machine, with the congestion control that a row is run with. */
function machineOf(row: Row): Machine {
  const own = machine();
  return row.kind === 'wide' && values.congestion !== undefined
    ? { ...own, congestionControl: values.congestion }
    : own;
}

/** Those of `all` whose ids a list names; all if there is no list. */
function chosen<T extends { readonly id: string }>(
  what: string,
  all: readonly T[],
  list: string | undefined,
): readonly T[] {
  if (list === undefined) return all;
  return list.split(',').map((id) => {
    const found = all.find((one) => one.id === id);
    if (found === undefined)
      throw new RangeError(`--${what}: no ${id} among ${all.map((one) => one.id).join(', ')}`);
    return found;
  });
}
