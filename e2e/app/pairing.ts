import { expect, type Page } from '@playwright/test';
import type { RunningDevice } from '../harness/harness.ts';

/** Opens the invitation dialog of a new device and passes the recovery words; resolves to the invitation's text. `lookAtWords` sees the words. */
export async function readInvitation(page: Page, lookAtWords?: () => Promise<void>): Promise<string> {
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Invite a device…' }).click();
  const words = page.getByRole('dialog', { name: 'Write down these twelve words' });
  await expect(
    words.getByRole('list', { name: 'The twelve recovery words' }).getByRole('listitem'),
  ).toHaveCount(12);
  await expect(words.getByRole('button', { name: 'Go on' })).toBeDisabled();
  await lookAtWords?.();
  await words.getByText('I have written them down').click();
  await words.getByRole('button', { name: 'Go on' }).click();
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
