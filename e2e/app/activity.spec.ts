import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { inStep, keepTogether } from './conflict-world.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

let place: string;
let here: string;
let there: string;
let app: RunningApp;
let other: RunningDevice;
let host: TrayHost;
let tray: TrayItem;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the tray is read over the session bus');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-activity-'));
  [here, there] = [path.join(place, 'Photos'), path.join(place, 'elsewhere')];
  for (const directory of [here, there]) fs.mkdirSync(directory);
  host = await openTrayHost();
  [app, other] = await Promise.all([launchApp(), startDevice({ name: 'Cellar NAS' })]);
  tray = await host.item();
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  host?.close();
  fs.rmSync(place, { recursive: true, force: true });
});

const row = (name: string): Locator => app.page.getByRole('row', { name });

test('without a change the screen says what will be there', async () => {
  const { page } = app;
  await page.keyboard.press('Control+5');
  await expect(page.getByRole('heading', { name: 'Nothing has happened yet' })).toBeVisible();
  await expect(page.getByText('Add a folder on the Folders screen')).toBeVisible();
  await expectAccessible(page, 'activity-none');
});

test('what moves is told while it moves, with how much is to come', async () => {
  const { page } = app;
  fs.writeFileSync(path.join(here, 'first.txt'), 'first');
  await keepTogether(app, other, { here, there });
  await page.keyboard.press('Control+5');
  await expect(page.getByText('Nothing is moving.')).toBeVisible();
  await expect(page.getByText('Also on: Cellar NAS')).toBeVisible();
  for (let n = 0; n < 200; n += 1) fs.writeFileSync(path.join(there, `photo-${n}.raw`), randomBytes(400_000));
  await expect(page.getByRole('main').getByText(/items? to come/)).toBeVisible();
  await expectAccessible(page, 'activity-moving');
  await inStep(app);
  await expect(page.getByText('Nothing is moving.')).toBeVisible();
});

test('a change by another device is listed with who made it, leads to its versions, and is undone', async () => {
  const { page } = app;
  fs.writeFileSync(path.join(there, 'first.txt'), 'overwritten elsewhere');
  fs.rmSync(path.join(there, 'photo-7.raw'));
  await expect(row('first.txt').first()).toContainText('changed by Cellar NAS');
  await expect(row('photo-7.raw').first()).toContainText('deleted by Cellar NAS');
  await inStep(app);
  await expectAccessible(page, 'activity');
  await row('first.txt').first().getByRole('button', { name: 'Undo the change of first.txt' }).click();
  await waitUntil('it is as it was', () =>
    [here, there].every((root) => fs.readFileSync(path.join(root, 'first.txt'), 'utf8') === 'first'),
  );
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Taken back.');
  await expect(row('first.txt').first()).toContainText('put back by this device');
  await row('first.txt').first().getByRole('button', { name: 'Versions of first.txt' }).click();
  await expect(page.getByRole('heading', { name: 'History', level: 1 })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'first.txt' })).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Former versions' })).toContainText('Also on: Cellar NAS');
});

test('recent changes in the tray open the screen that shows them', async () => {
  const { page } = app;
  await page.keyboard.press('Control+1');
  await expect.poll(() => tray.menu()).toContain('Recent changes ▸ photo-7.raw was deleted');
  await tray.press('Recent changes ▸ photo-7.raw was deleted');
  await expect(page.getByRole('heading', { name: 'photo-7.raw' })).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Former versions' })).toContainText(
    'then deleted by Cellar NAS',
  );
});

test('a folder’s card says on how many devices it is safe, and leads to its history', async () => {
  const { page } = app;
  await page.keyboard.press('Control+1');
  const folder = page.getByRole('listitem', { name: 'Photos' });
  await expect(folder.getByText('Safe on 2 devices')).toBeVisible();
  await folder.getByRole('button', { name: 'Actions for Photos' }).click();
  await page.getByRole('menuitem', { name: 'Look at its history' }).click();
  await expect(page.getByRole('heading', { name: 'History', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+1');
  await other.kill('SIGTERM');
  await expect(folder.getByText('Only on this device')).toBeVisible();
  await other.restart();
  await expect(folder.getByText('Safe on 2 devices')).toBeVisible();
});
