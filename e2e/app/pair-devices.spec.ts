import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { collect, type RunningDevice, spawnCommand, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, tellEachOther } from './conflict-world.ts';
import { pressOn, tabTo } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { passRecoveryWords, shareFolder } from './pairing.ts';

let place: string;
let app: RunningApp;
let others: RunningDevice[] = [];

test.beforeEach(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-pair-'));
  app = await launchApp();
});
test.afterEach(async () => {
  await app.close();
  await Promise.all(others.map((other) => other.stop()));
  others = [];
  fs.rmSync(place, { recursive: true, force: true });
});

async function another(name: string): Promise<RunningDevice> {
  const other = await startDevice({ name });
  others.push(other);
  await tellEachOther(app, other);
  return other;
}

const ownKey = async (): Promise<string> =>
  (await (await commandOf(app)).ask<{ deviceKey: string }>('id')).deviceKey;
/** A printed key so that its order as a text is that of the key: digits stand for more than letters. */
const ordered = (key: string): string => key.replaceAll('-', '').replace(/[2-7]/g, (digit) => `~${digit}`);
const notThese = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** `device pair` on the other device, with its stdin open. */
function pairThere(on: RunningDevice, key: string) {
  const child = spawnCommand(['--home', on.home, 'device', 'pair', '--yes', key], {
    input: { kind: 'open' },
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    stderr,
    ended,
    stop: (): void => void child.kill('SIGINT'),
    type: (text: string): void => void child.stdin?.write(`${text}\n`),
    code: () => waitUntil('the code', () => /^code (\d{6})\n/.exec(stdout())?.[1], 60_000),
  };
}

/** A folder that is added in the window, by keyboard alone, comes to the disk of the device that was let in. */
async function expectInStep(other: RunningDevice): Promise<void> {
  const [here, there] = [path.join(place, 'Photos'), path.join(place, 'there')];
  for (const directory of [here, there]) fs.mkdirSync(directory);
  fs.writeFileSync(path.join(here, 'first.txt'), 'from the window');
  await app.willChoose(here);
  await shareFolder(app.page, 'Photos', other, there);
  const file = path.join(there, 'first.txt');
  await waitUntil('it is there', () => fs.existsSync(file));
  expect(fs.readFileSync(file, 'utf8')).toBe('from the window');
}

async function openNearby(page: Page): Promise<void> {
  await page.keyboard.press('Control+2');
  await pressOn(page.getByRole('button', { name: 'Pair a device near by…' }));
}

test('by keyboard alone: the window asks for the six digits that a device near by shows, says when they are wrong, and pairs; files go over', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  await ask('group', 'create');
  const other = await another('Cellar NAS');
  const { words } = await other.ask<{ words: string }>('id');
  await openNearby(page);
  const dialog = page.getByRole('dialog', { name: 'Pair a device near by' });
  const pair = dialog.getByRole('button', { name: `Pair with the device that has the key words ${words}` });
  await expect(pair).toBeVisible();
  const there = pairThere(other, await ownKey());
  await expect(dialog.getByText('“Cellar NAS” asks to pair')).toBeVisible();
  await expectAccessible(page, 'pair-nearby');
  await pressOn(pair);
  await expect(dialog.getByText('Type the six digits that “Cellar NAS” shows')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Six digits' })).toBeFocused();
  await expectAccessible(page, 'pair-digits');
  const code = await there.code();
  await page.keyboard.type(notThese(code));
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('Not the same code. 2 tries left');
  await expect(dialog.getByRole('textbox', { name: 'Six digits' })).toBeFocused();
  await expectAccessible(page, 'pair-digits-wrong');
  await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/^The two devices are paired\./)).toBeVisible();
  await expectAccessible(page, 'paired');
  expect(await there.ended).toBe(0);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const card = page.getByRole('listitem', { name: 'Cellar NAS' });
  await expect(card.getByText('Connected')).toBeVisible();
  await pressOn(card.getByRole('button', { name: 'Details of Cellar NAS' }));
  await expect(page.getByText('Paired near by, with six digits, on this device.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expectInStep(other);
});

test('by keyboard alone, the other side: the window shows six digits, and asks whether the other device says so', async () => {
  const { page } = app;
  const other = await another('Studio');
  await other.ask('group', 'create', '--no-recovery');
  await openNearby(page);
  const dialog = page.getByRole('dialog', { name: 'Pair a device near by' });
  await pressOn(dialog.getByRole('button', { name: /^Pair with the device/ }));
  await expect(dialog.getByText('Waiting for the other device.')).toBeVisible();
  await expectAccessible(page, 'pair-waiting');
  const there = pairThere(other, await ownKey());
  const digits = dialog.getByLabel('The six digits');
  await expect(digits).toHaveText(/^\d{3} \d{3}$/, { timeout: 40_000 });
  await expectAccessible(page, 'pair-code');
  there.type((await digits.textContent()) ?? '');
  const question = dialog.getByRole('region', { name: 'Does “Studio” itself say that the two are paired?' });
  await expect(question.getByRole('button', { name: 'No' })).toBeFocused();
  await expectAccessible(page, 'pair-confirm');
  await pressOn(question.getByRole('button', { name: 'Yes, it says so' }));
  await expect(dialog.getByText(/^The two devices are paired\./)).toBeVisible();
  expect(await there.ended).toBe(0);
  await pressOn(dialog.getByRole('button', { name: 'Done' }));
  await expect(page.getByRole('listitem', { name: 'Studio' })).toBeVisible();
});

test('digits that are wrong three times end it with what to do, an invitation, and nobody is let in', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  await ask('group', 'create');
  const other = await another('Cellar NAS');
  await openNearby(page);
  const dialog = page.getByRole('dialog', { name: 'Pair a device near by' });
  const there = pairThere(other, await ownKey());
  await dialog.getByText('“Cellar NAS” asks to pair').waitFor();
  await dialog.getByRole('button', { name: /^Pair with the device/ }).click();
  const code = await there.code();
  const field = dialog.getByRole('textbox', { name: 'Six digits' });
  for (const left of ['2 tries left', '1 try left', undefined]) {
    await field.fill(notThese(code));
    await dialog.getByRole('button', { name: 'Check' }).click();
    if (left !== undefined) await expect(dialog.getByRole('alert')).toContainText(left);
  }
  await expect(dialog.getByRole('alert')).toContainText('the six digits were not the same');
  await expectAccessible(page, 'pair-failed');
  expect(await there.ended).toBe(1);
  expect((await ask<{ members: readonly string[] }>('group', 'show')).members).toHaveLength(1);
  await expect(dialog.getByRole('button', { name: 'Begin again' })).toBeVisible();
  // What the sentence advises is what Enter does.
  await expect(dialog.getByRole('button', { name: 'Invite a device…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Invitation' })).toHaveValue(/^\w{40}/);
});

