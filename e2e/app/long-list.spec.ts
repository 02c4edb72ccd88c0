import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launchApp } from './launch-app.ts';

const files = 100_000;
/** However long a list is, the page holds no more than what is in sight and a little around it. */
const mostRows = 80;

test('a directory of 100,000 files is listed whole, with a page that stays small', async () => {
  test.setTimeout(540_000);
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-long-'));
  const directory = path.join(place, 'Many');
  fs.mkdirSync(directory);
  for (let n = 0; n < files; n += 1)
    fs.writeFileSync(path.join(directory, `${String(n).padStart(6, '0')}.txt`), '');
  const app = await launchApp();
  try {
    const { page } = app;
    await app.willChoose(directory);
    await page.getByRole('button', { name: 'Add a folder…' }).click();
    await expect(page.getByText('100,000 files')).toBeVisible({ timeout: 300_000 });
    await page.keyboard.press('Control+4');
    const list = page.getByRole('grid', { name: 'What is here' });
    await expect(list.getByRole('row', { name: '000000.txt' })).toBeVisible();
    const report = await list.evaluate(async (grid, most) => {
      const last = '099999.txt';
      let [frames, slow, rows] = [0, 0, 0];
      let before = performance.now();
      for (;;) {
        grid.scrollTop += 4_000;
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        frames += 1;
        if (now - before > 50) slow += 1;
        before = now;
        rows = Math.max(rows, grid.querySelectorAll('[role=row]').length);
        if (rows > most || grid.textContent?.includes(last) === true) break;
      }
      return { frames, slow, rows, counted: grid.getAttribute('aria-rowcount') };
    }, mostRows);
    console.log(
      `scrolled in ${report.frames} frames, ${report.slow} of them longer than 50 ms; at most ${report.rows} rows in the page`,
    );
    expect(report.rows).toBeLessThanOrEqual(mostRows);
    await expect(list.getByRole('row', { name: '099999.txt' })).toBeVisible();
    await list.getByRole('row', { name: '099999.txt' }).click();
    await expect(page.getByRole('heading', { name: '099999.txt' })).toBeVisible();
  } finally {
    await app.close();
    fs.rmSync(place, { recursive: true, force: true });
  }
});
