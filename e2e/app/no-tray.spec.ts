import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { launchApp, type RunningApp } from './launch-app.ts';
import { type NotificationHost, openNotificationHost } from './notification-host.ts';
import { openTrayHost } from './tray-host.ts';

test.skip(process.platform !== 'linux', 'only Linux has desktops without a tray');

const wayBack = 'Lockstep keeps running';

let data: string;
let desktop: NotificationHost;
let app: RunningApp | undefined;
test.beforeEach(async () => {
  data = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-no-tray-'));
  desktop = await openNotificationHost();
});
test.afterEach(async () => {
  await app?.close();
  desktop.close();
  fs.rmSync(data, { recursive: true, force: true });
});

/** The app, started anew with what it remembers. */
async function start(): Promise<RunningApp> {
  await app?.close();
  app = await launchApp({ data });
  return app;
}

/** The window that comes with what `open` does. */
async function windowBy({ electron }: RunningApp, open: () => unknown): Promise<Page> {
  const [page] = await Promise.all([electron.waitForEvent('window'), open()]);
  await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  return page;
}

test('closed where no tray shows an icon, the window says once how it comes back, and not again at the next start', async () => {
  const first = await start();
  await first.page.close();
  const told = await desktop.see(wayBack);
  expect(told.body).toBe('If you see no icon for it, start Lockstep again to open its window.');
  const pressed = await windowBy(first, () => desktop.press(told));
  await pressed.close();
  const again = await windowBy(first, () => first.startAgain());
  await again.close();

  const next = await start();
  await next.page.close();
  await windowBy(next, () => next.startAgain());
  expect(desktop.shown.map(({ summary }) => summary)).toEqual([wayBack]);
});

test('closed where a tray shows its icon, the window says nothing; when the tray is gone another time, it does', async () => {
  const tray = await openTrayHost();
  const running = await start();
  const icon = await tray.item();
  await running.page.close();
  const page = await windowBy(running, () => icon.activate());
  expect(desktop.shown).toEqual([]);
  tray.close();
  await page.close();
  await desktop.see(wayBack);
});

/** Closes the window; resolves to the message that is shown. */
async function messageOnClosing({ electron, page }: RunningApp): Promise<unknown> {
  await electron.evaluate(({ app: program, dialog }) => {
    dialog.showMessageBox = ((options: Electron.MessageBoxOptions) => {
      program.emit('told', options.message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  });
  const message = electron.evaluate(
    ({ app: program }) => new Promise((resolve) => (program as NodeJS.EventEmitter).once('told', resolve)),
  );
  await page.close();
  return message;
}

test('who wants no notifications is told in a message', async () => {
  fs.writeFileSync(path.join(data, 'app.json'), '{"isSetUp":true,"notifications":false}');
  expect(await messageOnClosing(await start())).toBe(wayBack);
  expect(desktop.shown).toEqual([]);
});

test('where nothing shows notifications either, it is told in a message', async () => {
  desktop.close();
  expect(await messageOnClosing(await start())).toBe(wayBack);
});
