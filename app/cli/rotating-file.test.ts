import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRotatingFile } from './rotating-file.ts';

function place(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-log-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return path.join(directory, 'logs', 'a.log');
}

test('nothing is made before the first line, and then for the owner only', () => {
  const file = place();
  const log = openRotatingFile(file, { maxBytes: 100, maxFiles: 2 });
  expect(fs.existsSync(path.dirname(file))).toBe(false);
  log.write('one\n');
  log.close();
  log.write('too late\n');
  expect(fs.readFileSync(file, 'utf8')).toBe('one\n');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
});

test('the newest lines are kept in so many files, none cut', () => {
  const file = place();
  const log = openRotatingFile(file, { maxBytes: 10, maxFiles: 3 });
  for (const line of ['1111', '2222', '3333', '4444', '5555', '6666', '7777']) log.write(`${line}\n`);
  log.close();
  const names = fs.readdirSync(path.dirname(file)).sort();
  expect(names).toEqual(['a.log', 'a.log.1', 'a.log.2']);
  expect(names.map((name) => fs.readFileSync(path.join(path.dirname(file), name), 'utf8'))).toEqual([
    '7777\n',
    '5555\n6666\n',
    '3333\n4444\n',
  ]);
});

test('a new opening goes on where the last one ended, and a line longer than a file stands alone', () => {
  const file = place();
  for (const line of ['aaaa\n', 'bbbb\n', `${'c'.repeat(30)}\n`, 'dddd\n']) {
    const log = openRotatingFile(file, { maxBytes: 10, maxFiles: 3 });
    log.write(line);
    log.close();
  }
  expect(fs.readFileSync(`${file}.2`, 'utf8')).toBe('aaaa\nbbbb\n');
  expect(fs.readFileSync(`${file}.1`, 'utf8')).toBe(`${'c'.repeat(30)}\n`);
  expect(fs.readFileSync(file, 'utf8')).toBe('dddd\n');
});

const full = '/dev/full';

test.skipIf(!fs.existsSync(full))(
  'a disk that is full loses lines and nothing else: once it has room, the next ones are kept',
  () => {
    const file = place();
    fs.mkdirSync(path.dirname(file));
    fs.symlinkSync(full, file);
    const log = openRotatingFile(file, { maxBytes: 10, maxFiles: 2 });
    for (const line of ['1111', '2222', '3333']) log.write(`${line}\n`);
    fs.rmSync(file);
    log.write('4444\n');
    log.close();
    expect(fs.readFileSync(file, 'utf8')).toBe('4444\n');
  },
);

test('a disk that refuses does not reach the caller', () => {
  const file = place();
  fs.writeFileSync(path.dirname(file), 'a file where the directory belongs');
  const log = openRotatingFile(file, { maxBytes: 10, maxFiles: 2 });
  log.write('lost\n');
  log.close();
  expect(fs.readFileSync(path.dirname(file), 'utf8')).toBe('a file where the directory belongs');
});
