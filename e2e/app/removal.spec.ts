import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { tellWhere } from '../harness/lab-group.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, keepTogether, tellEachOther } from './conflict-world.ts';
import { cardOf, foundGroup, listed, openDevices } from './devices-screen.ts';
import { expectFocusIn, pressOn, typeToRow } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { closes } from './pairing.ts';

let place: string;
let app: RunningApp;
let laptop: RunningDevice;
let nas: RunningDevice;

test.describe.configure({ mode: 'serial' });
test.setTimeout(480_000);

const at = (name: string): string => path.join(place, name);
const work = (name: string): string => path.join(at(name), 'file.txt');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-removal-'));
  for (const name of ['Work', 'laptop', 'nas']) fs.mkdirSync(at(name));
  fs.writeFileSync(work('Work'), 'as it should be');
  [app, laptop, nas] = await Promise.all([
    launchApp(),
    startDevice({ name: 'Old laptop' }),
    startDevice({ name: 'Cellar NAS' }),
  ]);
});
test.afterAll(async () => {
  await app?.close();
  await Promise.all([laptop?.stop(), nas?.stop()]);
  fs.rmSync(place, { recursive: true, force: true });
});

const changesOf = (name: string) => app.page.getByRole('dialog', { name: `What “${name}” changed` });
const everywhere = (text: string): Promise<unknown> =>
  waitUntil(`“${text}” is everywhere`, () =>
    ['Work', 'nas', 'laptop'].every((name) => fs.readFileSync(work(name), 'utf8') === text),
  );

test('a device tells its key words, how it came, where it is and what happened to it', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  await foundGroup(app);
  for (const other of [laptop, nas]) {
    const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--yes');
    await other.ask('device', 'join', invitation);
  }
  await tellWhere(laptop, nas);
  await keepTogether(app, laptop, { here: at('Work'), there: at('laptop') });
  await keepTogether(app, nas, { here: at('Work'), there: at('nas') });
  await openDevices(page);
  await page.getByRole('button', { name: 'Details of Old laptop' }).click();
  const dialog = page.getByRole('dialog', { name: 'Old laptop' });
  const { words: keyWords } = await laptop.ask<{ words: string }>('id');
  await expect(dialog.getByRole('list', { name: 'Key words' }).getByRole('listitem')).toHaveText(
    keyWords.split(' '),
  );
  await expect(dialog.getByText('Came by an invitation, on this device.')).toBeVisible();
  await expect(dialog.getByText(/^Connected directly, encrypted, at 127\.0\.0\.1:\d+\.$/)).toBeVisible();
  await expect(dialog.getByText('It knows of every removal.')).toBeVisible();
  await expect(dialog.getByText('Work', { exact: true })).toBeVisible();
  await expect(dialog.getByText('This device added Old laptop')).toBeVisible();
  await expectAccessible(page, 'device');
  await dialog.getByRole('textbox', { name: 'Name on this device' }).fill('Ana’s laptop');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog', { name: 'Ana’s laptop' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(cardOf(page, 'Ana’s laptop')).toBeVisible();
});

test('by keyboard alone: what a device changed is reviewed and put back on every device, and that is undone', async () => {
  const { page } = app;
  fs.writeFileSync(work('laptop'), 'ruined');
  fs.writeFileSync(path.join(at('laptop'), 'added.txt'), 'by the laptop');
  await waitUntil('ruined everywhere', () =>
    ['Work', 'nas'].every((name) => contentOf(at(name))['file.txt'] === contentOf(at('laptop'))['file.txt']),
  );
  await waitUntil('the new one is everywhere', () => fs.existsSync(path.join(at('nas'), 'added.txt')));
  const details = page.getByRole('button', { name: 'Details of Ana’s laptop' });
  await pressOn(details);
  await pressOn(page.getByRole('button', { name: 'What it changed…' }));
  const dialog = changesOf('Ana’s laptop');
  await expectFocusIn(dialog);
  await expect(dialog.getByRole('row', { name: 'file.txt' })).toContainText('changed');
  await expect(dialog.getByRole('row', { name: 'added.txt' })).toContainText('made');
  await expectAccessible(page, 'device-changes');
  await typeToRow(dialog.getByRole('grid', { name: 'Changes' }), 'file');
  await page.keyboard.press('Space');
  await pressOn(dialog.getByRole('button', { name: 'Put back 1 marked' }));
  await expect(page.getByText('1 path was restored.')).toBeVisible();
  await expect(details).toBeFocused();
  await everywhere('as it should be');
  expect(fs.existsSync(path.join(at('Work'), 'added.txt'))).toBe(true);
  const notice = page.getByRole('region', { name: 'Messages' });
  await pressOn(notice.getByRole('button', { name: 'Undo' }));
  await everywhere('ruined');
  await expect(notice).toContainText('Taken back.');
  await pressOn(notice.getByRole('button', { name: 'Undo' }));
  await everywhere('as it should be');
  await pressOn(notice.getByRole('button', { name: 'Dismiss' }));
});

