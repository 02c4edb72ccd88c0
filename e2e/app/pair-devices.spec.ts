import { expect, type Page, test } from '@playwright/test';
import { collect, type RunningDevice, spawnCommand, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { commandOf, tellEachOther } from './conflict-world.ts';
import { pressOn } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { passRecoveryWords } from './pairing.ts';

let app: RunningApp;
let others: RunningDevice[] = [];

test.beforeEach(async () => {
  app = await launchApp();
});
test.afterEach(async () => {
  await app.close();
  await Promise.all(others.map((other) => other.stop()));
  others = [];
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

async function openNearby(page: Page): Promise<void> {
  await page.keyboard.press('Control+2');
  await pressOn(page.getByRole('button', { name: 'Pair a device near by…' }));
}

test('by keyboard alone: the window asks for the six digits that a device near by shows, says when they are wrong, and pairs', async () => {
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

test('two typed keys let a device in without a code; a wrong one is told; the new group’s recovery words are shown', async () => {
  const { page } = app;
  const other = await another('Studio');
  await page.getByRole('button', { name: 'Devices', exact: true }).click();
  await page.getByRole('button', { name: 'By device key…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pair by device keys' });
  const field = dialog.getByRole('textbox', { name: 'The key of the other device' });
  await expect(field).toBeFocused();
  const { deviceKey } = other.ready();
  await field.fill(`${deviceKey.slice(0, -1)}${deviceKey.endsWith('A') ? 'B' : 'A'}`);
  await dialog.getByRole('button', { name: 'Let it in' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is not a whole device key');
  await field.fill(await ownKey());
  await dialog.getByRole('button', { name: 'Let it in' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This is the key of this very device');
  await expectAccessible(page, 'pair-by-key');
  await field.fill(other.ready().deviceKey);
  await dialog.getByRole('button', { name: 'Let it in' }).click();
  await other.ask('device', 'allow', await ownKey());
  // The device with the smaller key founds the group, and only then there are words to show.
  if (ordered(await ownKey()) < ordered(other.ready().deviceKey)) await passRecoveryWords(app);
  await expect(dialog.getByText('Studio was added.')).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, 'paired-by-key');
});
