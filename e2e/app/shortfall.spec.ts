import net from 'node:net';
import { expect, test } from '@playwright/test';
import { folderOf, pictureOf } from '../../app/testing/picture-of.ts';
import { expectAccessible } from './accessibility.ts';
import { launchApp } from './launch-app.ts';
import { playEngine } from './play-engine.ts';

const portTaken = 'Other devices may not be able to connect to this one';
const notWatched = 'Not every directory of Photos and Letters can be watched';

test('a port that another program has is told where devices are, and is no matter of the folders', async () => {
  const occupant = net.createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port } = occupant.address() as net.AddressInfo;
  const app = await launchApp({ args: [`--listen=/ip4/127.0.0.1/tcp/${port}`] });
  try {
    const { page } = app;
    await page.keyboard.press('Control+2');
    await expect(page.getByText(portTaken)).toBeVisible();
    await expectAccessible(page, 'shortfall-port');
    await page.keyboard.press('Control+1');
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    await expect(page.getByText(portTaken)).toBeHidden();
  } finally {
    await app.close();
    occupant.close();
  }
});

test('directories that cannot be watched are told where folders are, with what follows and what helps', async () => {
  const app = await launchApp();
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    const { status, ...picture } = pictureOf({ state: 'idle' });
    await playEngine(page, {
      ...picture,
      status: {
        ...status,
        incomplete: [{ what: 'watch', folders: ['photos', 'letters'], sentence: 'ENOSPC' }],
      },
      folders: ['Photos', 'Letters', 'Music'].map((name) => folderOf({ name })),
    });
    await expect(page.getByText(notWatched)).toContainText(/every minute.*fs\.inotify\.max_user_watches/);
    await expectAccessible(page, 'shortfall-watch');
    await page.keyboard.press('Control+2');
    await expect(page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible();
    await expect(page.getByText(notWatched)).toBeHidden();
  } finally {
    await app.close();
  }
});
