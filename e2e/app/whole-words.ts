import { expect, type Page } from '@playwright/test';
import { createWords, type Words } from '../../renderer/text/words.ts';

const english = sentencesOf(createWords('en'));

/** Every plain text of a language that is longer than a name. */
function sentencesOf(words: Words): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 8) found.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(words);
  return found;
}

/** Whatever the page says, to eyes and ears. */
async function saidOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const said: string[] = [];
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
      said.push(node.textContent ?? '');
    for (const each of document.querySelectorAll('[aria-label], [title], [alt]'))
      for (const name of ['aria-label', 'title', 'alt']) said.push(each.getAttribute(name) ?? '');
    return said.map((text) => text.trim()).filter((text) => text !== '');
  });
}

/** Controls and headings whose words do not fit into them, and what is to be scrolled sideways. */
async function cutOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const cut = [
      ...document.querySelectorAll('button, h1, h2:not(.unseen), h3, label, .chip, .badge, kbd'),
    ].filter(
      (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline',
    );
    const wide = [...document.querySelectorAll('html, .main, .sheet-body, .ask')].filter(
      (each) => each.scrollWidth > each.clientWidth,
    );
    return [
      ...cut.map((each) => each.textContent ?? ''),
      ...wide.map((each) => `${each.className || 'the page'} is wider than its place`),
    ];
  });
}

/** What rows tell has to be read whole; only a name may be cut. */
export async function expectFactsWhole(page: Page, what: string): Promise<void> {
  const cut = await page
    .locator('.row-facts')
    .evaluateAll((lines) =>
      lines
        .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
        .map(({ textContent }) => textContent),
    );
  expect(cut, `${what}: cut`).toEqual([]);
}

/** Looks at a page in another language than English, which has to be in that one and whole, and keeps a picture in out/languages. */
export async function expectWhole(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `out/languages/${name}.png` });
  const said = await saidOn(page);
  expect(
    said.filter((text) => english.has(text)),
    `${name}: English`,
  ).toEqual([]);
  expect(await cutOn(page), `${name}: cut`).toEqual([]);
}
