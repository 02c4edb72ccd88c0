import { expect, type Page } from '@playwright/test';
import { createWords } from '../../renderer/text/words.ts';
import type { RunningDevice } from '../harness/harness.ts';
import { pressOn } from './keyboard.ts';
import type { RunningApp } from './launch-app.ts';

/** Does what makes a page close, which may be gone before it is told that it was done. */
export async function closes(page: Page, act: () => Promise<void>): Promise<void> {
  const closed = page.waitForEvent('close');
  await act().catch((error: unknown) => {
    if (!page.isClosed()) throw error;
  });
  await closed;
}

/** Passes the recovery words that the main process shows for a new group, by keyboard alone; resolves to them. `lookAtWords` sees both steps. */
export async function passRecoveryWords(
  app: RunningApp,
  lookAtWords?: (page: Page, step: 'shown' | 'typed') => Promise<void>,
  t = createWords('en'),
): Promise<readonly string[]> {
  const page = await app.question();
  await expect(page.getByRole('heading', { name: t.asks.recoveryTitle })).toBeVisible();
  const items = page.getByRole('list', { name: t.asks.recoveryLabel }).getByRole('listitem');
  await expect(items).toHaveCount(12);
  const words = await items.allTextContents();
  await lookAtWords?.(page, 'shown');
  await pressOn(page.getByRole('button', { name: t.asks.written }));
  const field = page.getByRole('textbox');
  const [one = 0, two = 0] = ((await page.locator('label').textContent()) ?? '')
    .split(/\D+/)
    .filter(Boolean)
    .map(Number);
  await lookAtWords?.(page, 'typed');
  await expect(field).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(`${words[one - 1]} ${words[two - 1]}`);
  await closes(page, () => page.keyboard.press('Enter'));
  return words;
}

/** Opens the invitation dialog of a new device and passes the recovery words, by keyboard alone; resolves to the invitation's text. */
export async function readInvitation(
  app: RunningApp,
  lookAtWords?: (page: Page, step: 'shown' | 'typed') => Promise<void>,
): Promise<string> {
  const { page } = app;
  await page.keyboard.press('Control+2');
  await pressOn(page.getByRole('button', { name: 'Invite a device…' }));
  await passRecoveryWords(app, lookAtWords);
  return page.getByRole('dialog').getByRole('textbox', { name: 'Invitation' }).inputValue();
}

/** Lets `other` join by an invitation shown in the window, and says yes there, by keyboard alone, once its key words are seen to be the right ones. */
export async function admit(
  page: Page,
  invitation: string,
  other: RunningDevice,
  lookAtQuestion?: () => Promise<void>,
): Promise<void> {
  const { words } = await other.ask<{ words: string }>('id');
  const joined = other.ask('device', 'join', invitation);
  const question = page.getByRole('region', { name: `“${other.name}” used your invitation` });
  await expect(question.getByRole('list', { name: 'Key words' }).getByRole('listitem')).toHaveText(
    words.split(' '),
  );
  await lookAtQuestion?.();
  await pressOn(question.getByRole('button', { name: 'Add' }));
  await joined;
  await expect(page.getByRole('dialog').getByText(`${other.name} was added.`)).toBeVisible();
  await pressOn(page.getByRole('button', { name: 'Done' }));
}

/** Adds a folder by the window's button, by keyboard alone, and has `other` keep it too, in `elsewhere`. */
export async function shareFolder(
  page: Page,
  name: string,
  other: RunningDevice,
  elsewhere: string,
): Promise<void> {
  await page.keyboard.press('Control+1');
  await pressOn(page.getByRole('button', { name: 'Add a folder…' }));
  await expect(page.getByRole('listitem', { name })).toBeVisible();
  await expect
    .poll(async () =>
      (await other.ask<readonly { name: string }[]>('folder', 'list')).map((folder) => folder.name),
    )
    .toEqual([name]);
  await other.ask('folder', 'join', name, elsewhere);
}
