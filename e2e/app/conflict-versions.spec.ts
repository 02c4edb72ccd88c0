import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { changes } from './conflict-samples.ts';
import { changeApart, keepTogether } from './conflict-world.ts';
import { launchApp, type RunningApp } from './launch-app.ts';

let place: string;
let here: string;
let there: string;
let app: RunningApp;
let other: RunningDevice;

test.describe.configure({ mode: 'serial' });

/** Longer than two texts are compared for. */
const numbers = (offset: number): string =>
  Array.from({ length: 25_000 }, (_, n) => `number ${n * 2 + offset}\n`).join('');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-versions-'));
  [here, there] = [path.join(place, 'Documents'), path.join(place, 'elsewhere')];
  for (const directory of [here, there]) fs.mkdirSync(directory);
  [app, other] = await Promise.all([launchApp(), startDevice({ name: 'Ana’s laptop' })]);
  await keepTogether(app, other, { here, there });
  const apart = [...changes, { path: 'numbers.txt', here: numbers(0), there: numbers(1) }];
  await changeApart(app, other, { here, there, changes: apart, open: apart.length });
  await app.page.keyboard.press('Control+3');
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

const row = (name: string): Locator => app.page.getByRole('row', { name });
const dialog = (name: string): Locator => app.page.getByRole('dialog', { name: `Two versions of “${name}”` });

async function bottomOf(shown: Locator): Promise<number> {
  const { y, height } = (await shown.boundingBox()) ?? { y: Number.NaN, height: 0 };
  return Math.round(y + height);
}

test('a text shows both authors and differs word by word, side by side and inline', async () => {
  const { page } = app;
  await row('budget.txt').click();
  const opened = dialog('budget.txt');
  await expect(opened.getByText('Nothing has been lost')).toBeVisible();
  const cards = opened.getByRole('list', { name: 'The versions' });
  await expect(cards.getByRole('listitem')).toHaveCount(2);
  await expect(cards).toContainText('This device');
  await expect(cards).toContainText('Ana’s laptop');
  await expect(opened.getByText('2 places differ')).toBeVisible();
  await expect(opened.locator('mark', { hasText: /^8[05]0$/ })).toHaveCount(2);
  await expect(opened.locator('.diff tr').last()).toContainText('paid on the first');
  await expect(opened.getByRole('radio', { name: /Keep both/ })).toBeChecked();
  await expectAccessible(page, 'conflict-text');
  await opened.getByRole('radio', { name: 'One below the other' }).click();
  await expect(opened.locator('mark', { hasText: /^8[05]0$/ })).toHaveCount(2);
  await expectAccessible(page, 'conflict-text-inline');
  await page.keyboard.press('Escape');
  await expect(opened).toBeHidden();
});

test('a copy of a version is opened outside of the folder, with the bytes it has', async () => {
  const { page } = app;
  await app.electron.evaluate(({ shell }) => {
    shell.openPath = (copy) => {
      Object.assign(globalThis, { opened: copy });
      return Promise.resolve('');
    };
  });
  await row('budget.txt').click();
  const opened = dialog('budget.txt');
  const isFirstHere = await opened.getByRole('listitem').first().textContent();
  await opened.getByRole('button', { name: 'Open a copy of version A' }).click();
  const copy = await waitUntil('a copy', () =>
    app.electron.evaluate(() => (globalThis as { opened?: string }).opened),
  );
  const { here: ours, there: theirs } = changes[0];
  const text = isFirstHere?.includes('This device') === true ? ours : theirs;
  expect(fs.readFileSync(copy, 'utf8')).toBe(text);
  expect(path.basename(copy)).toBe('budget.txt');
  expect(copy.startsWith(place)).toBe(false);
  await page.keyboard.press('Escape');
});

