import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { changeAtOnce, commandOf, keepTogether } from './conflict-world.ts';
import { pressOn, tabTo } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { closes } from './pairing.ts';
import { saveReport } from './save-report.ts';

let place: string;
let app: RunningApp;
let other: RunningDevice;
const configBefore = process.env.XDG_CONFIG_HOME;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'what starts with the session is looked at as Linux keeps it');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-settings-'));
  process.env.XDG_CONFIG_HOME = path.join(place, 'config');
  [app, other] = await Promise.all([launchApp(), startDevice({ name: 'Cellar NAS' })]);
  for (const name of ['Work', 'there']) fs.mkdirSync(path.join(place, name));
  for (const [name, text] of [
    ['keep/a.txt', 'a'],
    ['drop/b.txt', 'b'],
    ['c.txt', 'c'],
  ] as const) {
    fs.mkdirSync(path.dirname(path.join(place, 'Work', name)), { recursive: true });
    fs.writeFileSync(path.join(place, 'Work', name), text);
  }
  await keepTogether(app, other, { here: path.join(place, 'Work'), there: path.join(place, 'there') });
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  if (configBefore === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = configBefore;
  fs.rmSync(place, { recursive: true, force: true });
});

test('the device’s name is changed here and known there', async () => {
  const { page } = app;
  await page.keyboard.press('Control+6');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await expectAccessible(page, 'settings');
  const field = page.getByRole('textbox', { name: 'Name' });
  await field.fill('Ana’s desktop');
  await field.press('Enter');
  await expect
    .poll(async () =>
      (await other.ask<readonly { name: string }[]>('device', 'list')).map(({ name }) => name),
    )
    .toContain('Ana’s desktop');
});

test('colours change at once, and are the same after the window is opened anew', async () => {
  const { page } = app;
  const theme = (): Promise<string> => app.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect.poll(theme).toBe('dark');
  await page.reload();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.getByRole('radio', { name: 'As the system' }).click();
  await expect.poll(theme).toBe('system');
});

test('starting with the session is a file that comes and goes', async () => {
  const { page } = app;
  const file = path.join(place, 'config', 'autostart', 'lockstep.desktop');
  const autostart = page.getByRole('switch', { name: 'Start with the session' });
  await pressOn(autostart, 'Space');
  await expect.poll(() => fs.existsSync(file)).toBe(true);
  expect(fs.readFileSync(file, 'utf8')).toMatch(/^Exec=.* --hidden$/m);
  await page.keyboard.press('Space');
  await expect.poll(() => fs.existsSync(file)).toBe(false);
});

test('whoever asks the system for more contrast gets it, also in a few colours of their own', async () => {
  const { page } = app;
  const lineOf = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--line'));
  const usual = await lineOf();
  await page.emulateMedia({ contrast: 'more' });
  expect(await lineOf()).not.toBe(usual);
  await expectAccessible(page, 'settings-contrast', 'more');
  const chosen = page.getByRole('navigation').locator('[aria-current="page"]');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    expect(await chosen.evaluate((item) => getComputedStyle(item).outlineStyle)).toBe('solid');
    await page.screenshot({ path: `out/pictures/settings-forced-colors-${colorScheme}.png` });
  }
  await page.emulateMedia({ forcedColors: null, colorScheme: null });
});

test('advanced numbers are kept by the device', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Advanced' }).click();
  await page.getByRole('textbox', { name: 'Keep former versions for (days)' }).fill('60');
  await page.getByRole('textbox', { name: /^When more than this much of a folder/ }).fill('10');
  const count = page.getByRole('textbox', { name: 'and more than so many files' });
  const save = page.locator('.advanced-form').getByRole('button', { name: 'Save' });
  await count.fill('many');
  await expect(page.getByText('From 0 to 1,000,000.')).toBeVisible();
  await expect(save).toBeDisabled();
  await count.fill('1');
  await expectAccessible(page, 'settings-advanced');
  await save.click();
  const { ask } = await commandOf(app);
  await expect
    .poll(() => ask('settings', 'list'))
    .toMatchObject({
      'versions.keepDays': 60,
      'massChange.share': 0.1,
      'massChange.count': 1,
    });
});

