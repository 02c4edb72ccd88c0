import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { createWords, type Words } from '../../renderer/text/words.ts';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { changeApart, commandOf } from './conflict-world.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the tray is read over the session bus');
test.setTimeout(180_000);

const english = sentencesOf(createWords('en'));
let place: string;
let app: RunningApp;
let other: RunningDevice;
let host: TrayHost;
let tray: TrayItem;

/** Every plain text of a language that is longer than a name. */
function sentencesOf(words: Words): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 8) found.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(words);
  return found;
}

/** Whatever the page says, to eyes and ears. */
async function saidOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const said: string[] = [];
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
      said.push(node.textContent ?? '');
    for (const each of document.querySelectorAll('[aria-label], [title], [alt]'))
      for (const name of ['aria-label', 'title', 'alt']) said.push(each.getAttribute(name) ?? '');
    return said.map((text) => text.trim()).filter((text) => text !== '');
  });
}

/** Controls and headings whose words do not fit into them, and whether the page is wider than its window. */
async function cutOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const cut = [...document.querySelectorAll('button, h1, h2, h3, label, .chip, .badge, kbd')].filter(
      (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline',
    );
    const isWide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
    return [
      ...cut.map((each) => each.textContent ?? ''),
      ...(isWide ? ['the page is wider than its window'] : []),
    ];
  });
}

/** Looks at what is shown, which has to be in one language and whole, and keeps a picture in out/languages. */
async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `out/languages/${name}.png` });
  expect(
    (await saidOn(page)).filter((text) => english.has(text)),
    `${name}: English`,
  ).toEqual([]);
  expect(await cutOn(page), `${name}: cut`).toEqual([]);
}

/** Goes through all screens and the dialogs that open without doing anything. */
async function lookAtAll(page: Page, language: string, t: Words): Promise<void> {
  const press = (button: string): Promise<void> =>
    page.getByRole('button', { name: button, exact: true }).click();
  for (const [i, screen] of (
    ['folders', 'devices', 'conflicts', 'history', 'activity', 'settings'] as const
  ).entries()) {
    await page.keyboard.press(`Control+${i + 1}`);
    await expect(page.getByRole('heading', { name: t.screens[screen], level: 1 })).toBeVisible();
    await look(page, `${language}-${screen}`);
  }
  await press(t.advanced);
  await look(page, `${language}-advanced`);
  await page.keyboard.press('Control+3');
  await page.getByRole('row', { name: 'letter.txt' }).click();
  await expect(page.getByRole('table')).toBeVisible();
  await look(page, `${language}-conflict`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+2');
  await press(t.detailsOf('Cellar NAS'));
  await look(page, `${language}-device`);
  await press(t.removeDevice);
  await look(page, `${language}-remove`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+1');
  await press(t.folderActions('Work'));
  await look(page, `${language}-menu`);
  await page.getByRole('menuitem', { name: t.chooseWhat }).click();
  await look(page, `${language}-choices`);
  await page.keyboard.press('Escape');
}

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-languages-'));
  for (const name of ['Work', 'there']) fs.mkdirSync(path.join(place, name));
  fs.writeFileSync(path.join(place, 'Work', 'letter.txt'), 'as it was\n');
  host = await openTrayHost();
  [app, other] = await Promise.all([
    launchApp({ env: { LANGUAGE: 'de_AT:de', LANG: 'de_AT.UTF-8' } }),
    startDevice({ name: 'Cellar NAS' }),
  ]);
  tray = await host.item();
  const { ask } = await commandOf(app);
  const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--yes', '--no-recovery');
  await other.ask('device', 'join', invitation);
  await ask('folder', 'add', path.join(place, 'Work'));
  await waitUntil(
    'the folder is offered',
    async () => (await other.ask<readonly unknown[]>('folder', 'list')).length > 0,
  );
  await other.ask('folder', 'join', 'Work', path.join(place, 'there'));
  await waitUntil('it is there', () => fs.existsSync(path.join(place, 'there', 'letter.txt')));
  await changeApart(app, other, {
    here: path.join(place, 'Work'),
    there: path.join(place, 'there'),
    changes: [{ path: 'letter.txt', here: 'as it was here\n', there: 'as it was there\n' }],
    open: 1,
  });
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  host?.close();
  fs.rmSync(place, { recursive: true, force: true });
});

test('the window, the tray and the questions of the main process speak the language of the system', async () => {
  const { page } = app;
  const t = createWords('de-AT');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de-AT');
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  await lookAtAll(page, 'de', t);
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – 1 Konflikt wartet auf Sie.');
  expect(await tray.menu()).toContain('1 Konflikt lösen …');
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: t.leaveGroup }).click();
  const asked = await app.question();
  await expect(asked.locator('html')).toHaveAttribute('lang', 'de-AT');
  await expect(asked.getByRole('heading', { level: 1 })).toHaveText('Ihre anderen Geräte verlassen?');
  await look(asked, 'de-question');
  await asked.keyboard.press('Escape').catch(() => {});
});

test('another language applies at once, in the window and in the tray, and is kept', async () => {
  const { page } = app;
  const t = createWords('zh');
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: /Sprache/ }).click();
  await page.getByRole('option', { name: '中文' }).click();
  await expect(page.getByRole('heading', { name: '设置', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – 1 个冲突需要您处理。');
  await lookAtAll(page, 'zh', t);
  await page.reload();
  await expect(page.getByRole('navigation', { name: t.screensLabel })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
});
