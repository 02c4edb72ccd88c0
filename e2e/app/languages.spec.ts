import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { createWords, type Words } from '../../renderer/text/words.ts';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { expectInLanguage } from './accessibility.ts';
import { changeApart, commandOf } from './conflict-world.ts';
import { pickItem, pressOn, tabTo } from './keyboard.ts';
import { launchApp, type RunningApp } from './launch-app.ts';
import { closes, passRecoveryWords } from './pairing.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the tray is read over the session bus');

let place: string;
let app: RunningApp;
let other: RunningDevice;
let host: TrayHost;
let tray: TrayItem;

/** Goes through the screens and a menu, in a language that was really chosen; all else is looked at where it is tried. */
async function lookAtScreens(page: Page, language: 'de' | 'zh', t: Words): Promise<void> {
  for (const [i, screen] of (
    ['folders', 'devices', 'conflicts', 'history', 'activity', 'settings'] as const
  ).entries()) {
    await page.keyboard.press(`Control+${i + 1}`);
    await expect(page.getByRole('heading', { name: t.screens[screen], level: 1 })).toBeVisible();
    await expectInLanguage(page, `${language}-screen-${screen}`);
  }
  await page.keyboard.press('Control+1');
  await pressOn(page.getByRole('button', { name: t.folderActions('Work') }));
  await expect(page.getByRole('menuitem', { name: t.chooseWhat })).toBeVisible();
  await expectInLanguage(page, `${language}-menu`);
  await page.keyboard.press('Escape');
}

/** Chooses a language on the settings screen, by keyboard alone. */
async function choose(page: Page, was: Words, name: string): Promise<void> {
  await page.keyboard.press('Control+6');
  const language = page.getByRole('button', { name: was.language });
  await pressOn(language);
  const option = page.getByRole('option', { name });
  await expect(option).toBeVisible();
  await page.keyboard.press('Home');
  await pickItem(option);
}

/** Opens a question of the main process, as the page may, looks at it, and thinks better of it. */
async function lookAtQuestion(
  wish: () => Promise<unknown>,
  name: string,
  more: (asked: Page) => Promise<void> = async () => {},
): Promise<void> {
  const answered = wish();
  const asked = await app.question();
  await expectInLanguage(asked, name);
  await more(asked);
  await closes(asked, () => asked.keyboard.press('Escape'));
  expect(await answered).toBeNull();
}

/** Looks at the questions of the main process, but for the recovery words. */
async function lookAtQuestions(page: Page, language: 'de' | 'zh'): Promise<void> {
  const [self, them] = [
    (await (await commandOf(app)).ask<{ deviceKey: string }>('id')).deviceKey,
    other.ready().deviceKey,
  ];
  const since = '2026-01-01T00:00:00.000Z';
  await lookAtQuestion(
    () => page.evaluate(() => window.shell.ask('leaveGroup', { anew: false })),
    `${language}-ask-leave`,
  );
  await lookAtQuestion(
    () => page.evaluate(() => window.shell.ask('leaveGroup', { anew: true })),
    `${language}-ask-anew`,
  );
  await lookAtQuestion(
    () => page.evaluate((keep) => window.shell.ask('recover', { keep }), [self]),
    `${language}-ask-recover`,
  );
  await lookAtQuestion(
    () =>
      page.evaluate(
        ([key = '', at = '']) =>
          window.shell.ask('removeDevices', { devices: [key], voidSince: at, undoSince: at }),
        [them, since],
      ),
    `${language}-ask-remove`,
    async (asked) => {
      await asked.keyboard.type('NAS');
      await asked.keyboard.press('Enter');
      await expect(asked.getByRole('alert')).toBeVisible();
      await expectInLanguage(asked, `${language}-ask-remove-wrong-name`);
      // However long the words are, what is wrong and the answers are in sight.
      const [alert, answer] = [asked.getByRole('alert'), asked.getByRole('button').last()];
      for (const each of [alert, answer]) await expect(each).toBeInViewport({ ratio: 1 });
      const [{ y = 0, height = 0 }, { y: top = 0 }] = [
        (await alert.boundingBox()) ?? {},
        (await answer.boundingBox()) ?? {},
      ];
      expect(y + height).toBeLessThanOrEqual(top);
    },
  );
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
  await lookAtScreens(page, 'de', t);
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – 1 Konflikt wartet auf Sie.');
  expect(await tray.menu()).toContain('1 Konflikt lösen …');
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: t.leaveGroup }).click();
  const asked = await app.question();
  await expect(asked.locator('html')).toHaveAttribute('lang', 'de-AT');
  await expect(asked.getByRole('heading', { level: 1 })).toHaveText('Ihre anderen Geräte verlassen?');
  await closes(asked, () => asked.keyboard.press('Escape'));
  await lookAtQuestions(page, 'de');
});

test('another language applies at once, in the window and in the tray, and is kept', async () => {
  const { page } = app;
  const t = createWords('zh');
  await choose(page, createWords('de-AT'), '中文');
  await expect(page.getByRole('heading', { name: '设置', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect.poll(() => tray.tooltip()).toBe('Lockstep – 1 个冲突需要您处理。');
  await lookAtScreens(page, 'zh', t);
  await lookAtQuestions(page, 'zh');
  await page.reload();
  await expect(page.getByRole('navigation', { name: t.screensLabel })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
});

test('a field for a moment is written as the language that is chosen does, whatever the system speaks', async () => {
  const [data, folder] = [path.join(place, 'data'), path.join(place, 'Letters')];
  for (const directory of [data, folder]) fs.mkdirSync(directory);
  fs.writeFileSync(path.join(data, 'app.json'), '{"isSetUp":true,"language":"de"}');
  const english = await launchApp({ data, env: { LANGUAGE: 'en_US:en', LANG: 'en_US.UTF-8' } });
  try {
    const { page } = english;
    const t = createWords('de');
    await (await commandOf(english)).ask('folder', 'add', folder);
    await page.keyboard.press('Control+4');
    await pressOn(page.getByRole('button', { name: t.when }));
    await pickItem(page.getByRole('option', { name: t.atMoment }));
    const field = page.getByLabel(t.momentField, { exact: true });
    await tabTo(field);
    await page.keyboard.type('31122025');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('154500');
    await expect(field).toHaveValue('2025-12-31T15:45');
  } finally {
    await english.close();
  }
});

test('the recovery words of a new group are shown in the language that is spoken', async () => {
  const { page } = app;
  const { ask } = await commandOf(app);
  for (const [language, before] of [
    ['zh', undefined],
    ['de', 'zh'],
  ] as const) {
    const t = createWords(language);
    if (before !== undefined) await choose(page, createWords(before), t.languages[language]);
    await ask('group', 'leave');
    await page.keyboard.press('Control+2');
    await pressOn(page.getByRole('button', { name: t.invite }));
    await passRecoveryWords(
      app,
      async (asked, step) => {
        await expect(asked.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
        await expectInLanguage(asked, `${language}-recovery-${step}`);
      },
      t,
    );
    await expectInLanguage(page, `${language}-invitation`);
    await page.keyboard.press('Escape');
  }
});
