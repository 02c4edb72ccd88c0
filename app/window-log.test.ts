import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openWindowLog } from './window-log.ts';

test('a window that goes on failing fills two files of a quarter mebibyte, with its latest faults', () => {
  const logs = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-log-'));
  onTestFinished(() => fs.rmSync(logs, { recursive: true, force: true }));
  const log = openWindowLog(logs, { now: () => 0, after: () => () => {} });
  const frames = ['at Row (main.js:1:2)'.repeat(50)];
  for (let n = 0; n < 1000; n += 1) log.fault({ where: 'folders', name: `Fault ${n}`, frames });
  const names = fs.readdirSync(logs).toSorted();
  expect(names).toEqual(['window.log', 'window.log.1']);
  for (const name of names) expect(fs.statSync(path.join(logs, name)).size).toBeLessThanOrEqual(256 * 1024);
  expect(fs.readFileSync(path.join(logs, 'window.log'), 'utf8')).toContain('"Fault 999"');
});
