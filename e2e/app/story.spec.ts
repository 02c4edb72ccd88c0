import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { pressOn } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { admit, readInvitation, shareFolder } from './pairing.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

/** Enough that syncing lasts longer than the tray takes to show it. */
const files = 240;
const fileBytes = 512 * 1024;

let place: string;
let host: TrayHost | undefined;
let app: RunningApp;
let other: RunningDevice;
let tray: TrayItem;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the tray is read over the session bus');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-story-'));
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

test('a new device says what to do, and the tray says why nothing is synced', async () => {
  await expect(app.page.getByRole('status', { name: 'Status' })).toHaveText('No other devices yet.');
  await expect(app.page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  await expectAccessible(app.page, 'folders-empty');
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – No other devices yet.');
  expect(await tray.menu()).toEqual([
    '(No other devices yet.)',
    'Open Lockstep',
    'Pause',
    'Pause ▸ 1 hour',
    'Pause ▸ Until tomorrow',
    'Pause ▸ Until I resume',
    'Pair a device…',
    'Settings…',
    'Quit Lockstep (stops syncing)',
  ]);
  await lookAtMenu('Pause', ['For 1 hour', 'Until tomorrow', 'Until I resume'], 'pause-menu');
});

test('by keyboard alone: a device is let in by an invitation, once a person has said yes in the window', async () => {
  const { page } = app;
  await page.keyboard.press('Control+2');
  await expectAccessible(page, 'devices-alone');
  const invitation = await readInvitation(app, async (asked, step) => {
    await expectAccessible(asked, step === 'shown' ? 'recovery-words' : 'recovery-typed');
  });
  await expectAccessible(page, 'invitation');
  await admit(page, invitation, other, async () => {
    await expect.poll(() => tray.tooltip()).toBe('Lockstep – “Cellar NAS” asks to join.');
    await expectAccessible(page, 'asking-device');
  });
  const member = page.getByRole('listitem', { name: 'Cellar NAS' });
  await expect(member.getByText('Connected')).toBeVisible();
  await expectAccessible(page, 'devices');
  const ways = ['Pair a device near by…', 'Invite a device…', 'By device key…'];
  await lookAtMenu('Add a device', ways, 'add-device-menu');
});

test('the tray goes from up to date to syncing and back while another device sends files, and the window says the same', async () => {
  const { page } = app;
  const [here, there] = [path.join(place, 'Photos'), path.join(place, 'elsewhere')];
  fs.mkdirSync(here);
  fs.writeFileSync(path.join(here, 'first.txt'), 'written before there was another device');
  await app.willChoose(here);
  await shareFolder(page, 'Photos', other, there);

  const status = page.getByRole('status', { name: 'Status' });
  await expect(status).toHaveText('Up to date with 1 device.');
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – Up to date with 1 device.');
  const idleIcon = await tray.icon();
  const windowSaid = watchStatus(app);
  const traySaid = await watchTray(tray);

  for (let n = 0; n < files; n += 1)
    fs.writeFileSync(path.join(there, `photo-${n}.raw`), randomBytes(fileBytes));
  await waitUntil('the tray shows another icon', async () => (await tray.icon()) !== idleIcon);
  await expect(page.getByRole('progressbar', { name: 'Progress of Photos' })).toBeVisible();
  await expectAccessible(page, 'folders-syncing');
  await waitUntil(
    'both hold the same',
    () => JSON.stringify(contentOf(here)) === JSON.stringify(contentOf(there)),
    60_000,
  );
  expect(Object.keys(contentOf(here))).toHaveLength(files + 1);
  await waitUntil('the first icon is back', async () => (await tray.icon()) === idleIcon);
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – Up to date with 1 device.');
  await expect(status).toHaveText('Up to date with 1 device.');

  const inTray = await traySaid.end();
  expect(kindsOf(inTray)).toEqual(['up to date', 'syncing', 'up to date']);
  expect(kindsOf(await windowSaid.end())).toContain('syncing');
  const folder = page.getByRole('listitem', { name: 'Photos' });
  await expect(folder.getByText('The same on Cellar NAS.')).toBeVisible();
  await expect(folder.getByText(`${files + 1} files`)).toBeVisible();
  await expectAccessible(page, 'folders');
});

test('pausing in the tray shows in the window, and resuming in the window, by keyboard alone, shows in the tray and on the disk', async () => {
  const { page } = app;
  const [here, there] = ['Photos', 'elsewhere'].map((name) => path.join(place, name, 'while-paused.txt')) as [
    string,
    string,
  ];
  await tray.press('Pause ▸ Until I resume');
  await expect(page.getByRole('status', { name: 'Status' })).toHaveText('Paused.');
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – Paused.');
  expect(await tray.menu()).toContain('Resume syncing');
  await expectAccessible(page, 'paused');
  fs.writeFileSync(there, 'comes later');
  await pressOn(page.getByRole('button', { name: 'Resume syncing' }));
  await waitUntil('it has come', () => fs.existsSync(here));
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – Up to date with 1 device.');
  expect(await tray.menu()).toContain('Open folder ▸ Photos');
});

test('by keyboard alone: a path that cannot be kept in step is shown with its cause and what to do; once that is done it is on the other device', async () => {
  const { page } = app;
  const folder = page.getByRole('listitem', { name: 'Photos' });
  const link = path.join(place, 'Photos', 'link');
  fs.symlinkSync(Buffer.from([0x66, 0xff, 0x66]), link);
  await expect(folder.getByRole('button', { name: '1 problem' })).toBeVisible();
  await pressOn(folder.getByRole('button', { name: '1 problem' }));
  await expect(folder.getByText('The link points to a name that is not valid text.')).toBeVisible();
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – 1 thing needs you.');
  await expectAccessible(page, 'problem');
  fs.rmSync(link);
  fs.symlinkSync('first.txt', link);
  await expect(folder.getByRole('button', { name: '1 problem' })).toBeHidden();
  const there = path.join(place, 'elsewhere', 'link');
  await waitUntil('the link is there', () => fs.existsSync(there));
  expect(fs.readlinkSync(there, 'utf8')).toBe('first.txt');
});

test('by keyboard alone: a folder of another device is kept here in a directory that a person chooses', async () => {
  const { page } = app;
  const [here, there] = [path.join(place, 'Letters here'), path.join(place, 'Letters')];
  for (const directory of [here, there]) fs.mkdirSync(directory);
  fs.writeFileSync(path.join(there, 'letter.txt'), 'Dear Ana');
  fs.writeFileSync(path.join(here, 'note.txt'), 'was here first');
  await other.ask('folder', 'add', there);
  await expect(page.getByRole('button', { name: 'Keep here… Letters' })).toBeVisible();
  await expectAccessible(page, 'offered');
  await app.willChoose(here);
  await pressOn(page.getByRole('button', { name: 'Keep here… Letters' }));
  const question = page.getByRole('alertdialog', {
    name: 'Put “Letters” into a directory that is not empty?',
  });
  await expect(question).toContainText(here);
  await expectAccessible(page, 'merge-question');
  await pressOn(question.getByRole('button', { name: 'Put them together' }));
  await waitUntil(
    'both hold both',
    () => Object.keys(contentOf(there)).length === 2 && Object.keys(contentOf(here)).length === 2,
  );
  expect(contentOf(here)).toEqual(contentOf(there));
});

test('a folder is removed from this device by keyboard alone, and its files stay', async () => {
  const { page } = app;
  const letters = path.join(place, 'Letters here');
  await pressOn(page.getByRole('button', { name: 'Actions for Letters' }));
  await expect(page.getByRole('menuitem')).toHaveText([
    'Open in the file manager',
    'Look at its history',
    'Choose what is kept here…',
    'Pause this folder',
    'Remove from this device…',
  ]);
  await expectAccessible(page, 'folder-menu');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Stop keeping “Letters” in step on this device?' });
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectAccessible(page, 'remove-question');
  await pressOn(question.getByRole('button', { name: 'Remove, keep the files' }));
  await expect(page.getByRole('listitem', { name: 'Letters', exact: true })).toBeHidden();
  expect(Object.keys(contentOf(letters))).toEqual(['letter.txt', 'note.txt']);
});

/** Opens a menu of the window by keyboard, looks at it, and closes it: the button has the focus again. */
async function lookAtMenu(name: string, entries: readonly string[], picture: string): Promise<void> {
  const { page } = app;
  const button = page.getByRole('button', { name, exact: true });
  await pressOn(button);
  await expect(page.getByRole('menuitem')).toHaveText([...entries]);
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await expectAccessible(page, picture);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(button).toBeFocused();
}

interface Watch {
  /** Stops watching and tells what was said, each once in its turn. */
  end(): Promise<readonly string[]>;
}

async function watchTray(item: TrayItem): Promise<Watch> {
  const said = [await item.tooltip()];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const now = await item.tooltip();
      if (said.at(-1) !== now) said.push(now);
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return said;
    },
  };
}

function watchStatus({ page }: RunningApp): Watch {
  const began = page.evaluate(() => {
    const said: string[] = [];
    const status = document.querySelector('output.pill');
    new MutationObserver(() => said.push(status?.textContent ?? '')).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(window, { said });
  });
  return {
    async end() {
      await began;
      return page.evaluate(() => (window as unknown as { readonly said: readonly string[] }).said);
    },
  };
}

function kindsOf(said: readonly string[]): readonly string[] {
  const kinds = said.map((sentence) => {
    if (/Up to date/.test(sentence)) return 'up to date';
    return /Syncing|Looking/.test(sentence) ? 'syncing' : sentence;
  });
  return kinds.filter((kind, index) => kind !== kinds[index - 1]);
}
