import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDeviceLog } from './device-log.ts';

const mebibyte = 1024 * 1024;

test('five files of five mebibytes are kept, and the oldest goes', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-log-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  const { log, file, close } = openDeviceLog(home, () => {});
  const text = 'x'.repeat(mebibyte);
  for (let line = 0; line < 30; line += 1) log.write('info', `line ${line}`, { text });
  close();
  const kept = [file, ...[1, 2, 3, 4].map((age) => `${file}.${age}`)];
  expect(fs.readdirSync(path.dirname(file)).toSorted()).toEqual(kept.map((each) => path.basename(each)));
  const linesOf = (each: string): readonly string[] => fs.readFileSync(each, 'utf8').trimEnd().split('\n');
  for (const each of kept) expect(fs.statSync(each).size).toBeLessThanOrEqual(5 * mebibyte);
  const told = kept.toReversed().flatMap((each) => linesOf(each).map((line) => JSON.parse(line).msg));
  expect(told).toEqual(Array.from({ length: told.length }, (_, i) => `line ${30 - told.length + i}`));
  expect(told.length).toBeLessThan(30);
});

test('everything goes to the file, warnings and errors also to a person, in one line', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-log-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  const said: string[] = [];
  const { log, file, close } = openDeviceLog(home, (line) => said.push(line));
  const child = log.child({ folder: 'f1' });
  log.write('info', 'quiet', { count: 3 });
  child.write('warn', 'loud', { path: 'a\nb', stack: 'at x' });
  child.write('error', 'louder');
  close();
  expect(said).toEqual(['lockstep: loud (folder=f1, path=a\\u{a}b)', 'lockstep: louder (folder=f1)']);
  const lines = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 30, msg: 'quiet', count: 3 },
    { level: 40, msg: 'loud', folder: 'f1', path: 'a\nb' },
    { level: 50, msg: 'louder', folder: 'f1' },
  ]);
  expect(lines[0].time).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
});
