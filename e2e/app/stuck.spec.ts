import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { waitUntil } from '../harness/harness.ts';
import { commandOf } from './conflict-world.ts';
import { launchApp } from './launch-app.ts';
import { pressFromElsewhere } from './news-press.ts';
import { openNotificationHost } from './notification-host.ts';

test.skip(process.platform !== 'linux', 'notifications are read over the session bus');

interface Remembered {
  readonly stuck?: { readonly toldAt: number; readonly paths: readonly { readonly since: number }[] };
}

test('what could not be synced for a day is told once, and a press goes to where it says why', async () => {
  const desktop = await openNotificationHost();
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-stuck-'));
  const data = path.join(place, 'data');
  const folder = path.join(place, 'Work');
  fs.mkdirSync(folder);
  // A name that is no text: it cannot be synced until a person does something.
  fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xff)]), 'x');
  const file = path.join(data, 'app.json');
  const remembered = (): Remembered => JSON.parse(fs.readFileSync(file, 'utf8')) as Remembered;
  let app = await launchApp({ data, hidden: true });
  try {
    const { ask } = await commandOf(app);
    await ask('folder', 'add', folder);
    const stuck = await waitUntil('it is noted', () => {
      const noted = remembered().stuck;
      return noted?.paths.length === 1 ? noted : undefined;
    });
    await app.close();
    // As if that had been two days ago.
    const paths = stuck.paths.map((each) => ({ ...each, since: each.since - 48 * 3_600_000 }));
    fs.writeFileSync(file, JSON.stringify({ ...remembered(), stuck: { ...stuck, paths } }));

    app = await launchApp({ data, hidden: true });
    const told = await desktop.see('Not synced for a day');
    expect(told.body).toMatch(/^“.+”: see why, and what helps\.$/);
    const page = await pressFromElsewhere({ app, desktop, told, screen: 'Folders' });
    await page.getByRole('button', { name: '1 problem' }).click();
    await expect(page.getByText('Its name is not valid text.')).toBeVisible();
    await app.close();

    app = await launchApp({ data });
    await expect(app.page.getByRole('button', { name: '1 problem' })).toBeVisible();
    await app.page.close();
    await desktop.see('Lockstep keeps running');
    expect(desktop.shown.map(({ summary }) => summary)).toEqual([
      'Not synced for a day',
      'Lockstep keeps running',
    ]);
  } finally {
    await app.close();
    desktop.close();
    fs.rmSync(place, { recursive: true, force: true });
  }
});
