import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type RunningDevice, startDevice } from '../harness/harness.ts';
import { changeApart, changeAtOnce, commandOf, keepTogether, tellEachOther } from './conflict-world.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { pressFromElsewhere } from './news-press.ts';
import { type NotificationHost, openNotificationHost, type ShownNotification } from './notification-host.ts';

/** Each kind of news that no other test presses on: a device that asks to join, and what is stuck for a day, have tests of their own. */
test.describe.configure({ mode: 'serial' });
test.setTimeout(300_000);
test.skip(process.platform !== 'linux', 'notifications are read over the session bus');

const mebi = 1024 * 1024;
const isRoot = process.getuid?.() === 0;

let place: string;
let desktop: NotificationHost;
let app: RunningApp;
let nas: RunningDevice;
let studio: RunningDevice;

const at = (...names: readonly string[]): string => path.join(place, ...names);

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-screens-'));
  for (const name of ['Work', 'there', 'Small', 'large']) fs.mkdirSync(at(name));
  if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', at('Small')]);
  for (let n = 1; n <= 5; n += 1) fs.writeFileSync(at('Work', `${n}.txt`), `number ${n}`);
  desktop = await openNotificationHost();
  [app, nas, studio] = await Promise.all([
    launchApp(),
    startDevice({ name: 'Cellar NAS' }),
    startDevice({ name: 'Studio' }),
  ]);
  await keepTogether(app, nas, { here: at('Work'), there: at('there') });
  await keepTogether(app, nas, { here: at('Small'), there: at('large') });
  const { ask } = await commandOf(app);
  const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--yes');
  await studio.ask('device', 'join', invitation);
  await app.page.close();
});
test.afterAll(async () => {
  await app?.close();
  await Promise.all([nas?.stop(), studio?.stop()]);
  desktop?.close();
  if (isRoot) execFileSync('umount', [at('Small')]);
  fs.rmSync(place, { recursive: true, force: true });
});

/** Presses a notification while the window shows something else; resolves to the window, at that screen. */
const pressGoesTo = (told: ShownNotification, screen: string): Promise<Page> =>
  pressFromElsewhere({ app, desktop, told, screen });

test('conflicts: to the conflicts', async () => {
  await changeApart(app, nas, {
    here: at('Work'),
    there: at('there'),
    changes: [{ path: '1.txt', here: 'here', there: 'there' }],
    open: 1,
  });
  const page = await pressGoesTo(await desktop.see('1 file was changed in two places'), 'Conflicts');
  await page.close();
});

test('a full disk: to its folder', async () => {
  test.skip(!isRoot, 'only root can mount a small disk');
  fs.writeFileSync(at('large', 'film.bin'), Buffer.alloc(12 * mebi, 'film'));
  const told = await desktop.see('The disk is full');
  expect(told.body).toBe('“Small” cannot be kept in step until there is space.');
  const page = await pressGoesTo(told, 'Folders');
  await expect(page.getByRole('listitem', { name: 'Small' }).getByText('1 problem')).toBeVisible();
  await page.close();
});

test('a large change: to its question', async () => {
  const { ask } = await commandOf(app);
  await ask('settings', 'set', 'massChange.share', '0.1');
  await ask('settings', 'set', 'massChange.count', '1');
  await changeAtOnce(nas, () => {
    for (const name of ['2.txt', '3.txt', '4.txt']) fs.rmSync(at('there', name));
  });
  const page = await pressGoesTo(await desktop.see('Lockstep asks before a large change'), 'Folders');
  await expect(
    page.getByRole('region', { name: /^Changes made on Cellar NAS would remove 3 files/ }),
  ).toBeVisible();
  await page.close();
});

test('a device that was removed, and this one itself: to the devices', async () => {
  await nas.ask('device', 'remove', studio.ready().deviceKey, '--reason', 'lost', '--yes');
  const page = await pressGoesTo(await desktop.see('“Studio” was removed'), 'Devices');
  await page.close();
  const { ask } = await commandOf(app);
  const { deviceKey } = await ask<{ deviceKey: string }>('id');
  // It has to find the one that removed it by itself, and is heard once a minute at most.
  await tellEachOther(app, nas);
  await nas.ask('device', 'remove', deviceKey, '--reason', 'lost', '--yes');
  await pressGoesTo(await desktop.see('This device was removed from your devices', 150_000), 'Devices');
});
