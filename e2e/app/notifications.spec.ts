import { expect, test } from '@playwright/test';
import { startDevice } from '../harness/harness.ts';
import { commandOf } from './conflict-world.ts';
import { launchApp } from './launch-app.ts';
import { openNotificationHost } from './notification-host.ts';

test.skip(process.platform !== 'linux', 'notifications are read over the session bus');

test('what needs a person is told while the window is away, and a press goes to its screen; nothing is told once it is not wanted', async () => {
  const desktop = await openNotificationHost();
  const [app, other, third] = await Promise.all([
    launchApp({ hidden: true }),
    startDevice({ name: 'Cellar NAS' }),
    startDevice({ name: 'Studio' }),
  ]);
  try {
    const { ask } = await commandOf(app);
    const invite = async (): Promise<string> =>
      (await ask<{ invitation: string }>('device', 'invite', '--no-recovery')).invitation;
    const joins = other.cli('device', 'join', await invite());
    const asks = await desktop.see('“Cellar NAS” asks to join');
    expect(asks.body).toBe('Compare its key words before you let it in.');
    const opened = app.electron.waitForEvent('window');
    desktop.press(asks);
    const page = await opened;
    await expect(page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible();
    await page
      .getByRole('region', { name: '“Cellar NAS” used your invitation' })
      .getByRole('button', { name: 'Add' })
      .click();
    expect((await joins).code).toBe(0);

    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Tell me when something needs me' }).press('Space');
    await expect(page.getByRole('switch', { name: 'Tell me when something needs me' })).not.toBeChecked();
    await page.close();
    const before = desktop.shown.length;
    const joinsToo = third.cli('device', 'join', await invite());
    await expect
      .poll(async () =>
        (await ask<readonly { name: string; state: string }[]>('device', 'list')).some(
          ({ state }) => state === 'pending',
        ),
      )
      .toBe(true);
    await ask('device', 'approve', third.ready().deviceKey);
    expect((await joinsToo).code).toBe(0);
    expect(desktop.shown).toHaveLength(before);
  } finally {
    await app.close();
    await Promise.all([other.stop(), third.stop()]);
    desktop.close();
  }
});