test('stopping a pairing here ends it there, and the other way round', async () => {
  const { page } = app;
  const other = await another('Studio');
  await other.ask('group', 'create', '--no-recovery');
  await openNearby(page);
  const dialog = page.getByRole('dialog', { name: 'Pair a device near by' });
  await dialog.getByRole('button', { name: /^Pair with the device/ }).click();
  const first = pairThere(other, await ownKey());
  await expect(dialog.getByLabel('The six digits')).toBeVisible({ timeout: 40_000 });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog).toBeHidden();
  expect(await first.ended).toBe(1);
  expect(first.stderr()).toContain('The other device broke the pairing off.');

  await page.getByRole('button', { name: 'Pair a device near by…' }).click();
  await dialog.getByRole('button', { name: /^Pair with the device/ }).click();
  const second = pairThere(other, await ownKey());
  await expect(dialog.getByLabel('The six digits')).toBeVisible({ timeout: 40_000 });
  second.stop();
  await expect(dialog.getByRole('alert')).toHaveText(
    'The other device broke the pairing off. Begin again on both devices.',
  );
});

test('by keyboard alone: two typed keys let a device in without a code; a wrong one is told; the new group’s recovery words are shown; files go over', async () => {
  const { page } = app;
  const other = await another('Studio');
  await page.keyboard.press('Control+2');
  await pressOn(page.getByRole('button', { name: 'By device key…' }));
  const dialog = page.getByRole('dialog', { name: 'Pair by device keys' });
  const field = dialog.getByRole('textbox', { name: 'The key of the other device' });
  await expect(field).toBeFocused();
  const letIn = async (key: string): Promise<void> => {
    await tabTo(field);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(key);
    await pressOn(dialog.getByRole('button', { name: 'Let it in' }));
  };
  const { deviceKey } = other.ready();
  await letIn(`${deviceKey.slice(0, -1)}${deviceKey.endsWith('A') ? 'B' : 'A'}`);
  await expect(dialog.getByRole('alert')).toContainText('This is not a whole device key');
  await letIn(await ownKey());
  await expect(dialog.getByRole('alert')).toContainText('This is the key of this very device');
  await expectAccessible(page, 'pair-by-key');
  await letIn(deviceKey);
  await other.ask('device', 'allow', await ownKey());
  // The device with the smaller key founds the group, and only then there are words to show.
  if (ordered(await ownKey()) < ordered(deviceKey)) await passRecoveryWords(app);
  await expect(dialog.getByText('Studio was added.')).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, 'paired-by-key');
  await page.keyboard.press('Escape');
  await expectInStep(other);
});
