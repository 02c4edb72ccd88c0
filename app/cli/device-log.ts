import path from 'node:path';
import pino from 'pino';
import type { DeviceOptions } from '../../core/engine/engine.ts';
import { printable } from './format.ts';
import { openRotatingFile } from './rotating-file.ts';

type Log = NonNullable<DeviceOptions['log']>;

/** LIMIT: weeks of an ordinary device; together 25 MiB. */
const logLimits = { maxBytes: 5 * 1024 * 1024, maxFiles: 5 };

/** A device's log and its end. */
export interface DeviceLog {
  readonly log: Log;
  readonly file: string;
  close(): void;
}

/** Writes to `logs/lockstep.log` in `home`, a JSON object a line; warnings and errors also go to `warn`, as one line for a person. */
export function openDeviceLog(home: string, warn: (line: string) => void): DeviceLog {
  const file = path.join(home, 'logs', 'lockstep.log');
  const target = openRotatingFile(file, logLimits);
  const logger = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, target);
  const wrap = (to: pino.Logger, all: Readonly<Record<string, unknown>>): Log => ({
    write(level, message, facts = {}) {
      to[level](facts, message);
      if (level === 'warn' || level === 'error') warn(lineOf(message, { ...all, ...facts }));
    },
    child: (facts) => wrap(to.child(facts), { ...all, ...facts }),
  });
  return { log: wrap(logger, {}), file, close: () => target.close() };
}

function lineOf(message: string, facts: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(facts)
    .filter(([name]) => name !== 'stack')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return printable(`lockstep: ${message}${told.length === 0 ? '' : ` (${told.join(', ')})`}`);
}