test('rates and times of the week are set, by keyboard alone, and hold for the device', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const part = page.getByRole('region', { name: 'Use of the network' });
  const up = part.getByRole('textbox', { name: 'Send at most (kB/s)' }).first();
  await tabTo(up);
  await page.keyboard.type('5');
  await expect(part.getByText('Leave it empty, or at least 10.')).toBeVisible();
  await page.keyboard.type('00');
  await page.keyboard.press('Enter');
  await expect.poll(() => ask('limits')).toMatchObject({ sendBps: 500_000, receiveBps: null });
  const lan = part.getByRole('switch', { name: 'Not between devices on the same local network' });
  await pressOn(lan, 'Space');
  await expect.poll(() => ask('limits')).toMatchObject({ sendBps: 500_000, lanExempt: false });

  await pressOn(part.getByRole('button', { name: 'Add a time' }));
  const entry = /Monday to Friday, 0?8:00.* to .*: syncing rests/;
  await expect(part.getByText(entry)).toBeVisible();
  // What is there already is not added once more.
  await expect(part.getByRole('button', { name: 'Add a time' })).toBeDisabled();
  await tabTo(part.getByRole('radio', { name: 'Pause' }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await tabTo(part.getByRole('textbox', { name: 'Receive at most (kB/s)' }).last());
  await page.keyboard.type('100');
  await page.keyboard.press('Enter');
  await expect(part.getByText(/^Monday to Friday, 0?8:00.* to .*: receives at most 100 kB/)).toBeVisible();
  await expectAccessible(page, 'settings-limits');
  // Only the screen within it scrolls.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'];
  expect(await ask('schedule', 'list')).toEqual([
    { days, from: '08:00', to: '18:00', does: 'pause' },
    { days, from: '08:00', to: '18:00', does: 'limit', sendBps: null, receiveBps: 100_000 },
  ]);
  await pressOn(part.getByRole('button', { name: /^Remove “Monday to Friday.*syncing rests”$/ }));
  await expect(part.getByText(entry)).toHaveCount(0);
  await ask('schedule', 'clear');
  // The command adds what is there already, too.
  const entries = part.getByRole('list').getByRole('listitem');
  for (const days of ['mon', 'tue', 'mon']) await ask('schedule', 'add', days, '08:00-18:00', 'pause');
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+6');
  await expect(entries).toHaveText([/^Monday,/, /^Tuesday,/, /^Monday,/]);
  await pressOn(entries.first().getByRole('button'));
  await expect(entries).toHaveText([/^Tuesday,/, /^Monday,/]);
  await ask('schedule', 'clear');
  await ask('limits', '--up', 'none', '--lan', 'exempt');
  expect(await ask('limits')).toMatchObject({ sendBps: null, lanExempt: true, schedule: [] });
});

test('a report is saved that holds what happened and no secret', async () => {
  const file = path.join(place, 'report.txt');
  const report = await saveReport(app, file);
  expect(report).toContain('Up to date with 1 device.');
  expect(report).toContain('# lockstep.log');
  expect(fs.statSync(file).mode & 0o077).toBe(0);
  for (const name of fs.readdirSync(app.home).filter((each) => /key/.test(each))) {
    const secret = fs.readFileSync(path.join(app.home, name));
    for (const encoding of ['hex', 'base64', 'latin1'] as const)
      expect(report, name).not.toContain(secret.toString(encoding));
  }
});

/** Deletes everything on the other device. */
function deleteThere(): Promise<void> {
  return changeAtOnce(other, () => {
    for (const name of ['keep', 'drop']) fs.rmSync(path.join(place, 'there', name), { recursive: true });
  });
}

test('a large change of another device is asked about, and by keyboard alone the files are brought back on both', async () => {
  const { page } = app;
  const before = contentOf(path.join(place, 'Work'));
  await page.keyboard.press('Control+1');
  await deleteThere();
  const question = page.getByRole('region', {
    name: /^Changes made on Cellar NAS would remove \d files in Work here/,
  });
  await expect(question).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: /Folders.*1 question waits/ })).toBeVisible();
  await expectAccessible(page, 'question');
  expect(contentOf(path.join(place, 'Work'))).toEqual(before);
  await pressOn(question.getByRole('button', { name: 'Bring the files back' }));
  await expect(question).toBeHidden();
  await waitUntil('back on both', () => {
    const [here, there] = ['Work', 'there'].map((name) => JSON.stringify(contentOf(path.join(place, name))));
    return here === there && here === JSON.stringify(before);
  });

  await deleteThere();
  await question.getByRole('button', { name: 'Let it happen' }).click({ timeout: 60_000 });
  await waitUntil('gone here too', () => !fs.existsSync(path.join(place, 'Work', 'keep', 'a.txt')));
  await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
  await waitUntil('and back', () => fs.existsSync(path.join(place, 'there', 'keep', 'a.txt')));
});

test('by keyboard alone: leaving the others is asked for by the main process, and done', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const members = async (): Promise<number> =>
    (await ask<{ members: readonly string[] }>('group', 'show')).members.length;
  await page.keyboard.press('Control+6');
  const leave = page.getByRole('button', { name: 'Leave them…' });
  await pressOn(leave);
  const asked = await app.question();
  await expect(asked.getByRole('heading', { level: 1 })).toHaveText('Leave your other devices?');
  await expect(asked.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectAccessible(asked, 'leave-question');
  await closes(asked, () => asked.keyboard.press('Escape'));
  expect(await members()).toBe(2);
  await pressOn(leave);
  const again = await app.question();
  await closes(again, () => pressOn(again.getByRole('button', { name: 'Leave', exact: true })));
  await expect(page.getByRole('status', { name: 'Status' })).toHaveText('No other devices yet.');
  expect(await members()).toBeLessThan(2);
});
