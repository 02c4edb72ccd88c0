import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type KeyringSession, runCommand, startKeyringSession } from '../harness/harness.ts';
import { expectAccessible } from './accessibility.ts';
import { pressOn } from './keyboard.ts';
import { type AppSetup, launchApp, type RunningApp } from './launch-app.ts';

let keyring: KeyringSession;
let data: string;

test.beforeEach(async () => {
  keyring = await startKeyringSession();
  data = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-app-keys-'));
});
test.afterEach(async () => {
  await keyring.stop();
  fs.rmSync(data, { recursive: true, force: true });
});

/** The app on the session bus of the test, with the system's store that Chromium would take on such a desktop. */
function launch(store: 'basic' | 'gnome-libsecret', more: AppSetup = {}): Promise<RunningApp> {
  const { DBUS_SESSION_BUS_ADDRESS = '' } = keyring.env;
  return launchApp({
    key: 'ask',
    data,
    args: [`--password-store=${store}`],
    env: { DBUS_SESSION_BUS_ADDRESS },
    ...more,
  });
}

const keyFile = (): string => path.join(data, 'home', 'device.key');
const question = 'Where should this device keep its key?';

/** Who the command says the device is, and where its key is. */
async function identity(): Promise<unknown> {
  return (await runCommand(['id', '--json', '--home', path.join(data, 'home')])).json;
}

test('where no store is real, the window asks before a key is made, and takes no for an answer', async () => {
  const app = await launch('basic');
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: question })).toBeVisible();
    await expect(page.getByRole('status', { name: 'Status' })).toHaveText(
      'One question before Lockstep starts.',
    );
    await expectAccessible(page, 'key-question');
    expect(fs.existsSync(keyFile())).toBe(false);
    const again = page.getByRole('button', { name: 'I have a keyring now: try again' });
    await pressOn(again);
    await expect(page.getByRole('heading', { name: question })).toBeVisible();
    expect(fs.existsSync(keyFile())).toBe(false);

    await pressOn(page.getByRole('button', { name: 'Keep the key in a plain file' }));
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    await page.keyboard.press('Control+2');
    await expect(page.getByRole('region', { name: 'This device' })).toContainText('Key not locked');
    await expectAccessible(page, 'key-plain');
    expect(await identity()).toMatchObject({ keyStorage: 'plain' });
    expect(fs.readFileSync(keyFile())).toHaveLength(32);
  } finally {
    await app.close();
  }
  // Answered once and for all.
  const later = await launch('basic');
  try {
    await expect(later.page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  } finally {
    await later.close();
  }
});

test('an answer given while it tries once more is not lost', async () => {
  const app = await launch('basic');
  try {
    const { page } = app;
    await expect(page.getByRole('heading', { name: question })).toBeVisible();
    // Faster than any hand: the engine's process that was refused has not even ended.
    await page.evaluate(() => {
      const buttons = [...document.querySelectorAll('button')];
      for (const name of ['try again', 'in a plain file'])
        buttons.find(({ textContent }) => textContent.includes(name))?.click();
    });
    await expect(page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
  } finally {
    await app.close();
  }
  expect(await identity()).toMatchObject({ keyStorage: 'plain' });
});

test('a keyring that was set up meanwhile takes the key, and the command finds it there', async () => {
  const app = await launch('basic');
  try {
    await expect(app.page.getByRole('heading', { name: question })).toBeVisible();
    await keyring.start('unlocked');
    await app.page.getByRole('button', { name: 'I have a keyring now: try again' }).click();
    await expect(app.page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    await app.page.keyboard.press('Control+2');
    await expect(app.page.getByRole('region', { name: 'This device' })).toContainText(
      'Key locked by a keyring',
    );
  } finally {
    await app.close();
  }
  expect(await identity()).toMatchObject({ keyStorage: 'keyring' });
});

test('a real store of the system takes the key unasked; without it the app says so, and makes no other key', async () => {
  await keyring.start('unlocked');
  const first = await launch('gnome-libsecret');
  try {
    await expect(first.page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    await first.page.keyboard.press('Control+2');
    await expect(first.page.getByRole('region', { name: 'This device' })).toContainText(
      'Key locked by the system',
    );
  } finally {
    await first.close();
  }
  const made = await identity();
  expect(made).toMatchObject({ keyStorage: 'os-store' });
  const sealed = fs.readFileSync(keyFile());

  const again = await launch('gnome-libsecret');
  try {
    await expect(again.page.getByRole('heading', { name: 'No folders yet' })).toBeVisible();
    expect(await identity()).toEqual(made);
  } finally {
    await again.close();
  }

  const elsewhere = await launch('basic');
  try {
    await expect(elsewhere.page.getByRole('heading', { name: 'Lockstep cannot sync.' })).toBeVisible();
    await expect(elsewhere.page.getByRole('main')).toContainText('locked or not there');
    await expect(elsewhere.page.getByRole('heading', { name: question })).toBeHidden();
    // A page that answers what nobody asked.
    await elsewhere.page.evaluate(() => window.shell.ask('keepKeyPlain', undefined));
    await elsewhere.page.getByRole('button', { name: 'Try again' }).click();
    await expect(elsewhere.page.getByRole('main')).toContainText('locked or not there');
  } finally {
    await elsewhere.close();
  }
  const command = await runCommand(['start', '--json', '--home', path.join(data, 'home'), '--no-discovery']);
  expect(command).toMatchObject({ code: 1, json: { error: { code: 'key-locked' } } });
  expect(fs.readFileSync(keyFile())).toEqual(sealed);
});
