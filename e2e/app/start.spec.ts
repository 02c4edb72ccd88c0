import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { pressOn } from './keyboard.ts';
import { launchApp } from './launch-app.ts';

/** Whether a process does anything any more; one that has ended and is not yet buried by its parent does not. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

test('started hidden it shows no window; where there is no tray to press, starting it once more does', async () => {
  const app = await launchApp({ hidden: true });
  try {
    expect(app.electron.windows()).toEqual([]);
    const shown = app.electron.waitForEvent('window');
    const ended = app.startAgain();
    const page = await shown;
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    expect(await ended).toBe(0);
  } finally {
    await app.close();
  }
});

test('closing the window leaves the engine at work, and quitting ends it in order', async () => {
  const app = await launchApp();
  const engine = await app.enginePid();
  await app.page.close();
  expect(await app.enginePid()).toBe(engine);
  await app.close();
  await expect.poll(() => isRunning(engine), { message: 'the engine has ended' }).toBe(false);
});

test('everything is reached by keyboard: screens by number, regions by F6, dialogs closed by Esc', async () => {
  const app = await launchApp();
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    await page.keyboard.press('Control+2');
    await expect(page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible();
    const regions = new Set<unknown>();
    for (let press = 0; press < 3; press += 1) {
      await page.keyboard.press('F6');
      regions.add(
        await page.evaluate(() =>
          document.activeElement?.closest('[data-region]')?.getAttribute('data-region'),
        ),
      );
    }
    expect(regions).toEqual(new Set(['main', 'side', 'top']));
    const join = page.getByRole('button', { name: 'Join with an invitation…' });
    await pressOn(join);
    await expect(page.getByRole('textbox', { name: 'Invitation' })).toBeFocused();
    await page.keyboard.type('not an invitation');
    await pressOn(page.getByRole('button', { name: 'Join', exact: true }));
    await expect(page.getByRole('alert')).toHaveText(
      'This is not a whole invitation. Copy all of it, from the first to the last letter.',
    );
    await expectAccessible(page, 'join-invitation');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(join).toBeFocused();
    await page.keyboard.press('Control+1');
    await expect(page.getByRole('heading', { name: 'Folders', level: 1 })).toBeVisible();
  } finally {
    await app.close();
  }
});
