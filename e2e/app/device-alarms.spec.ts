import { expect, test } from '@playwright/test';
import { deviceOf, pictureOf } from '../../app/testing/picture-of.ts';
import { expectAccessible } from './accessibility.ts';
import { launchApp } from './launch-app.ts';
import { playEngine } from './play-engine.ts';

test('a device whose identity is in two places, and one that has not heard of a removal, are warned of in their list and in their details', async () => {
  const app = await launchApp();
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    const picture = pictureOf({ state: 'idle' });
    await playEngine(page, {
      ...picture,
      group: { ...picture.group, group: 'G', members: ['SELF', 'COPIED', 'BEHIND'] },
      devices: [
        deviceOf({ key: 'SELF', name: 'Laptop', state: 'self' }),
        deviceOf({
          key: 'COPIED',
          name: 'Ana’s laptop',
          state: 'suspended',
          alarms: ['identity-in-two-places'],
        }),
        deviceOf({ key: 'BEHIND', name: 'Cellar NAS', state: 'offline', heardOfRemovals: false }),
        deviceOf({ key: 'GONE', name: 'Old phone', state: 'revoked', notHeard: ['BEHIND'] }),
      ],
    });
    await page.keyboard.press('Control+2');
    const copied = page.getByRole('listitem', { name: 'Ana’s laptop' });
    await expect(copied.getByText('Its identity is used in two places')).toBeVisible();
    await expect(page.getByRole('listitem', { name: 'Cellar NAS' }).getByText(/Old phone/)).toBeVisible();
    await expectAccessible(page, 'devices-alarms');
    await copied.getByRole('button', { name: 'Details of Ana’s laptop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ana’s laptop' });
    await expect(dialog.getByText('Its identity is used in two places')).toBeVisible();
    await expectAccessible(page, 'device-alarm');
  } finally {
    await app.close();
  }
});
