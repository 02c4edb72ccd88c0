import { expect, type Locator } from '@playwright/test';

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

async function goTo(wanted: Locator, key: 'Tab' | 'ArrowDown'): Promise<void> {
  await expect(wanted).toBeEnabled();
  for (let stop = 0; stop < mostStops; stop += 1) {
    if (await wanted.evaluate((element) => element.contains(document.activeElement))) return;
    await wanted.page().keyboard.press(key);
  }
  await expect(wanted, `is not reached by ${key}`).toBeFocused();
}
