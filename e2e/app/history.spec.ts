import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible, speak } from './accessibility.ts';
import { inStep, keepTogether } from './conflict-world.ts';
import { pickItem, pressOn, tabTo, typeToRow } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { expectFactsWhole } from './whole-words.ts';

let place: string;
let here: string;
let there: string;
let app: RunningApp;
let other: RunningDevice;
/** When everything stood as it was first written. */
let then: Date;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-history-'));
  [here, there] = [path.join(place, 'Documents'), path.join(place, 'elsewhere')];
  for (const directory of [here, path.join(here, 'letters'), there]) fs.mkdirSync(directory);
  [app, other] = await Promise.all([
    launchApp({ env: { LANGUAGE: 'en_US', LANG: 'en_US.UTF-8' } }),
    startDevice({ name: 'Cellar NAS' }),
  ]);
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

const item = (name: string): Locator => app.page.getByRole('row', { name });
const read = (root: string, name: string): string => fs.readFileSync(path.join(root, name), 'utf8');

/** Writes a file here, or removes it, and waits until the other device has followed. */
async function change(name: string, text: string | undefined): Promise<void> {
  if (text === undefined) fs.rmSync(path.join(here, name));
  else fs.writeFileSync(path.join(here, name), text);
  await waitUntil(`${name} has arrived`, () =>
    text === undefined
      ? !fs.existsSync(path.join(there, name))
      : fs.existsSync(path.join(there, name)) && read(there, name) === text,
  );
  await inStep(app);
}

/** Types a moment into the window's field, as it is written in this machine's time. */
async function goToMoment(moment: Date): Promise<void> {
  const { page } = app;
  await pressOn(page.getByRole('button', { name: /Show it/ }));
  await pickItem(page.getByRole('option', { name: 'At a moment…' }));
  await tabTo(page.getByLabel('The moment'));
  const two = (n: number): string => String(n).padStart(2, '0');
  await page.keyboard.type(`${two(moment.getMonth() + 1)}${two(moment.getDate())}${moment.getFullYear()}`);
  await page.keyboard.press('ArrowRight');
  const hours = moment.getHours();
  await page.keyboard.type(
    `${two(hours % 12 || 12)}${two(moment.getMinutes())}${two(moment.getSeconds())}${hours < 12 ? 'A' : 'P'}`,
  );
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  await expect(page.getByLabel('The moment')).toHaveValue(local);
}

test('without a folder the screen says what it is for', async () => {
  const { page } = app;
  await page.keyboard.press('Control+4');
  await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  await expectAccessible(page, 'history-none');
  await pressOn(page.getByRole('button', { name: 'Show folders' }));
  await expect(page.getByRole('heading', { name: 'Folders', level: 1 })).toBeVisible();
});

test('a directory lists what is there, what was changed by whom, and what is gone', async () => {
  const { page } = app;
  for (const name of ['plan.txt', 'old.txt', 'letters/dear.txt', 'stays.txt'])
    fs.writeFileSync(path.join(here, name), `first of ${name}\n`);
  await keepTogether(app, other, { here, there });
  await change('marker.txt', 'the journal has begun');
  // A field for times knows whole seconds.
  await waitUntil('a whole second has gone by', () => Date.now() % 1000 < 200);
  then = new Date(Math.floor(Date.now() / 1000) * 1000);
  await waitUntil('the next second has begun', () => Date.now() > then.getTime() + 1_100);
  await change('plan.txt', 'second of plan.txt\n');
  await change('plan.txt', 'third of plan.txt\n');
  await change('old.txt', undefined);
  await change('letters/dear.txt', 'rewritten\n');
  await page.keyboard.press('Control+4');
  await expect(item('old.txt')).toContainText('deleted today');
  await expect(item('plan.txt')).toContainText('this device');
  await expect(item('letters')).toContainText('Directory');
  await expectAccessible(page, 'history');
});

test('what rows tell is read whole, at the window’s usual size and its smallest, in German too', async () => {
  const { page } = app;
  const resize = (width: number, height: number): Promise<void> =>
    app.electron.evaluate(
      ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
      [width, height] as const,
    );
  for (const [width, height] of [
    [640, 440],
    [940, 680],
    [980, 680],
  ] as const) {
    await resize(width, height);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
    for (const language of ['de', 'en']) {
      await speak(page, language);
      await expect(item('old.txt').locator('.row-facts')).toBeVisible();
      await expectFactsWhole(page, `${language}, ${width} wide`);
      await page.screenshot({ path: `out/languages/${language}-history-${width}.png` });
    }
  }
});

test('a file tells its versions, where they are, and how they look', async () => {
  const { page } = app;
  await item('plan.txt').click();
  const versions = page.getByRole('grid', { name: 'Former versions' });
  await expect(versions.getByRole('row')).toHaveCount(2);
  await expect(versions.getByRole('row').first()).toContainText('On: Cellar NAS');
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('second of plan.txt');
  await versions.getByRole('row').nth(1).click();
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('first of plan.txt');
  await expect(page.getByRole('heading', { name: 'plan.txt' })).toBeVisible();
  await expectAccessible(page, 'history-versions');
});

