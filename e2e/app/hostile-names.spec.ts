import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { changeApart, commandOf, inStep } from './conflict-world.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { closes } from './pairing.ts';
import { openNotificationHost } from './notification-host.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

/** What would show that a name became part of a page: it makes an element, and the element runs code. */
const markup = '<img data-hostile src=x onerror=window.ran=1>';
/** What turns the letters after it around, and what takes no room. */
const turned = 'photo\u202Egpj.exe';
const hidden = 'in\u200Bvoice.txt';
const long = `${'long-'.repeat(48)}end.txt`;
const files = [`${markup}.txt`, turned, hidden, long, 'javascript:window.ran=1', 'plain.txt'];
const deviceName = `${markup}\u202Egpj\u200B${'W'.repeat(200)}`;
/** As others show it: without what cannot be seen, and no longer than a name may be. */
const shownDevice = `${markup}gpj${'W'.repeat(200)}`.slice(0, 64);
const folderName = `${markup}\u202Egpj ${'f'.repeat(150)}`;
const shownFolder = `${markup}⟨202E⟩gpj ${'f'.repeat(150)}`;

let place: string;
let here: string;
let there: string;
let app: RunningApp;
let other: RunningDevice;
let trays: TrayHost;
let tray: TrayItem;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'tray and notifications are read over the session bus');
test.setTimeout(240_000);

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-names-'));
  [here, there] = [path.join(place, folderName), path.join(place, 'elsewhere')];
  for (const directory of [here, there]) fs.mkdirSync(directory);
  for (const name of files) fs.writeFileSync(path.join(here, name), `first of ${name}\n`);
  trays = await openTrayHost();
  [app, other] = await Promise.all([launchApp(), startDevice({ name: deviceName })]);
  tray = await trays.item();
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  trays?.close();
  fs.rmSync(place, { recursive: true, force: true });
});

/** Everything a page says, to eyes and to screen readers. */
const saidBy = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const spoken = ['aria-label', 'title', 'alt', 'placeholder'].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name) ?? ''),
    );
    return [document.title, document.body.textContent, ...spoken].join('\n');
  });

/** Expects that what a page shows of these names is text, with nothing in it unseen or turned around, and nothing of the page pushed out of sight. */
async function expectInert(page: Page, view: string, ...shown: readonly string[]): Promise<void> {
  for (const name of shown)
    await expect.poll(() => saidBy(page), { message: `${view} shows its names` }).toContain(name);
  const said = await saidBy(page);
  expect(said, view).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/);
  const found = await page.evaluate(() => ({
    made: document.querySelectorAll('[data-hostile]').length,
    ran: 'ran' in window,
    links: [...document.querySelectorAll('a[href]')].filter((link) =>
      /^(javascript|data|file):/i.test(link.getAttribute('href') ?? ''),
    ).length,
    outside: [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      // What is cut there ends in dots.
      .filter((element) => {
        for (let above = element.parentElement; above !== null; above = above.parentElement)
          if (getComputedStyle(above).textOverflow === 'ellipsis') return false;
        return true;
      })
      .map((element) => `${element.tagName} ${element.getAttribute('class') ?? ''}`),
  }));
  expect(found, view).toEqual({ made: 0, ran: false, links: 0, outside: [] });
  expect(app.refused, view).toEqual([]);
}

const row = (name: string): Locator => app.page.getByRole('row', { name });

test('[A28] [A38] a device that asks is shown by a name that is text, short and in one line, in the window and the tray', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--no-recovery');
  await page.keyboard.press('Control+2');
  const joined = other.ask('device', 'join', invitation);
  const question = page.getByRole('region', { name: `“${shownDevice}” used your invitation` });
  await expect(question).toBeVisible();
  await expectInert(page, 'a device that asks', shownDevice);
  await expect.poll(() => tray.tooltip()).toBe(`Lockstep – “${shownDevice}” asks to join.`);
  await question.getByRole('button', { name: 'Add' }).click();
  await joined;
  await expect(page.getByRole('listitem', { name: shownDevice })).toBeVisible();
  await expectInert(page, 'devices', shownDevice);
  await page.getByRole('button', { name: `Details of ${shownDevice}` }).click();
  await expectInert(page, 'a device', shownDevice);
  await page.keyboard.press('Escape');
});

