import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Looks at what the window shows now, in light and in dark, with more contrast if that is asked for, and keeps a picture of each in out/pictures. */
export async function expectAccessible(
  page: Page,
  name: string,
  contrast: 'more' | null = null,
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, contrast, reducedMotion: 'reduce' });
    // Electron has no target to run in beside the page, which the other mode of this tool wants.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(standards).analyze();
    const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    await page.screenshot({ path: `out/pictures/${name}-${colorScheme}.png` });
    expect(faults, `${name}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, contrast: null });
}
