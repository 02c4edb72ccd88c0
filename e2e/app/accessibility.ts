import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { AppSettings } from '../../app/ipc/contract.ts';
import { expectWhole } from './whole-words.ts';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const others = [
  { language: 'de', colorScheme: 'light' },
  { language: 'zh', colorScheme: 'dark' },
] as const;

/**
 * Looks at what the window shows now, in light and in dark, with more contrast if that is asked for, and keeps a picture of each in out/pictures; then at
 * the same in German and in Chinese, with pictures in out/languages. What the main process asks stays in the language it was asked in.
 */
export async function expectAccessible(
  page: Page,
  name: string,
  contrast: 'more' | null = null,
): Promise<void> {
  const emulate = (colorScheme: 'light' | 'dark'): Promise<void> =>
    page.emulateMedia({ colorScheme, contrast, reducedMotion: 'reduce' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await emulate(colorScheme);
    await page.screenshot({ path: `out/pictures/${name}-${colorScheme}.png` });
    await expectNoFaults(page, `${name}, ${colorScheme}`);
  }
  const before = isQuestion(page) ? undefined : await speak(page, 'en');
  if (before !== undefined) {
    for (const { language, colorScheme } of others) {
      await emulate(colorScheme);
      await speak(page, language);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expectInLanguage(page, `${language}-${name}`);
    }
    await speak(page, before);
  }
  await page.emulateMedia({ colorScheme: null, contrast: null });
}

/** Looks at a page that speaks another language than English, and only that one; keeps a picture in out/languages. */
export async function expectInLanguage(page: Page, name: string): Promise<void> {
  await expectWhole(page, name);
  await expectNoFaults(page, name);
}

/** Nothing on the page, as it is, breaks the standards; a question’s window is no higher than what it says. */
async function expectNoFaults(page: Page, what: string): Promise<void> {
  if (isQuestion(page))
    await expect
      .poll(() => blankIn(page), { message: `${what}: height with nothing in it` })
      .toBeLessThan(24);
  // Electron has no target to run in beside the page, which the other mode of this tool wants.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(standards).analyze();
  const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(faults, what).toEqual([]);
}

const isQuestion = (page: Page): boolean => page.url().startsWith('app://ask/');

/** Pixels between the answers of a question and what stands before them. */
async function blankIn(page: Page): Promise<number> {
  return page.locator('.ask-actions').evaluate((answers) => {
    const before = answers.previousElementSibling?.getBoundingClientRect().bottom ?? 0;
    return answers.getBoundingClientRect().top - before;
  });
}

interface Fiber {
  readonly child: Fiber | null;
  readonly memoizedProps: { readonly value?: { readonly store?: Store } } | null;
}
interface Store {
  current(): { readonly settings: AppSettings };
  happened(event: { readonly kind: 'settings'; readonly settings: AppSettings }): void;
}

/** Has the window speak another language with all that is open in it, which no control of it does; resolves to what it spoke. The way leads through React, which knows the window's store. */
export async function speak(page: Page, locale: string): Promise<string> {
  return page.evaluate((next) => {
    const root = document.getElementById('root') as object;
    const key = Object.keys(root).find((each) => each.startsWith('__reactContainer$')) ?? '';
    const container = Reflect.get(root, key) as { readonly stateNode: { readonly current: Fiber } };
    let fiber: Fiber | null = container.stateNode.current;
    while (fiber !== null && fiber.memoizedProps?.value?.store === undefined) fiber = fiber.child;
    const store = fiber?.memoizedProps?.value?.store;
    if (store === undefined) throw new Error('the window has no store');
    const { settings } = store.current();
    store.happened({ kind: 'settings', settings: { ...settings, locale: next } });
    return settings.locale;
  }, locale);
}
