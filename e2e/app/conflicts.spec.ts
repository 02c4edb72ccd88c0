import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { changes } from './conflict-samples.ts';
import { changeApart, inStep, keepTogether } from './conflict-world.ts';
import { expectFocusIn, pressOn, tabTo, typeToRow } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

let place: string;
let here: string;
let there: string;
let app: RunningApp;
let other: RunningDevice;
let host: TrayHost;
let tray: TrayItem;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the tray is read over the session bus');

test.beforeAll(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-conflicts-'));
  [here, there] = [path.join(place, 'Documents'), path.join(place, 'elsewhere')];
  for (const directory of [here, there]) fs.mkdirSync(directory);
  host = await openTrayHost();
  [app, other] = await Promise.all([launchApp(), startDevice({ name: 'Ana’s laptop' })]);
  tray = await host.item();
  await keepTogether(app, other, { here, there });
});
test.afterAll(async () => {
  await app?.close();
  await other?.stop();
  host?.close();
  fs.rmSync(place, { recursive: true, force: true });
});

const row = (name: string): Locator => app.page.getByRole('row', { name });
const openConflicts = (): Locator => app.page.getByRole('grid', { name: 'Open conflicts' });
const dialog = (name: string): Locator => app.page.getByRole('dialog', { name: `Two versions of “${name}”` });

async function bothHave(what: string, look: (tree: ReturnType<typeof contentOf>) => boolean): Promise<void> {
  await waitUntil(what, () => look(contentOf(here)) && look(contentOf(there)), 60_000);
}

test('a screen without conflicts says that there is nothing to do', async () => {
  const { page } = app;
  await page.keyboard.press('Control+3');
  await expect(page.getByRole('heading', { name: 'No conflicts' })).toBeVisible();
  await expectAccessible(page, 'conflicts-none');
});

test('conflicts show in the tray, which leads to their list', async () => {
  const { page } = app;
  const idleIcon = await tray.icon();
  await page.keyboard.press('Control+1');
  await changeApart(app, other, { here, there, changes, open: changes.length });
  await expect.poll(() => tray.menu()).toContain('Resolve 7 conflicts…');
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – 7 conflicts need you.');
  expect(await tray.icon()).not.toBe(idleIcon);
  const folder = page.getByRole('listitem', { name: 'Documents' });
  await expect(folder.getByText('7 files were changed in two places')).toBeVisible();
  await expectAccessible(page, 'folder-conflicts');
  await tray.press('Resolve 7 conflicts…');
  await expect(page.getByRole('heading', { name: 'Conflicts', level: 1 })).toBeVisible();
  await expect(row('budget.txt')).toContainText('Documents › 2026');
  await expect(row('budget.txt')).toContainText('Ana’s laptop, today');
  await expectAccessible(page, 'conflicts');
});

test('one version is kept by keyboard alone, everywhere, and that is undone from the message', async () => {
  const { page } = app;
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+3');
  await expect(row('data.bin')).toBeVisible();
  await page.keyboard.press('F6');
  await typeToRow(openConflicts(), 'data');
  await expect(row('data.bin')).toBeFocused();
  await page.keyboard.press('Enter');
  const opened = dialog('data.bin');
  await expect(opened).toBeVisible();
  await page.keyboard.press('Alt+2');
  await expect(opened.getByRole('radio', { name: /^Keep B/ })).toBeChecked();
  const keepsHere = (await opened.locator('label', { hasText: 'Keep B,' }).textContent()) ?? '';
  await pressOn(opened.getByRole('button', { name: 'Resolve' }));
  const notice = page.getByRole('region', { name: 'Messages' });
  await expect(notice).toContainText('1 conflict is resolved on every device');
  await expect(row('data.bin')).toBeHidden();
  const kept = changes[2][keepsHere.includes('this device') ? 'here' : 'there'];
  await waitUntil('the kept bytes are everywhere', () =>
    [here, there].every((root) => fs.readFileSync(path.join(root, 'data.bin')).equals(kept)),
  );
  await expectAccessible(page, 'conflict-resolved');
  await pressOn(notice.getByRole('button', { name: 'Undo' }));
  await expect(notice).toContainText('Taken back.');
  await expect(row('data.bin')).toBeVisible();
  await notice.getByRole('button', { name: 'Dismiss' }).click();
});

test('both are kept by default, and the menu takes it back', async () => {
  const { page } = app;
  await row('garden.png').click();
  await dialog('garden.png').getByRole('button', { name: 'Resolve' }).click();
  const notice = page.getByRole('region', { name: 'Messages' });
  await expect(notice).toContainText('was put beside it');
  await bothHave(
    'two pictures',
    (tree) => Object.keys(tree).filter((name) => name.endsWith('.png')).length === 2,
  );
  await page.getByRole('button', { name: 'More about conflicts' }).click();
  await page.getByRole('menuitem', { name: 'Undo the last resolution or restore' }).click();
  await expect(row('garden.png')).toBeVisible();
  await bothHave(
    'one picture',
    (tree) => Object.keys(tree).filter((name) => name.endsWith('.png')).length === 1,
  );
  await notice.getByRole('button', { name: 'Dismiss' }).click();
});

