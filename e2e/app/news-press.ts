import { expect, type Page } from '@playwright/test';
import type { RunningApp } from './launch-app.ts';
import type { NotificationHost, ShownNotification } from './notification-host.ts';

/** Opens the window, goes to the settings, presses a notification, and resolves to the window once it shows the screen of this name. */
export async function pressFromElsewhere(press: {
  readonly app: RunningApp;
  readonly desktop: NotificationHost;
  readonly told: ShownNotification;
  readonly screen: string;
}): Promise<Page> {
  const { app, desktop, told, screen } = press;
  const [page] = await Promise.all([app.electron.waitForEvent('window'), app.startAgain()]);
  await page.getByRole('navigation').waitFor();
  await page.keyboard.press('Control+6');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  desktop.press(told);
  await expect(page.getByRole('heading', { name: screen, level: 1 })).toBeVisible();
  return page;
}
