import path from 'node:path';
import { openRotatingFile } from './cli/rotating-file.ts';
import type { Clock } from './clock.ts';
import type { ShellMethods } from './ipc/contract.ts';

/** LIMIT: thousands of faults, so that a page that says too much fills no disk. */
const limits = { maxBytes: 256 * 1024, maxFiles: 2 };

/** Where faults of the window are kept, for the report. */
export interface WindowLog {
  /** What failed, where in our own scripts; never what was shown. */
  fault(fault: ShellMethods['reportFault']['takes']): void;
}

/** Writes to `window.log` in `logs`, a JSON object a line, readable by this user only; nothing is made before the first fault. */
export function openWindowLog(logs: string, clock: Clock): WindowLog {
  const file = openRotatingFile(path.join(logs, 'window.log'), limits);
  return {
    fault({ where, name, frames }) {
      const time = new Date(clock.now()).toISOString();
      file.write(
        `${JSON.stringify({ level: 'error', time, message: 'a screen failed', where, name, frames })}\n`,
      );
    },
  };
}
