import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, inStep, keepTogether } from './conflict-world.ts';
import { pickItem, pressOn, tabTo } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';

let place: string;
let app: RunningApp;
let other: RunningDevice;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-choices-'));
  fs.mkdirSync(path.join(place, 'there'));
  for (const name of ['keep/a.txt', 'drop/b.txt', 'c.txt']) {
    fs.mkdirSync(path.dirname(path.join(place, 'Work', name)), { recursive: true });
    fs.writeFileSync(path.join(place, 'Work', name), name);
  }
  [app, other] = await Promise.all([launchApp(), startDevice({ name: 'Cellar NAS' })]);
  await keepTogether(app, other, { here: path.join(place, 'Work'), there: path.join(place, 'there') });
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

test('a pattern is left out on all devices, tried and taken away; by keyboard alone', async () => {
  const { page } = app;
  await page.keyboard.press('Control+1');
  await pressOn(page.getByRole('button', { name: 'Actions for Work' }));
  await pickItem(page.getByRole('menuitem', { name: 'Choose what is kept here…' }));
  const dialog = page.getByRole('dialog', { name: 'What is kept of “Work”' });
  await tabTo(dialog.getByRole('textbox', { name: 'New pattern' }));
  await page.keyboard.type('*.tmp');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('list', { name: 'Patterns' }).getByRole('listitem')).toHaveText('*.tmp');
  await tabTo(dialog.getByRole('textbox', { name: 'Try a path' }));
  await page.keyboard.type('keep/x.tmp');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('“keep/x.tmp” is left out, by *.tmp.')).toBeVisible();
  const { height = Infinity } = (await page.locator('.sheet').boundingBox()) ?? {};
  expect(height, 'no higher than what it holds').toBeLessThan(500);
  await expectAccessible(page, 'folder-choices');
  fs.writeFileSync(path.join(place, 'Work', 'x.tmp'), 'not for others');
  fs.writeFileSync(path.join(place, 'Work', 'd.txt'), 'for others');
  await waitUntil('the other has it', () => fs.existsSync(path.join(place, 'there', 'd.txt')));
  expect(fs.existsSync(path.join(place, 'there', 'x.tmp'))).toBe(false);
  await pressOn(dialog.getByRole('button', { name: 'Take away *.tmp' }));
  await expect(dialog.getByText('Nothing is left out.')).toBeVisible();
  await expect(dialog.getByText('“keep/x.tmp” is left out, by *.tmp.')).toBeHidden();
  await waitUntil('now it has', () => fs.existsSync(path.join(place, 'there', 'x.tmp')));
});

test('by keyboard alone: only chosen directories are kept here, from the moment they are chosen; what is here of others stays', async () => {
  const { page } = app;
  const dialog = page.getByRole('dialog', { name: 'What is kept of “Work”' });
  await tabTo(dialog.getByRole('radio', { name: 'Everything' }));
  await page.keyboard.press('ArrowDown');
  await pressOn(dialog.getByRole('checkbox', { name: 'drop' }), 'Space');
  await expectAccessible(page, 'folder-selection');
  const { ask } = await commandOf(app);
  const selection = async (): Promise<unknown> =>
    (await ask<readonly { selection: unknown }[]>('folder', 'list'))[0]?.selection;
  await expect.poll(selection).toEqual(['keep']);
  fs.writeFileSync(path.join(place, 'there', 'drop', 'new.txt'), 'n');
  fs.writeFileSync(path.join(place, 'there', 'keep', 'new.txt'), 'n');
  await waitUntil('the kept one comes', () => fs.existsSync(path.join(place, 'Work', 'keep', 'new.txt')));
  expect(fs.existsSync(path.join(place, 'Work', 'drop', 'new.txt'))).toBe(false);
  expect(fs.existsSync(path.join(place, 'Work', 'drop', 'b.txt'))).toBe(true);
  // Left and come back to, the choice is the one that was made.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  const actions = page.getByRole('button', { name: 'Actions for Work' });
  await expect(actions).toBeFocused();
  await pressOn(actions);
  await pickItem(page.getByRole('menuitem', { name: 'Choose what is kept here…' }));
  await expect(dialog.getByRole('checkbox', { name: 'drop' })).not.toBeChecked();
  await tabTo(dialog.getByRole('radio', { name: 'Only these directories' }));
  await page.keyboard.press('ArrowUp');
  await waitUntil('the other comes too', () => fs.existsSync(path.join(place, 'Work', 'drop', 'new.txt')));
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await inStep(app);
});
