import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { type RunningDevice, runCommand, waitUntil } from '../harness/harness.ts';
import type { RunningApp } from './launch-app.ts';

/** The command's way to the device of a running app. */
export async function commandOf(
  app: RunningApp,
): Promise<{ ask<T>(...args: readonly string[]): Promise<T> }> {
  const ask = async <T>(...args: readonly string[]): Promise<T> => {
    const { code, json, stderr } = await runCommand(['--home', app.home, '--json', ...args]);
    if (code !== 0) throw new Error(stderr);
    return json as T;
  };
  await waitUntil('the command reaches the app', async () => (await ask('id')) !== undefined);
  return { ask };
}

/** Tells the app and another device where the other is: without discovery they cannot know. */
export async function tellEachOther(app: RunningApp, other: RunningDevice): Promise<void> {
  const { ask } = await commandOf(app);
  const listed = await ask<readonly { key: string; state: string; addresses: readonly string[] }[]>(
    'device',
    'list',
  );
  const self = listed.find(({ state }) => state === 'self');
  const { deviceKey, listen } = other.ready();
  await ask('device', 'connect', deviceKey, listen[0] ?? '');
  await other.ask('device', 'connect', self?.key ?? '', self?.addresses[0] ?? '');
}

/** Pairs `other` with the app and has both keep the folder `here`, which `other` keeps in `there`. */
export async function keepTogether(
  app: RunningApp,
  other: RunningDevice,
  { here, there }: { readonly here: string; readonly there: string },
): Promise<void> {
  const engine = await commandOf(app);
  const known = await engine.ask<readonly { readonly name: string }[]>('device', 'list');
  if (!known.some(({ name }) => name === other.name)) {
    const { invitation } = await engine.ask<{ invitation: string }>('device', 'invite', '--yes');
    await other.ask('device', 'join', invitation);
  }
  const name = path.basename(here);
  const held = await engine.ask<readonly { readonly name: string }[]>('folder', 'list');
  if (!held.some((folder) => folder.name === name)) {
    await app.willChoose(here);
    await app.page.getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
    await app.page.getByRole('button', { name: 'Add a folder…' }).click();
  }
  await waitUntil('the folder is offered', async () => {
    const offered = await other.ask<readonly { readonly name: string }[]>('folder', 'list');
    return offered.some((folder) => folder.name === name);
  });
  await other.ask('folder', 'join', name, there);
  await inStep(app);
}

/** Resolves when the window says that everything is in step. */
export async function inStep({ page }: RunningApp): Promise<void> {
  await expect(page.getByRole('status', { name: 'Status' })).toHaveText(/^Up to date with/, {
    timeout: 60_000,
  });
}

/** Changes files of a device, which tells of all of it at once: a few that go before the rest are no large change yet. */
export async function changeAtOnce(device: RunningDevice, change: () => void): Promise<void> {
  await device.ask('pause');
  change();
  await device.ask('resume');
}

/** What two devices write at one path while they know nothing of each other. */
export interface Apart {
  readonly path: string;
  readonly here: string | Uint8Array;
  readonly there: string | Uint8Array;
}

/** Stops `other`, writes here, has it start again after it was written to there, and resolves when the window counts `open` conflicts. */
export async function changeApart(
  app: RunningApp,
  other: RunningDevice,
  places: {
    readonly here: string;
    readonly there: string;
    readonly changes: readonly Apart[];
    readonly open: number;
  },
): Promise<void> {
  const engine = await commandOf(app);
  await engine.ask('pause');
  await other.kill('SIGTERM');
  for (const { path: name, here, there } of places.changes) {
    fs.mkdirSync(path.dirname(path.join(places.here, name)), { recursive: true });
    fs.mkdirSync(path.dirname(path.join(places.there, name)), { recursive: true });
    fs.writeFileSync(path.join(places.here, name), here);
    fs.writeFileSync(path.join(places.there, name), there);
  }
  await engine.ask('resume');
  await other.restart();
  await waitUntil(
    'every conflict is known',
    async () => (await engine.ask<readonly unknown[]>('conflict', 'list')).length === places.open,
    60_000,
  );
}
