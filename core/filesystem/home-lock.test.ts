import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskPath, joinDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { acquireHomeLock } from './home-lock.ts';
import { loadNativeCalls } from './native-calls.ts';

let home: DiskPath;
let path: DiskPath;
const children: ChildProcess[] = [];
beforeEach(() => {
  home = diskPath(mkdtempSync(join(tmpdir(), 'lockstep-lock-')));
  path = joinDisk(home, 'lock');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const inUse = expect.objectContaining({ code: 'home-in-use' });
const moduleUrl = new URL('./home-lock.ts', import.meta.url).href;

/** Another process that takes the lock, says so, and waits to be killed. */
async function holdElsewhere(native: string): Promise<ChildProcess> {
  const script = `
    const { acquireHomeLock } = await import(${JSON.stringify(moduleUrl)});
    acquireHomeLock(${JSON.stringify(path)}${native});
    console.log('held');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux').each([
  { called: 'the system\u2019s lock', native: loadNativeCalls(), inChild: '' },
  { called: 'a process number', native: {}, inChild: ', {}' },
])('home lock by $called', ({ native, inChild }) => {
  test('[FS31] is held by one at a time, and free again once released', () => {
    const lock = acquireHomeLock(path, native);
    expect(() => acquireHomeLock(path, native)).toThrow(inUse);
    lock.release();
    lock.release();
    acquireHomeLock(path, native).release();
  });

  test('[FS31] goes with its process, however that ends', async () => {
    const child = await holdElsewhere(inChild);
    expect(() => acquireHomeLock(path, native)).toThrow(inUse);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = acquireHomeLock(path, native);
    lock.release();
  });

  test('[FS31] is respected by a process that locks the other way', async () => {
    const child = await holdElsewhere(inChild === '' ? ', {}' : '');
    expect(() => acquireHomeLock(path, native)).toThrow(inUse);
    child.kill('SIGKILL');
    await once(child, 'exit');
    acquireHomeLock(path, native).release();
  });

  test('[FS31] is not held by a file left over, a number given to another process, or nonsense', () => {
    for (const text of ['', 'nonsense', `${process.ppid} long-ago\n`, '999999999 x\n']) {
      writeFileSync(path, text);
      const lock = acquireHomeLock(path, native);
      expect(readFileSync(path, 'utf8')).toContain(String(process.pid));
      lock.release();
    }
  });

  test('[FS31] says when the home cannot be used', () => {
    expect(() => acquireHomeLock(joinDisk(joinDisk(home, 'missing'), 'lock'), native)).toThrow(
      expect.objectContaining({ code: 'home-unusable' }),
    );
  });
});
