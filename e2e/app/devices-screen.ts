import type { Locator, Page } from '@playwright/test';
import type { RunningDevice } from '../harness/harness.ts';
import type { RunningApp } from './launch-app.ts';
import { passRecoveryWords } from './pairing.ts';

interface Listed {
  readonly key: string;
  readonly state: string;
}

/** Another device on the screen of devices. */
export function cardOf(page: Page, name: string): Locator {
  return page.getByRole('listitem', { name, exact: true });
}

export function openDevices(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Devices', exact: true }).click();
}

/** Founds a group in the window, so that its recovery words are shown by the main process; resolves to them. */
export async function foundGroup(app: RunningApp): Promise<readonly string[]> {
  const { page } = app;
  await openDevices(page);
  await page.getByRole('button', { name: 'Invite a device…' }).click();
  const words = await passRecoveryWords(app);
  await page.keyboard.press('Escape');
  return words;
}

/** A device as another one lists it. */
export async function listed(
  on: { ask<T>(...args: readonly string[]): Promise<T> },
  { ready }: Pick<RunningDevice, 'ready'>,
): Promise<Listed | undefined> {
  return (await on.ask<readonly Listed[]>('device', 'list')).find(({ key }) => key === ready().deviceKey);
}
