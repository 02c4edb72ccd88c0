import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp } from '../app/launch-app.ts';
import { runCommand, startDevice, waitUntil } from '../harness/harness.ts';

/** A place that reads well in a picture. */
const place = '/tmp/ana';
const pictures = path.resolve(import.meta.dirname, '../../build/pictures');

function fill(folder: string, files: number, bytes: number): string {
  const directory = path.join(place, folder);
  for (let n = 0; n < files; n += 1) {
    const inner = path.join(directory, String(2020 + (n % 5)));
    fs.mkdirSync(inner, { recursive: true });
    fs.writeFileSync(path.join(inner, `${n}.bin`), randomBytes(bytes));
  }
  return directory;
}

test('the window at work', async () => {
  fs.rmSync(place, { recursive: true, force: true });
  const [app, cellar, studio] = await Promise.all([
    launchApp({ colours: 'light' }),
    startDevice({ name: 'Cellar NAS' }),
    startDevice({ name: 'Studio Mac' }),
  ]);
  try {
    const { page } = app;
    const engine = await commandOf(app.home);
    for (const other of [cellar, studio]) {
      const { invitation } = await engine.ask<{ invitation: string }>('device', 'invite', '--yes');
      await other.ask('device', 'join', invitation);
    }
    for (const [name, files, bytes] of [
      ['Documents', 120, 30_000],
      ['Music', 60, 400_000],
    ] as const) {
      await app.willChoose(fill(name, files, bytes));
      await page.getByRole('button', { name: 'Add a folder…' }).click();
      await expect(page.getByRole('listitem', { name })).toBeVisible();
      for (const other of [cellar, studio]) {
        await expect
          .poll(async () =>
            (await other.ask<readonly { name: string }[]>('folder', 'list')).map((folder) => folder.name),
          )
          .toContain(name);
        await other.ask('folder', 'join', name, path.join(place, `${name} on ${other.name}`));
      }
    }
    const photos = fill('Photos', 6, 40_000_000);
    await cellar.ask('folder', 'add', photos, '--name', 'Photos');
    await studio.ask('folder', 'add', fill('Sketches', 3, 1_000));
    await expect(page.getByRole('button', { name: 'Keep here… Photos' })).toBeVisible();
    await expect(page.getByRole('listitem', { name: 'Music' }).getByText('The same on')).toBeVisible({
      timeout: 60_000,
    });
    const kept = path.join(place, 'Pictures');
    fs.mkdirSync(kept);
    await app.willChoose(kept);
    await page.getByRole('button', { name: 'Keep here… Photos' }).click();
    const progress = page.getByRole('progressbar', { name: 'Progress of Photos' });
    await expect(progress).toBeVisible();
    await expect
      .poll(async () => Number(await progress.getAttribute('aria-valuenow')), {
        intervals: [50],
        timeout: 60_000,
      })
      .toBeGreaterThan(35);
    await page.screenshot({ path: path.join(pictures, 'window.png') });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: path.join(pictures, 'window-dark.png') });
  } finally {
    await app.close();
    await Promise.all([cellar.stop(), studio.stop()]);
    fs.rmSync(place, { recursive: true, force: true });
  }
});

/** The command's way to the device of a running app. */
async function commandOf(home: string): Promise<{ ask<T>(...args: readonly string[]): Promise<T> }> {
  const ask = async <T>(...args: readonly string[]): Promise<T> => {
    const { code, json, stderr } = await runCommand(['--home', home, '--json', ...args]);
    if (code !== 0) throw new Error(stderr);
    return json as T;
  };
  await waitUntil('the command reaches the app', async () => (await ask('id')) !== undefined);
  return { ask };
}
