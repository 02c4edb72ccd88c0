import { expect, type Page } from '@playwright/test';
import type { RunningDevice } from '../harness/harness.ts';
import type { RunningApp } from './launch-app.ts';

/** Does what makes a page close, which may be gone before it is told that it was done. */
export async function closes(page: Page, act: () => Promise<void>): Promise<void> {
  const closed = page.waitForEvent('close');
  await act().catch((error: unknown) => {
    if (!page.isClosed()) throw error;
  });
  await closed;
}

/** Passes the recovery words that the main process shows for a new group; resolves to them. `lookAtWords` sees both steps. */
export async function passRecoveryWords(
  app: RunningApp,
  lookAtWords?: (page: Page, step: 'shown' | 'typed') => Promise<void>,
): Promise<readonly string[]> {
  const page = await app.question();
  await expect(page.getByRole('heading', { name: 'Write down these twelve words' })).toBeVisible();
  const items = page.getByRole('list', { name: 'The twelve recovery words' }).getByRole('listitem');
  await expect(items).toHaveCount(12);
  const words = await items.allTextContents();
  await lookAtWords?.(page, 'shown');
  await page.getByRole('button', { name: 'I have them on paper' }).click();
  const field = page.getByRole('textbox', { name: /^Word \d+ and word \d+$/ });
  const [one = 0, two = 0] = ((await page.getByText(/^Word \d+ and word \d+$/).textContent()) ?? '')
    .split(/\D+/)
    .filter(Boolean)
    .map(Number);
  await lookAtWords?.(page, 'typed');
  await field.fill(`${words[one - 1]} ${words[two - 1]}`);
  await closes(page, () => page.getByRole('button', { name: 'Done' }).click());
  return words;
}

/** Opens the invitation dialog of a new device and passes the recovery words; resolves to the invitation's text. */
export async function readInvitation(
  app: RunningApp,
  lookAtWords?: (page: Page, step: 'shown' | 'typed') => Promise<void>,
): Promise<string> {
  const { page } = app;
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Invite a device…' }).click();
  await passRecoveryWords(app, lookAtWords);
  return page.getByRole('dialog').getByRole('textbox', { name: 'Invitation' }).inputValue();
}

/** Lets `other` join by an invitation shown in the window, and says yes there once its key words are seen to be the right ones. */
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
  await question.getByRole('button', { name: 'Add' }).click();
  await joined;
  await expect(page.getByRole('dialog').getByText(`${other.name} was added.`)).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
}

/** Adds `directory` as a folder by the window's button, and has `other` keep it too, in `elsewhere`. */
export async function shareFolder(
  page: Page,
  name: string,
  other: RunningDevice,
  elsewhere: string,
): Promise<void> {
  await page.getByRole('button', { name: 'Folders' }).click();
  await page.getByRole('button', { name: 'Add a folder…' }).click();
  await expect(page.getByRole('listitem', { name })).toBeVisible();
  await expect
    .poll(async () =>
      (await other.ask<readonly { name: string }[]>('folder', 'list')).map((folder) => folder.name),
    )
    .toEqual([name]);
  await other.ask('folder', 'join', name, elsewhere);
}