test('by keyboard alone: one version is restored everywhere after a look at what would be done, and that is undone', async () => {
  const { page } = app;
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+4');
  await typeToRow(page.getByRole('grid', { name: 'What is here' }), 'plan');
  await expect(item('plan.txt')).toBeFocused();
  await page.keyboard.press('Enter');
  const versions = page.getByRole('grid', { name: 'Former versions' });
  await tabTo(versions);
  await pickItem(versions.getByRole('row').filter({ hasText: `${'first of plan.txt\n'.length} bytes` }));
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('first of plan.txt');
  await pressOn(page.getByRole('button', { name: 'Restore this…' }));
  const dialog = page.getByRole('dialog', { name: 'Restore' });
  await expect(dialog).toContainText('1 path would be restored');
  await expectAccessible(page, 'restore');
  await pressOn(dialog.getByRole('button', { name: 'Restore 1 path' }));
  await waitUntil('the first again', () =>
    [here, there].every((root) => read(root, 'plan.txt') === 'first of plan.txt\n'),
  );
  const notice = page.getByRole('region', { name: 'Messages' });
  await expect(notice).toContainText('1 path was restored.');
  const [screen, message] = await Promise.all([page.locator('.main').boundingBox(), notice.boundingBox()]);
  expect(message?.y, 'covers nothing of the screen').toBeGreaterThanOrEqual(
    (screen?.y ?? 0) + (screen?.height ?? Infinity),
  );
  await expect(page.getByRole('button', { name: 'Restore this…' })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(notice.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await waitUntil('the third again', () =>
    [here, there].every((root) => read(root, 'plan.txt') === 'third of plan.txt\n'),
  );
  await expect(notice).toContainText('Taken back.');
  await pressOn(notice.getByRole('button', { name: 'Dismiss' }));
});

test('a version is put beside the present one', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Put beside it…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore' });
  await expect(dialog).toContainText('It is put beside the present one, as “plan (as of');
  await dialog.getByRole('button', { name: 'Restore 1 path' }).click();
  await waitUntil('a copy everywhere', () =>
    [here, there].every((root) => fs.readdirSync(root).some((name) => name.startsWith('plan (as of'))),
  );
  expect(read(here, 'plan.txt')).toBe('third of plan.txt\n');
});

test('by keyboard alone: a deleted file is selected and brought back', async () => {
  const { page } = app;
  await inStep(app);
  await typeToRow(page.getByRole('grid', { name: 'What is here' }), 'old');
  await expect(item('old.txt')).toBeFocused();
  await page.keyboard.press('Space');
  await pressOn(page.getByRole('button', { name: 'Restore 1 selected…' }));
  const dialog = page.getByRole('dialog', { name: 'Restore' });
  await expect(dialog).toContainText('1 deleted file, as it last was');
  await pressOn(dialog.getByRole('button', { name: 'Restore 1 path' }));
  await waitUntil('it is back', () =>
    [here, there].every((root) => fs.existsSync(path.join(root, 'old.txt'))),
  );
});

test('by keyboard alone: a moment is looked at, walked through, and restored, one file of it and then all', async () => {
  const { page } = app;
  await inStep(app);
  await goToMoment(then);
  await expect(item('plan.txt')).toContainText('changed since');
  await expect(item('stays.txt')).not.toContainText('changed since');
  await expect(page.getByRole('row', { name: /plan \(as of/ })).toBeHidden();
  await expectAccessible(page, 'history-moment');
  await typeToRow(page.getByRole('grid', { name: /^What was here/ }), 'letters');
  await expect(item('letters')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(item('dear.txt')).toContainText('changed since');
  // Whoever went in by a key is in the list.
  await expect(item('dear.txt')).toBeFocused();
  await page.keyboard.press('Space');
  await pressOn(page.getByRole('button', { name: 'Restore 1 selected…' }));
  const dialog = page.getByRole('dialog', { name: 'Restore' });
  await pressOn(dialog.getByRole('button', { name: 'Restore 1 path' }));
  await waitUntil('the letter is as it was', () =>
    [here, there].every((root) => read(root, 'letters/dear.txt') === 'first of letters/dear.txt\n'),
  );
  expect(read(here, 'plan.txt')).not.toBe('first of plan.txt\n');
  await inStep(app);
  await pressOn(page.getByRole('link', { name: 'Documents' }));
  await pressOn(page.getByRole('button', { name: 'Restore everything here…' }));
  await expect(dialog).toContainText(/“Documents”, as it was today/);
  await expectAccessible(page, 'restore-moment');
  await pressOn(dialog.getByRole('button', { name: /^Restore \d+ paths?$/ }));
  await waitUntil('all is as it was', () =>
    [here, there].every(
      (root) =>
        read(root, 'plan.txt') === 'first of plan.txt\n' &&
        read(root, 'letters/dear.txt') === 'first of letters/dear.txt\n' &&
        fs.readdirSync(root).every((name) => !name.startsWith('plan (as of')),
    ),
  );
});

test('a moment from before the folder is refused with what can be looked at', async () => {
  const { page } = app;
  await page.getByLabel('The moment').fill('2020-01-01T12:00:00');
  await expect(page.getByText(/^Lockstep remembers this folder from today/)).toBeVisible();
  await expectAccessible(page, 'history-too-early');
});
