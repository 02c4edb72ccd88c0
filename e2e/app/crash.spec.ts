import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { launchApp } from './launch-app.ts';
import { saveReport } from './save-report.ts';

test('an engine that is killed comes back by itself and has lost nothing', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-crash-'));
  for (const n of [1, 2, 3]) fs.writeFileSync(path.join(directory, `${n}.txt`), `number ${n}`);
  const app = await launchApp();
  try {
    const { page } = app;
    await app.willChoose(directory);
    await page.getByRole('button', { name: 'Add a folder…' }).click();
    const folder = page.getByRole('listitem', { name: path.basename(directory) });
    await expect(folder.getByText('3 files')).toBeVisible();
    await page.getByRole('button', { name: 'Devices' }).click();
    const key = await page.locator('code.key').textContent();

    const killed = await app.enginePid();
    process.kill(killed, 'SIGKILL');
    fs.writeFileSync(path.join(directory, '4.txt'), 'written while there was no engine');
    await expect.poll(() => app.enginePid()).not.toBe(killed);
    await expect(page.locator('code.key')).toHaveText(key ?? '');
    await page.getByRole('button', { name: 'Folders' }).click();
    await expect(folder.getByText('4 files')).toBeVisible();
    await expect(page.getByRole('status', { name: 'Status' })).toHaveText('No other devices yet.');
  } finally {
    await app.close();
    fs.rmSync(directory, { recursive: true, force: true });
  }
});

test('an app that is started right after its main process was killed waits for the engine of that one, and comes up by itself', async () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-crash-'));
  const killed = await launchApp({ data });
  const { page } = killed;
  await page.getByRole('button', { name: 'Devices' }).click();
  const key = await page.locator('code.key').textContent();
  const left = await killed.enginePid();
  // So that it is certain to be there still.
  process.kill(left, 'SIGSTOP');
  killed.electron.process().kill('SIGKILL');
  const launching = launchApp({ data });
  setTimeout(() => process.kill(left, 'SIGCONT'), 4_000);
  const app = await launching;
  try {
    await app.page.getByRole('button', { name: 'Devices' }).click();
    await expect(app.page.locator('code.key')).toHaveText(key ?? '');
    expect(await app.enginePid()).not.toBe(left);
  } finally {
    await app.close();
    fs.rmSync(data, { recursive: true, force: true });
  }
});

test('an engine that cannot start says why and what helps; once that is done a person can try again', async () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-crash-'));
  const key = path.join(data, 'home', 'device.key');
  fs.mkdirSync(path.dirname(key), { mode: 0o700 });
  fs.writeFileSync(key, 'no key', { mode: 0o600 });
  const app = await launchApp({ data });
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: 'Lockstep cannot sync.' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('The key of this device cannot be read');
    await expect(page.getByRole('status', { name: 'Status' })).toHaveText('Lockstep cannot sync.');
    await expectAccessible(page, 'engine-refused');
    expect(fs.readFileSync(key, 'utf8')).toBe('no key');
    fs.rmSync(key);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  } finally {
    await app.close();
    fs.rmSync(data, { recursive: true, force: true });
  }
});

test('an engine that keeps ending is given up, the window says so, and a person can start it again', async () => {
  const app = await launchApp();
  try {
    const { page } = app;
    const givenUp = page.getByRole('heading', {
      name: 'The sync engine keeps stopping. Nothing is synced now.',
    });
    let killed = 0;
    for (let ends = 0; ends < 6; ends += 1) {
      await expect.poll(() => app.enginePid()).not.toBe(killed);
      killed = await app.enginePid();
      process.kill(killed, 'SIGKILL');
    }
    await expect(givenUp).toBeVisible();
    await expectAccessible(page, 'engine-given-up');
    // What is advised can be done here: no screen is left to do it on.
    const report = await saveReport(app, path.join(app.home, '..', 'report.txt'));
    expect(report).toContain('engine: given-up');
    await page.getByRole('button', { name: 'Start again' }).click();
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  } finally {
    await app.close();
  }
});
