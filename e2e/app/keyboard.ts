import { expect, type Locator, type Page } from '@playwright/test';

/** LIMIT: how many stops a way may have. */
const mostStops = 80;

/** Presses Tab until `wanted`, or something in it, has the focus, as one does who has no mouse. */
export function tabTo(wanted: Locator): Promise<void> {
  return goTo(wanted, 'Tab');
}

/** Goes to a control by Tab, and presses it. */
export async function pressOn(wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(wanted);
  await wanted.page().keyboard.press(key);
}

/** Goes down an open menu or list to an item, and takes it. */
export async function pickItem(wanted: Locator): Promise<void> {
  await goTo(wanted, 'ArrowDown');
  await wanted.page().keyboard.press('Enter');
}

/** Goes to a row of a list by the letters it begins with. */
export async function typeToRow(list: Locator, letters: string): Promise<void> {
  await tabTo(list);
  await list.page().keyboard.type(letters);
}

/** Whoever has no mouse is somewhere in `place`: the focus was not lost. */
export async function expectFocusIn(place: Locator): Promise<void> {
  await expect
    .poll(() => place.evaluate((element) => element.contains(document.activeElement)), {
      message: 'the focus is there',
    })
    .toBe(true);
}

async function goTo(wanted: Locator, key: 'Tab' | 'ArrowDown'): Promise<void> {
  await expect(wanted).toBeEnabled();
  for (let stop = 0; stop < mostStops; stop += 1) {
    if (await wanted.evaluate((element) => element.contains(document.activeElement))) {
      await expectFocusShown(wanted.page());
      return;
    }
    await wanted.page().keyboard.press(key);
  }
  await expect(wanted, `is not reached by ${key}`).toBeFocused();
}

/** What has the focus is seen to have it: it, or the control that is drawn in its place. */
async function expectFocusShown(page: Page): Promise<void> {
  const isShown = await page.evaluate(() => {
    const focused = document.activeElement;
    return [focused, focused?.closest('label'), focused?.closest('[data-focus-visible]')].some((drawn) => {
      if (!(drawn instanceof Element) || drawn === document.body) return false;
      const { outlineStyle, outlineWidth, backgroundColor } = getComputedStyle(drawn);
      const isMenuItem = drawn.matches('[role=menuitem], [role=option]');
      return (
        (outlineStyle !== 'none' && outlineWidth !== '0px') ||
        (isMenuItem && backgroundColor !== 'rgba(0, 0, 0, 0)')
      );
    });
  });
  expect(isShown, 'the focus is seen').toBe(true);
}