test('[A38] folders, activity and history show names as text, whatever is in them', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  await app.willChoose(here);
  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  const { folders } = await waitUntil('the folder is there', async () => {
    const status = await ask<{ folders: readonly { id: string }[] }>('status');
    return status.folders.length === 1 ? status : undefined;
  });
  await waitUntil('the folder is offered', async () =>
    (await other.ask<readonly { id: string }[]>('folder', 'list')).some(({ id }) => id === folders[0]?.id),
  );
  await other.ask('folder', 'join', folders[0]?.id ?? '', there);
  await waitUntil('all are there', () => files.every((name) => fs.existsSync(path.join(there, name))));
  await inStep(app);
  await expectInert(page, 'folders', shownFolder.slice(0, 60));
  await page
    .getByRole('listitem', { name: shownFolder })
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await expectInert(page, 'the menu of a folder', shownFolder.slice(0, 60));
  await page.keyboard.press('Escape');

  for (const name of files.slice(0, 4)) fs.writeFileSync(path.join(there, name), `second of ${name}\n`);
  const shown = [`${markup}.txt`, 'photo⟨202E⟩gpj.exe', 'in⟨200B⟩voice.txt', long];
  await waitUntil('all are here', () =>
    files.slice(0, 4).every((name) => fs.readFileSync(path.join(here, name), 'utf8').startsWith('second')),
  );
  await inStep(app);
  await page.keyboard.press('Control+5');
  for (const name of shown) await expect(row(name).first()).toContainText(`changed by ${shownDevice}`);
  await expectInert(page, 'activity', ...shown, shownDevice);

  await page.keyboard.press('Control+4');
  await expectInert(page, 'history', ...shown, 'javascript:window.ran=1');
  for (const name of shown) {
    await row(name).first().click();
    await expect(page.getByRole('grid', { name: 'Former versions' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Preview' })).toContainText('first of');
    await expectInert(page, `the versions of ${name}`, name);
  }
  await page.getByRole('button', { name: 'Restore this…' }).click();
  await expectInert(page, 'restoring', long);
  await page.keyboard.press('Escape');
});

test('[A38] the tray names files by what they are called, their endings too', async () => {
  await expect.poll(() => tray.menu()).toContain('Recent changes ▸ photo⟨202E⟩gpj.exe was changed');
  const said = (await tray.menu()).join('\n');
  expect(said).toContain('in⟨200B⟩voice.txt');
  expect(said).toMatch(/long-…\S*end\.txt was changed/);
  expect(said).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/);
});

test('[A38] conflicts show names as text, in their list and while they are looked at', async () => {
  const { page } = app;
  const changes = files.slice(0, 3).map((name) => ({
    path: name,
    here: `${markup} here\n`,
    there: `${markup} there \u202E turned\n`,
  }));
  await page.keyboard.press('Control+1');
  await changeApart(app, other, { here, there, changes, open: changes.length });
  await page.keyboard.press('Control+3');
  const shown = [`${markup}.txt`, 'photo⟨202E⟩gpj.exe', 'in⟨200B⟩voice.txt'];
  await expectInert(page, 'conflicts', ...shown);
  for (const name of shown) {
    await row(name).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectInert(page, `the conflict of ${name}`, name);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});

test('[A38] a removal is asked about, by the main process too, and told of, with the name as text', async () => {
  const { page } = app;
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: `Details of ${shownDevice}` }).click();
  await page.getByRole('button', { name: 'Remove this device…' }).click();
  await expectInert(page, 'removing', shownDevice);
  await page.getByRole('dialog').getByRole('button', { name: 'Go on…' }).click();
  const asked = await app.question();
  await expectInert(asked, 'the question of the main process', shownDevice);
  await asked.keyboard.type(shownDevice);
  await closes(asked, () => asked.keyboard.press('Enter'));
  await expectInert(page, 'removed', shownDevice);
});

test('[A38] a notification names a device and a folder by what they are called, and nothing in it is markup', async () => {
  const desktop = await openNotificationHost();
  const [away, third] = await Promise.all([launchApp({ hidden: true }), startDevice({ name: deviceName })]);
  const [kept, emptied] = [path.join(place, 'kept', folderName), path.join(place, 'emptied')];
  try {
    for (const directory of [kept, emptied]) fs.mkdirSync(directory, { recursive: true });
    // More than anybody deletes unasked.
    for (let n = 0; n < 300; n += 1) fs.writeFileSync(path.join(kept, `${n}.txt`), `${n}`);
    const { ask } = await commandOf(away);
    const { folderId } = await ask<{ folderId: string }>('folder', 'add', kept, '--name', folderName);
    const { invitation } = await ask<{ invitation: string }>('device', 'invite', '--yes', '--no-recovery');
    await third.ask('device', 'join', invitation);
    await waitUntil('the folder is offered', async () =>
      (await third.ask<readonly { id: string }[]>('folder', 'list')).some(({ id }) => id === folderId),
    );
    await third.ask('folder', 'join', folderId, emptied);
    await waitUntil('all are there', () => fs.existsSync(emptied) && fs.readdirSync(emptied).length > 300);
    await third.ask('wait', '--timeout', '60');
    for (let n = 0; n < 300; n += 1) fs.rmSync(path.join(emptied, `${n}.txt`));
    const { body } = await desktop.see('Lockstep asks before a large change');
    expect(body).toContain('‹img data-hostile src=x onerror=window.ran=1›');
    expect(body).not.toMatch(/[<>&\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/);
  } finally {
    await away.close();
    await third.stop();
    desktop.close();
  }
});