test('a device is removed by keyboard alone: its name is asked for by the main process, and who has heard is told as they hear', async () => {
  const { page } = app;
  fs.writeFileSync(work('laptop'), 'ruined again');
  await waitUntil('ruined here', () => fs.readFileSync(work('Work'), 'utf8') === 'ruined again');
  await waitUntil('ruined there', () => fs.readFileSync(work('nas'), 'utf8') === 'ruined again');
  // The laptop lets a friend in.
  const friend = await startDevice({ name: 'A friend’s phone' });
  try {
    const { invitation } = await laptop.ask<{ invitation: string }>('device', 'invite', '--yes');
    await friend.ask('device', 'join', invitation);
    await tellEachOther(app, friend);
    await expect(cardOf(page, 'A friend’s phone')).toBeVisible();
    await nas.kill('SIGTERM');
    await expect(cardOf(page, 'Cellar NAS').getByText('Not connected')).toBeVisible({ timeout: 40_000 });

    await pressOn(page.getByRole('button', { name: 'Details of Ana’s laptop' }));
    await pressOn(page.getByRole('button', { name: 'Remove this device…' }));
    const dialog = page.getByRole('dialog', { name: 'Remove “Ana’s laptop”' });
    await expect(
      dialog.getByRole('checkbox', { name: 'A friend’s phone, let in by Ana’s laptop' }),
    ).toBeChecked();
    await expect(dialog.getByText(/Lockstep cannot erase them/)).toBeVisible();
    const undo = dialog.getByRole('button', { name: /Take back its changes of files since/ });
    await pressOn(undo);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(dialog.getByText(/that it changed in that time\.$/)).toBeVisible();
    await expectAccessible(page, 'remove-device');
    await pressOn(dialog.getByRole('button', { name: 'Go on…' }));

    const asked = await app.question();
    await expect(asked.getByRole('heading', { level: 1 })).toHaveText(
      'Remove “Ana’s laptop” from all your devices?',
    );
    await expect(asked.getByText('A friend’s phone')).toBeVisible();
    await expect(asked.getByRole('button', { name: 'Remove 2 devices for good' })).toBeDisabled();
    await asked.keyboard.type('laptop');
    await asked.keyboard.press('Enter');
    await expect(asked.getByRole('alert')).toHaveText(
      'That is not its name. Type it just as it stands above.',
    );
    await expectAccessible(asked, 'remove-question-name');
    expect((await listed(await commandOf(app), laptop))?.state).toBe('connected');
    await asked.keyboard.press('Control+a');
    await asked.keyboard.type('Ana’s laptop');
    await closes(asked, () => asked.keyboard.press('Enter'));

    const done = page.getByRole('dialog', { name: '“Ana’s laptop” is removed' });
    const heard = done.getByRole('region', { name: 'Who has heard' });
    await expect(heard.getByText(/^Cellar NAS has not heard yet, last seen/)).toBeVisible();
    await expectAccessible(page, 'removed-who-heard');
    await waitUntil('put back here', () => fs.readFileSync(work('Work'), 'utf8') === 'as it should be');
    await nas.restart();
    await tellEachOther(app, nas);
    await expect(heard.getByText('Cellar NAS knows')).toBeVisible({ timeout: 60_000 });
    expect((await listed(nas, laptop))?.state).toBe('revoked');
    expect((await listed(nas, friend))?.state).toBe('revoked');
    await page.keyboard.press('Enter');
    await expect(done).toBeHidden();
    await expect(cardOf(page, 'Ana’s laptop').getByText('Removed', { exact: true })).toBeVisible();
    await expect(cardOf(page, 'A friend’s phone').getByText('Removed', { exact: true })).toBeVisible();
    await expectAccessible(page, 'devices-removed');
    await waitUntil(
      'put back there',
      () => fs.readFileSync(work('nas'), 'utf8') === 'as it should be',
      60_000,
    );
    expect(fs.readFileSync(work('laptop'), 'utf8')).toBe('ruined again');
  } finally {
    await friend.stop();
  }
});

test('by keyboard alone: what a removed device changed is reviewed later and put back, and that is undone', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const onBoth = (text: string): Promise<unknown> =>
    waitUntil(`“${text}” is on both`, () =>
      ['Work', 'nas'].every((name) => fs.readFileSync(work(name), 'utf8') === text),
    );
  const tablet = await startDevice({ name: 'Borrowed tablet' });
  try {
    fs.mkdirSync(at('tablet'));
    await keepTogether(app, tablet, { here: at('Work'), there: at('tablet') });
    fs.writeFileSync(work('tablet'), 'scribbled over');
    await onBoth('scribbled over');
    await ask('device', 'remove', tablet.ready().deviceKey, '--yes');
  } finally {
    await tablet.stop();
  }
  const details = page.getByRole('button', { name: 'Details of Borrowed tablet' });
  await expect(cardOf(page, 'Borrowed tablet').getByText('Removed', { exact: true })).toBeVisible();
  await pressOn(details);
  await pressOn(page.getByRole('button', { name: 'What it changed…' }));
  const dialog = changesOf('Borrowed tablet');
  await expect(dialog.getByRole('row', { name: 'file.txt' })).toContainText('changed');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(details).toBeFocused();
  await page.keyboard.press('Enter');
  await pressOn(page.getByRole('button', { name: 'What it changed…' }));
  await pressOn(dialog.getByRole('button', { name: 'Put back all' }));
  await onBoth('as it should be');
  const notice = page.getByRole('region', { name: 'Messages' });
  await pressOn(notice.getByRole('button', { name: 'Undo' }));
  await onBoth('scribbled over');
  await pressOn(notice.getByRole('button', { name: 'Undo' }));
  await onBoth('as it should be');
  await pressOn(notice.getByRole('button', { name: 'Dismiss' }));
});