test('pictures stand beside each other, or one is swiped over the other', async () => {
  const { page } = app;
  await row('garden.png').click();
  const opened = dialog('garden.png');
  await expect(opened.getByRole('img', { name: 'The picture of version A' })).toBeVisible();
  await expect(opened.getByText('240 × 160')).toHaveCount(2);
  await expectAccessible(page, 'conflict-picture');
  await opened.getByRole('radio', { name: 'Swipe' }).click();
  await opened.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(opened.getByRole('slider')).toHaveValue('0');
  for (let press = 0; press < 7; press += 1) await page.keyboard.press('PageUp');
  // The slider is as wide as the picture, which fills its place.
  const [stage, track] = ['.swipe-stage', '.slider-track'].map((part) => opened.locator(part));
  await expect
    .poll(async () => {
      const { width = 0, height = 1 } = (await stage?.boundingBox()) ?? {};
      return Math.abs(width / height - 240 / 160);
    })
    .toBeLessThan(0.02);
  expect((await track?.boundingBox())?.width).toBe((await stage?.boundingBox())?.width);
  await expectAccessible(page, 'conflict-picture-swipe');
  await page.keyboard.press('Escape');
});

test('what is neither is told with its facts, and an encoding that is guessed is called a guess', async () => {
  const { page } = app;
  await row('data.bin').click();
  await expect(dialog('data.bin').getByText('Not text and not a picture')).toBeVisible();
  await expectAccessible(page, 'conflict-other');
  await page.keyboard.press('Escape');
  await row('letter.txt').click();
  await expect(
    dialog('letter.txt').getByText(/is read as Western European \(Windows-1252\), a guess/),
  ).toBeVisible();
  await expectAccessible(page, 'conflict-guess');
  await page.keyboard.press('Escape');
});

test('texts with too little in common are called so, with what can be done instead, and can still be resolved', async () => {
  const { page } = app;
  await row('numbers.txt').click();
  const opened = dialog('numbers.txt');
  await expect(opened.getByText('These texts have too little in common.')).toBeVisible();
  // There are no two ways to show nothing.
  await expect(opened.getByRole('radio', { name: 'Side by side' })).toHaveCount(0);
  await expectAccessible(page, 'conflict-too-different');
  await opened.getByRole('button', { name: 'Resolve' }).click();
  await waitUntil('both are everywhere', () =>
    [here, there].every(
      (root) => fs.readdirSync(root).filter((name) => name.startsWith('numbers')).length === 2,
    ),
  );
});

test('three versions are told apart, and any two of them are compared', async () => {
  const { page } = app;
  await page.getByRole('button', { name: `Resolve all ${changes.length}…` }).click();
  await page.getByRole('button', { name: `Resolve ${changes.length}`, exact: true }).click();
  const third = await startDevice({ name: 'Studio Mac' });
  const studio = path.join(place, 'studio');
  fs.mkdirSync(studio);
  try {
    await keepTogether(app, third, { here, there: studio });
    await third.kill('SIGTERM');
    fs.writeFileSync(path.join(studio, 'list.txt'), 'milk\nsalt\n');
    const change = { path: 'list.txt', here: 'milk\nbread\n', there: 'milk\nbutter\n' };
    await changeApart(app, other, { here, there, changes: [change], open: 1 });
    await third.restart();
    await page.keyboard.press('Control+3');
    await expect(row('list.txt')).toContainText('Studio Mac');
    await row('list.txt').click();
    const opened = page.getByRole('dialog', { name: '3 versions of “list.txt”' });
    await expect(opened.getByRole('list', { name: 'The versions' }).getByRole('listitem')).toHaveCount(3);
    await expect(opened.getByRole('radio', { name: /Keep all/ })).toBeChecked();
    await opened.getByRole('button', { name: /with$/ }).click();
    await page.getByRole('option', { name: /^C:/ }).click();
    await expect(opened.getByRole('region', { name: 'The lines of version A and version C' })).toBeVisible();
    // What chooses the versions and what chooses the manner stand in one line.
    const [picker, manner] = [
      opened.getByRole('button', { name: /with$/ }),
      opened.getByRole('radiogroup', { name: 'Comparison' }),
    ];
    expect(await bottomOf(picker)).toBe(await bottomOf(manner));
    await expectAccessible(page, 'conflict-three');
    await opened.getByRole('button', { name: 'Resolve' }).click();
    await waitUntil('three files everywhere', () =>
      [here, there, studio].every(
        (root) => fs.readdirSync(root).filter((name) => name.startsWith('list')).length === 3,
      ),
    );
  } finally {
    await third.stop();
  }
});
