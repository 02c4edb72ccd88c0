import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, keepTogether, tellEachOther } from './conflict-world.ts';
import { cardOf, foundGroup, listed, openDevices } from './devices-screen.ts';
import { expectFocusIn, pressOn, tabTo } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { closes } from './pairing.ts';

let place: string;
let app: RunningApp;
let nas: RunningDevice;
let words: readonly string[];

test.describe.configure({ mode: 'serial' });
test.setTimeout(480_000);

const at = (name: string): string => path.join(place, name);
const work = (name: string): string => path.join(at(name), 'file.txt');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-removed-'));
  for (const name of ['Work', 'nas']) fs.mkdirSync(at(name));
  fs.writeFileSync(work('Work'), 'as it should be');
  [app, nas] = await Promise.all([launchApp(), startDevice({ name: 'Cellar NAS' })]);
  words = await foundGroup(app);
  await keepTogether(app, nas, { here: at('Work'), there: at('nas') });
  // A removed device has to find the others by itself: nobody looks for it any more.
  await tellEachOther(app, nas);
});
test.afterAll(async () => {
  await app?.close();
  await nas?.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

test('by keyboard alone: a device that was removed says by whom, and with the recovery code is back', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const { deviceKey } = await ask<{ deviceKey: string }>('id');
  await nas.ask('device', 'remove', deviceKey, '--reason', 'lost', '--yes');
  const out = page.getByRole('region', { name: 'This device was removed by Cellar NAS' });
  await expect(out).toBeVisible({ timeout: 150_000 });
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
  await expect(cardOf(page, 'Cellar NAS').getByText('Connected')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^This device decided with the recovery code/)).toBeVisible();
});

test('a device that was removed by another in wrong hands removes that one everywhere', async () => {
  const { page } = app;
  const third = await startDevice({ name: 'Studio' });
  try {
    const { ask } = await commandOf(app);
    const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--yes');
    await third.ask('device', 'join', invitation);
    for (const each of [nas, third]) await tellEachOther(app, each);
    await expect(cardOf(page, 'Studio').getByText('Connected')).toBeVisible();
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
  fs.writeFileSync(work('nas'), 'changed while apart');
  await nas.ask('group', 'leave');
  const { invitation } = await nas.ask<{ invitation: string }>('device', 'invite', '--yes', '--no-recovery');
  await ask('device', 'join', invitation);
  await app.willChoose(at('Work'));
  await page.getByRole('button', { name: 'Folders', exact: true }).click();
  await page.getByRole('button', { name: 'Keep here… Work' }).click();
  await page.getByRole('button', { name: 'Put them together' }).click();
  await expect(page.getByRole('listitem', { name: 'Work' })).toBeVisible();
  await waitUntil(
    'both versions are kept on both',
    () => {
      const [here, there] = [contentOf(at('Work')), contentOf(at('nas'))];
      return JSON.stringify(here) === JSON.stringify(there);
    },
    60_000,
  );
});
