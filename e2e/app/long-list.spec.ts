import { expect, test } from '@playwright/test';
import { folderOf, pictureOf } from '../../app/testing/picture-of.ts';
import { launchApp } from './launch-app.ts';
import { playEngine } from './play-engine.ts';

const rows = 100_000;
/** However long a list is, the page holds no more than what is in sight and a little around it. */
const mostRows = 80;

test('a list of 100,000 rows is scrolled to its end, with a page that stays small', async () => {
  test.setTimeout(300_000);
  const app = await launchApp();
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    const picture = pictureOf({ state: 'idle' });
    const folder = folderOf({ id: '0'.repeat(32), name: 'Many', files: rows });
    await playEngine(page, { ...picture, folders: [folder] }, rows);
    await expect(page.getByText('100,000 files')).toBeVisible();
    await page.keyboard.press('Control+4');
    const list = page.getByRole('grid', { name: 'What is here' });
    await expect(list.getByRole('row', { name: '000000.txt' })).toBeVisible();
    const seen = await list.evaluate(async (grid, most) => {
      const times: number[] = [];
      let [held, before] = [0, performance.now()];
      while (held <= most && grid.textContent?.includes('099999.txt') !== true) {
        grid.scrollTop += 20_000;
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        times.push(now - before);
        before = now;
        held = Math.max(held, grid.querySelectorAll('[role=row]').length);
      }
      const sorted = times.toSorted((a, b) => a - b);
      return {
        held,
        frames: times.length,
        median: sorted[Math.floor(times.length / 2)],
        worst: sorted.at(-1),
      };
    }, mostRows);
    console.log(`${JSON.stringify(seen)}: rows in the page at most, frames, their median and worst in ms`);
    expect(seen.held).toBeLessThanOrEqual(mostRows);
    await list.getByRole('row', { name: '099999.txt' }).click();
    await expect(page.getByRole('heading', { name: '099999.txt' })).toBeVisible();
    await page.keyboard.press('Home');
    await expect(list.getByRole('row', { name: '000000.txt' })).toBeFocused();
  } finally {
    await app.close();
  }
});
