import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type RunningDevice, startDevice } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, tellEachOther } from './conflict-world.ts';
import { pressOn, tabTo } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { passRecoveryWords } from './pairing.ts';

let place: string;
let app: RunningApp;
let other: RunningDevice | undefined;

test.beforeEach(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-first-'));
  app = await launchApp({ isFirst: true });
});
test.afterEach(async () => {
  await app.close();
  await other?.stop();
  other = undefined;
  fs.rmSync(place, { recursive: true, force: true });
});

async function nameIt(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Welcome to Lockstep' })).toBeVisible();
  const field = page.getByRole('textbox', { name: 'Name this device' });
  await expect(field).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'How do you want to begin?' })).toBeVisible();
}

test('by keyboard alone: a name, a folder, the recovery code written down and printed, and the device is ready for others', async () => {
  const { page } = app;
  const photos = path.join(place, 'Photos');
  fs.mkdirSync(photos);
  await expectAccessible(page, 'first-name');
  await nameIt(page, 'Ana’s desktop');
  await expectAccessible(page, 'first-begin');
  await app.willChoose(photos);
  const start = page.getByRole('button', { name: /^Start with a folder/ });
  await pressOn(start);
  await expect(page.getByRole('heading', { name: 'Your recovery code' })).toBeVisible();
  await expect(page.getByText('Step 3 of 3')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show the twelve words' })).toBeFocused();
  await expectAccessible(page, 'first-code');
  await page.keyboard.press('Enter');
  const words = await passRecoveryWords(app, async (asked, step) => {
    if (step === 'typed') {
      await expect(asked.getByRole('textbox')).toBeFocused();
      await asked.keyboard.type('not these');
      await pressOn(asked.getByRole('button', { name: 'Done' }));
      await expect(asked.getByRole('alert')).toContainText('These are not the two words.');
      await tabTo(asked.getByRole('textbox'));
      return;
    }
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const { webContents } of BrowserWindow.getAllWindows())
        webContents.print = () => void Object.assign(globalThis, { printed: true });
    });
    await pressOn(asked.getByRole('button', { name: 'Print…' }));
    await expect.poll(() => app.electron.evaluate(() => 'printed' in globalThis)).toBe(true);
    // On paper there are the words and no buttons.
    await asked.emulateMedia({ media: 'print' });
    await expect(asked.getByRole('list', { name: 'The twelve recovery words' })).toBeVisible();
    await expect(asked.getByRole('button', { name: 'Print…' })).toBeHidden();
    await asked.emulateMedia({ media: null });
    await asked.keyboard.press('Escape');
    await expect(asked.getByRole('list', { name: 'The twelve recovery words' })).toBeVisible();
  });
  expect(new Set(words).size).toBeGreaterThan(6);
  await expect(page.getByText(/^You have the recovery code\./)).toBeVisible();
  await pressOn(page.getByRole('button', { name: 'Finish' }));
  await expect(page.getByRole('listitem', { name: 'Photos' })).toBeVisible();
  const { ask } = await commandOf(app);
  expect(await ask('group', 'show')).toMatchObject({ recovery: true });
  expect((await ask<{ name: string }>('id')).name).toBe('Ana’s desktop');
  await page.reload();
  await expect(page.getByRole('navigation')).toBeVisible();
});

test('by keyboard alone: a device that joins another by an invitation is shown the folders there are', async () => {
  const { page } = app;
  other = await startDevice({ name: 'Cellar NAS' });
  const letters = path.join(place, 'Letters');
  fs.mkdirSync(letters);
  await other.ask('folder', 'add', letters);
  const { invitation } = await other.ask<{ invitation: string }>('device', 'invite', '--yes');
  await nameIt(page, 'Laptop');
  await pressOn(page.getByRole('button', { name: /^Join a device I already use/ }));
  await expect(page.getByRole('heading', { name: 'How do you want to join it?' })).toBeVisible();
  await expectAccessible(page, 'first-join');
  await tellEachOther(app, other);
  await pressOn(page.getByRole('button', { name: 'Join with an invitation…' }));
  await expect(page.getByRole('textbox', { name: 'Invitation' })).toBeFocused();
  await page.keyboard.insertText(invitation);
  await pressOn(page.getByRole('button', { name: 'Join', exact: true }));
  await pressOn(page.getByRole('button', { name: 'Show folders' }));
  await expect(page.getByText(/^The devices you joined have a recovery code/)).toBeVisible();
  await expectAccessible(page, 'first-joined');
  await pressOn(page.getByRole('button', { name: 'Finish' }));
  await expect(page.getByRole('button', { name: 'Keep here… Letters' })).toBeVisible();
});

test('the steps can be left for later, and do not come again', async () => {
  const { page } = app;
  await nameIt(page, 'Laptop');
  await pressOn(page.getByRole('button', { name: 'Do this later' }));
  await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Welcome to Lockstep' })).toBeHidden();
});
