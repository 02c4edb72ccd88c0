import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { tellWhere } from '../harness/lab-group.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, keepTogether, tellEachOther } from './conflict-world.ts';
import { expectFocusIn, pressOn, tabTo, typeToRow } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { closes, passRecoveryWords } from './pairing.ts';

interface Listed {
  readonly key: string;
  readonly state: string;
  readonly active?: boolean;
}

let place: string;
let app: RunningApp;
let laptop: RunningDevice;
let nas: RunningDevice;
let words: readonly string[];

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

const card = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true });
const openDevices = (page: Page) => page.getByRole('button', { name: 'Devices', exact: true }).click();
const changesOf = (name: string) => app.page.getByRole('dialog', { name: `What “${name}” changed` });
const everywhere = (text: string): Promise<unknown> =>
  waitUntil(`“${text}” is everywhere`, () =>
    ['Work', 'nas', 'laptop'].every((name) => fs.readFileSync(work(name), 'utf8') === text),
  );
const listed = async (
  on: { ask<T>(...args: readonly string[]): Promise<T> },
  { ready }: Pick<RunningDevice, 'ready'>,
) => (await on.ask<readonly Listed[]>('device', 'list')).find(({ key }) => key === ready().deviceKey);

test('a device tells its key words, how it came, where it is and what happened to it', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  // Founded in the window, so that its recovery words are shown by the main process.
  await openDevices(page);
  await page.getByRole('button', { name: 'Invite a device…' }).click();
  words = await passRecoveryWords(app);
  await page.keyboard.press('Escape');
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
  await expect(card(page, 'Ana’s laptop')).toBeVisible();
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
    await expect(card(page, 'A friend’s phone')).toBeVisible();
    await nas.kill('SIGTERM');
    await expect(card(page, 'Cellar NAS').getByText('Not connected')).toBeVisible({ timeout: 40_000 });

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
    await expect(card(page, 'Ana’s laptop').getByText('Removed', { exact: true })).toBeVisible();
    await expect(card(page, 'A friend’s phone').getByText('Removed', { exact: true })).toBeVisible();
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
  await expect(card(page, 'Borrowed tablet').getByText('Removed', { exact: true })).toBeVisible();
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

test('by keyboard alone: a device that was removed says by whom, and with the recovery code is back', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const { deviceKey } = await ask<{ deviceKey: string }>('id');
  await nas.ask('device', 'remove', deviceKey, '--reason', 'lost', '--yes');
  const out = page.getByRole('region', { name: 'This device was removed by Cellar NAS' });
  await expect(out).toBeVisible({ timeout: 60_000 });
  await expect(out.getByRole('heading', { level: 3 })).toHaveText([
    'That was me',
    'That was not me',
    'I have the recovery code',
  ]);
  await page.locator('.main').evaluate((screen) => screen.scrollTo(0, 0));
  await expectAccessible(page, 'removed-itself');
  await page.getByRole('button', { name: 'Folders', exact: true }).click();
  await expect(page.getByRole('region', { name: 'This device was removed by Cellar NAS' })).toBeVisible();

  await pressOn(out.getByRole('button', { name: 'Decide with it…' }));
  const picking = page.getByRole('dialog', { name: 'Decide with the recovery code' });
  await expect(picking.getByRole('checkbox', { name: /\(this device\)$/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(out.getByRole('button', { name: 'Decide with it…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await pressOn(picking.getByRole('checkbox', { name: 'Cellar NAS' }), 'Space');
  await expect(picking.getByRole('checkbox', { name: 'Cellar NAS' })).toBeChecked();
  await expectAccessible(page, 'recover-pick');
  await pressOn(picking.getByRole('button', { name: 'Go on…' }));
  const asked = await app.question();
  const field = asked.getByRole('textbox', { name: 'The twelve words, as they stand on the paper' });
  const decide = asked.getByRole('button', { name: 'Decide for good' });
  await expect(field).toBeFocused();
  await asked.keyboard.type('twelve wrong words');
  await pressOn(decide);
  await expect(asked.getByRole('alert')).toContainText('These are not the recovery words');
  await expectAccessible(asked, 'recover-question');
  await tabTo(field);
  await asked.keyboard.press('Control+a');
  await asked.keyboard.type(words.join(' '));
  await closes(asked, () => pressOn(decide));
  await expect(out).toBeHidden();
  await expectFocusIn(page.locator('.main'));
  // A device that counts as removed is heard once a minute at most.
  await waitUntil(
    'the other follows',
    async () => (await nas.ask<{ epoch: number }>('group', 'show')).epoch === 1,
    150_000,
  );
  await openDevices(page);
  await expect(card(page, 'Cellar NAS').getByText('Connected')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^This device decided with the recovery code/)).toBeVisible();
});

test('a device that was removed by another in wrong hands removes that one everywhere', async () => {
  const { page } = app;
  const third = await startDevice({ name: 'Studio' });
  try {
    const { ask } = await commandOf(app);
    const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--yes');
    await third.ask('device', 'join', invitation);
    // A removed device has to find the others by itself: nobody looks for it any more.
    for (const each of [nas, third]) await tellEachOther(app, each);
    await expect(card(page, 'Studio').getByText('Connected')).toBeVisible();
    const { deviceKey } = await ask<{ deviceKey: string }>('id');
    await nas.ask('device', 'remove', deviceKey, '--yes');
    // It is told so by the one that removed it, which hears it once a minute at most.
    const out = page.getByRole('region', { name: 'This device was removed by Cellar NAS' });
    await out.getByRole('button', { name: 'Remove Cellar NAS…' }).click({ timeout: 150_000 });
    const asked = await app.question();
    await asked.getByRole('textbox').fill('Cellar NAS');
    await closes(asked, () => asked.getByRole('button', { name: 'Remove it for good' }).click());
    await expect(
      page.getByText('This device and Cellar NAS removed each other.', { exact: false }),
    ).toBeVisible();
    await expectAccessible(page, 'removed-each-other');
    // Both ends take a removed device's word once a minute at most, and a try that one of them refuses counts at the other.
    await waitUntil(
      'the third has heard',
      async () => (await listed(third, nas))?.state === 'revoked',
      240_000,
    );
  } finally {
    await third.stop();
  }
});

test('a device that was removed is set up anew: it gets another key, and its files stay', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const before = await ask<{ deviceKey: string }>('id');
  const files = contentOf(at('Work'));
  await page.getByRole('button', { name: 'Set up anew…' }).click();
  const asked = await app.question();
  await expect(asked.getByRole('heading', { level: 1 })).toHaveText('Set this device up anew?');
  await expectAccessible(asked, 'anew-question');
  await closes(asked, () => asked.getByRole('button', { name: 'Set up anew' }).click());
  await expect(page.getByRole('status', { name: 'Status' })).toHaveText('No other devices yet.', {
    timeout: 60_000,
  });
  const after = await ask<{ deviceKey: string }>('id');
  expect(after.deviceKey).not.toBe(before.deviceKey);
  expect(contentOf(at('Work'))).toEqual(files);
  // And it is let in again, as a new device, with the same directory.
  const { invitation } = await laptop
    .ask<{ invitation: string }>('group', 'leave')
    .then(() => laptop.ask<{ invitation: string }>('device', 'invite', '--yes', '--no-recovery'));
  await ask('device', 'join', invitation);
  await app.willChoose(at('Work'));
  await page.getByRole('button', { name: 'Folders', exact: true }).click();
  await page.getByRole('button', { name: 'Keep here… Work' }).click();
  await page.getByRole('button', { name: 'Put them together' }).click();
  await expect(page.getByRole('listitem', { name: 'Work' })).toBeVisible();
  await waitUntil(
    'both versions are kept on both',
    () => {
      const [here, there] = [contentOf(at('Work')), contentOf(at('laptop'))];
      return JSON.stringify(here) === JSON.stringify(there);
    },
    60_000,
  );
});
