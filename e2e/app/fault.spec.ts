import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { folderOf, pictureOf } from '../../app/testing/picture-of.ts';
import { expectAccessible } from './accessibility.ts';
import { launchApp } from './launch-app.ts';
import { playEngine } from './play-engine.ts';
import { saveReport } from './save-report.ts';

test('a screen that fails says so and can be tried again; the rest of the window works, and the log has where, not what', async () => {
  const app = await launchApp();
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    const whole = folderOf({ id: '0'.repeat(32), name: 'Secret plans' });
    const picture = { ...pictureOf({ state: 'idle' }), folders: [whole] };
    // What no engine sends: a folder without a path stops the screen that shows it.
    const broken = { ...whole, path: null } as unknown as typeof whole;
    await playEngine(page, { ...picture, folders: [broken] });
    const failed = page.getByRole('heading', { name: '“Folders” cannot be shown' });
    await expect(failed).toBeVisible();
    await expectAccessible(page, 'screen-failed');

    await page.keyboard.press('Control+5');
    await expect(page.getByRole('heading', { name: 'Activity', level: 1 })).toBeVisible();
    await page.keyboard.press('Control+1');
    await expect(failed).toBeVisible();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(failed).toBeVisible();

    const report = await saveReport(app, path.join(app.home, '..', 'report.txt'));
    expect(report).toContain('# window.log');
    const log = fs.readFileSync(path.join(app.home, 'logs', 'window.log'), 'utf8');
    expect(JSON.parse(log.split('\n')[0] ?? '')).toMatchObject({
      message: 'a screen failed',
      where: 'folders',
      name: 'TypeError',
      frames: expect.arrayContaining([expect.stringMatching(/^assets\/.+\.js:\d+:\d+$/)]),
    });
    expect(log).not.toContain('Secret plans');

    await playEngine(page, picture);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('listitem', { name: 'Secret plans' })).toBeVisible();
  } finally {
    await app.close();
  }
});