test('by keyboard alone: two texts are merged by hand, and the result is on both devices', async () => {
  const { page } = app;
  await typeToRow(openConflicts(), 'budget');
  await page.keyboard.press('Enter');
  await pressOn(dialog('budget.txt').getByRole('button', { name: 'Merge by hand…' }));
  const merging = page.getByRole('dialog', { name: 'Merge “budget.txt” by hand' });
  await expect(merging.getByRole('listitem')).toHaveCount(2);
  await expectFocusIn(merging);
  await pressOn(merging.getByRole('button', { name: 'Back' }));
  const again = dialog('budget.txt').getByRole('button', { name: 'Merge by hand…' });
  await expect(again).toBeFocused();
  await page.keyboard.press('Enter');
  const place = merging.getByRole('radiogroup', { name: 'Place 1 of 2' });
  await tabTo(place);
  await page.keyboard.press('ArrowRight');
  await expect(place.getByRole('radio', { name: 'Take A' })).toBeChecked();
  await expectAccessible(page, 'conflict-merge');
  const result = merging.getByRole('textbox', { name: 'The merged text' });
  expect(await result.inputValue()).toMatch(/rent: 8[05]0 a month\npower/);
  await tabTo(result);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('agreed on the phone\n');
  await expect(merging.getByText('You changed the text yourself')).toBeVisible();
  const merged = await result.inputValue();
  await pressOn(merging.getByRole('button', { name: 'Save the merged text' }));
  await expect(row('budget.txt')).toBeHidden();
  await expectFocusIn(openConflicts());
  await waitUntil('the merged text is everywhere', () =>
    [here, there].every((root) => fs.readFileSync(path.join(root, '2026/budget.txt'), 'utf8') === merged),
  );
});

test('by keyboard alone: many are resolved at one go after a look at what would be done, and taken back together', async () => {
  const { page } = app;
  await expect(openConflicts().getByRole('row')).toHaveCount(6);
  await typeToRow(openConflicts(), '1.md');
  await page.keyboard.press('Space');
  for (const n of [2, 3]) {
    await page.keyboard.press('ArrowDown');
    await expect(row(`${n}.md`)).toBeFocused();
    await page.keyboard.press('Space');
  }
  await pressOn(page.getByRole('button', { name: 'Resolve 3 selected…' }));
  const many = page.getByRole('dialog', { name: 'Resolve 3 conflicts' });
  await tabTo(many.getByRole('radiogroup', { name: 'For all of them' }));
  const theirs = many.getByRole('radio', { name: 'Keep what Ana’s laptop wrote' });
  for (let press = 0; press < 5 && !(await theirs.isChecked()); press += 1)
    await page.keyboard.press('ArrowDown');
  await expect(theirs).toBeFocused();
  await expect(many.getByRole('grid').getByText(/stays as Ana’s laptop left it, today/)).toHaveCount(3);
  await tabTo(many.getByRole('grid'));
  await page.keyboard.press('End');
  await expect(many.getByRole('row', { name: 'notes/3.md' })).toBeFocused();
  await expectAccessible(page, 'conflicts-many');
  await pressOn(many.getByRole('button', { name: 'Resolve 3' }));
  const notice = page.getByRole('region', { name: 'Messages' });
  await expect(notice).toContainText('3 conflicts are resolved');
  await waitUntil('theirs is everywhere', () =>
    [1, 2, 3].every((n) =>
      [here, there].every(
        (root) => fs.readFileSync(path.join(root, `notes/${n}.md`), 'utf8') === `note ${n} there\n`,
      ),
    ),
  );
  await expect(openConflicts().getByRole('row')).toHaveCount(3);
  await expectFocusIn(page.locator('.main'));
  await pressOn(notice.getByRole('button', { name: 'Undo' }));
  await expect(openConflicts().getByRole('row')).toHaveCount(6);
});

test('when the last is resolved, the tray and the window are up to date again', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Resolve all 6…' }).click();
  const many = page.getByRole('dialog', { name: 'Resolve 6 conflicts' });
  await many.getByRole('radio', { name: 'Keep the newest' }).check({ force: true });
  await many.getByRole('button', { name: 'Resolve 6' }).click();
  await expect(page.getByRole('heading', { name: 'No conflicts' })).toBeVisible();
  await inStep(app);
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – Up to date with 1 device.');
  expect((await tray.menu()).join()).not.toContain('Resolve');
  expect(contentOf(here)).toEqual(contentOf(there));
  expect(app.refused).toEqual([]);
});
