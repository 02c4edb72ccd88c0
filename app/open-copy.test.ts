import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Copies, copyName, createCopies } from './open-copy.ts';

const folder = '0'.repeat(32);
let directory: string;
let opened: string[];
let shown: string[];
let copies: Copies;

beforeEach(() => {
  directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-copies-')), 'copies');
  [opened, shown] = [[], []];
  copies = createCopies({
    directory,
    readVersion({ version, offset = 0 }) {
      if (version === 'none') return Promise.reject(new Error('not-found'));
      const bytes = Buffer.from('0123456789').subarray(offset, offset + 6);
      return Promise.resolve({ bytes: bytes.toString('base64'), size: 10 });
    },
    openPath(file) {
      opened.push(file);
      return Promise.resolve('');
    },
    showInDirectory: (file) => void shown.push(file),
  });
});
afterEach(() => fs.rmSync(path.dirname(directory), { recursive: true, force: true }));

test('a copy has all bytes, cannot be written to, and is opened; clearing removes it', async () => {
  expect(await copies.open({ path: `${folder}:letters/dear.txt`, version: 'v' })).toBe(true);
  const [copy = ''] = opened;
  expect(path.basename(copy)).toBe('dear.txt');
  expect(fs.readFileSync(copy, 'utf8')).toBe('0123456789');
  expect(fs.statSync(copy).mode & 0o777).toBe(0o400);
  await copies.clear();
  expect(fs.existsSync(directory)).toBe(false);
});

test.each(['run.sh', 'setup.exe', 'page.html', 'no-extension', 'x.desktop'])(
  'what could be a program is shown and not opened: %s',
  async (name) => {
    await copies.open({ path: `${folder}:${name}`, version: 'v' });
    expect(opened).toEqual([]);
    expect(shown.map((file) => path.basename(file))).toEqual([name]);
  },
);

test('a version that cannot be had leaves nothing behind', async () => {
  await expect(copies.open({ path: `${folder}:a.txt`, version: 'none' })).rejects.toThrow('not-found');
  expect(fs.readdirSync(directory)).toEqual([]);
});

test.each([
  [`${folder}:a/b.txt`, 'b.txt'],
  [`${folder}:b.txt`, 'b.txt'],
  [`${folder}:a/exe.\u202egnp`, 'exe._gnp'],
  [`${folder}:a/x:y.txt. `, 'x_y.txt'],
  [`${folder}:${'n'.repeat(250)}.jpeg`, `${'n'.repeat(120)}.jpeg`],
])('%s is copied as %s', (place, name) => {
  expect(copyName(place)).toBe(name);
});
