import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadAverage } from './processes.ts';
import type { Run } from './run-row.ts';

/** What one program did in one row, as it is kept. */
export interface Measured {
  readonly row: string;
  readonly tool: string;
  readonly version: string;
  readonly scale: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of the minute before the first run. */
  readonly loadAverage: number;
  readonly machine: Machine;
  readonly runs: readonly Run[];
}

/** What a figure depends on besides the programs; nothing that names the machine. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly congestionControl: string;
}

/** Where the figures are kept that BENCHMARKS.md is made of. */
const store = path.join(import.meta.dirname, 'measured.json');

export function machine(): Machine {
  const control = '/proc/sys/net/ipv4/tcp_congestion_control';
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model ?? '?',
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release().split('-')[0]}`,
    node: process.version,
    congestionControl: fs.existsSync(control) ? fs.readFileSync(control, 'utf8').trim() : '?',
  };
}

export function now(): { readonly at: string; readonly loadAverage: number } {
  return { at: new Date().toISOString(), loadAverage: loadAverage() };
}

/** Everything kept so far. */
export function readRecords(): readonly Measured[] {
  return fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, 'utf8')) : [];
}

/** Keeps a record in place of an earlier one of the same row and program. */
export function keepRecord(record: Measured): void {
  const others = readRecords().filter(({ row, tool }) => row !== record.row || tool !== record.tool);
  fs.writeFileSync(store, `${JSON.stringify([...others, record], undefined, 1)}\n`);
}
