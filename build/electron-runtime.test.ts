import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findElectron } from './electron-runtime.mjs';
import { projectRoot } from './project-files.mjs';

const { devDependencies } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
const folders: string[] = [];

/** Something that passes for an Electron of this version. */
function electronFolder(version: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-electron-'));
  folders.push(folder);
  const program = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const file = path.join(folder, program[process.platform as keyof typeof program] ?? 'electron');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '');
  fs.writeFileSync(path.join(folder, 'version'), version);
  return folder;
}

afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

test('a release is made of the Electron that package.json names, wherever it lies, and of no other', async () => {
  const [named, old] = [electronFolder(`v${devDependencies.electron}`), electronFolder('33.2.1')];
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', old);
  expect(await findElectron()).toEqual({ folder: old, origin: 'override' });
  vi.stubEnv('RELEASE', '1');
  await expect(findElectron()).rejects.toThrow(/a release is made of Electron/);
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', named);
  expect(await findElectron()).toEqual({ folder: named, origin: 'override' });
});

test('a release refuses the Electron of the tests', async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '');
  vi.stubEnv('LOCKSTEP_ELECTRON', 'registry');
  vi.stubEnv('RELEASE', '1');
  await expect(findElectron()).rejects.toThrow(/a release needs the official Electron/);
});

test('a release is not packed open for tests', () => {
  const packed = spawnSync(process.execPath, ['build/package.mjs', '--e2e'], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: {
      ...process.env,
      RELEASE: '1',
      ELECTRON_OVERRIDE_DIST_PATH: electronFolder(devDependencies.electron),
    },
  });
  expect(packed.status).not.toBe(0);
  expect(packed.stderr).toMatch(/a release is not made with --e2e/);
});
