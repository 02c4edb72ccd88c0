import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ConflictListing } from '../../core/engine/engine.ts';
import { contentOf, type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { admit, comesTo, inStep, meeting, shareFolder, takeFolder, tellWhere } from '../harness/lab-group.ts';

test('a machine brought back from a backup covers nothing it has forgotten, and uses no counter twice', async () => {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-restored-'));
  onTestFinished(() => fs.rmSync(top, { recursive: true, force: true }));
  const at = (...names: string[]): string => path.join(top, ...names);
  const running: RunningDevice[] = [];
  const start = async (name: string): Promise<RunningDevice> => {
    fs.mkdirSync(at(name, 'folder'), { recursive: true });
    const device = await startDevice({ name, home: at(name, 'home') });
    running.push(device);
    onTestFinished(() => device.stop());
    return device;
  };
  const laptop = await start('laptop');
  const desk = await start('desk');
  fs.writeFileSync(at('laptop', 'folder', 'file'), 'first');
  const folderId = await shareFolder(laptop, at('laptop', 'folder'), 'Work');
  await admit(laptop, desk);
  await takeFolder(desk, folderId, at('desk', 'folder'));
  await meeting(laptop, desk);
  await inStep(laptop, desk);
  await laptop.kill('SIGTERM');
  fs.cpSync(at('laptop'), at('backup'), { recursive: true, preserveTimestamps: true });
  await laptop.restart();
  await tellWhere(laptop, desk);
  fs.writeFileSync(at('laptop', 'folder', 'file'), 'second, lost by the laptop');
  fs.writeFileSync(at('laptop', 'folder', 'other'), 'other, lost by the laptop');
  await comesTo(
    'the desk has both',
    () => contentOf(at('desk', 'folder')),
    contentOf(at('laptop', 'folder')),
  );
  await inStep(laptop, desk);
  await laptop.kill('SIGTERM');
  await desk.kill('SIGTERM');

  // The whole machine goes back, its home and its folder, and is used before it meets anybody.
  fs.rmSync(at('laptop'), { recursive: true });
  fs.cpSync(at('backup'), at('laptop'), { recursive: true, preserveTimestamps: true });
  await laptop.restart();
  fs.writeFileSync(at('laptop', 'folder', 'file'), 'third, made on the old copy');
  await waitUntil('the laptop has seen it', async () => {
    const { pendingLocal, state } = (
      await laptop.ask<{ folders: { pendingLocal: number; state: string }[] }>('status')
    ).folders[0] as { pendingLocal: number; state: string };
    return pendingLocal === 0 && state !== 'scanning';
  });
  await desk.restart();
  await tellWhere(laptop, desk);
  await meeting(laptop, desk);
  await waitUntil(
    'the conflict is known to both',
    async () => {
      const lists = await Promise.all(
        [laptop, desk].map((device) => device.ask<ConflictListing[]>('conflict', 'list')),
      );
      return lists.every((list) => list.length === 1 && list[0]?.versions.length === 2);
    },
    60_000,
  );
  await inStep(laptop, desk);
  for (const name of ['laptop', 'desk'])
    expect(fs.readFileSync(at(name, 'folder', 'other'), 'utf8')).toBe('other, lost by the laptop');
  const [conflict] = await desk.ask<ConflictListing[]>('conflict', 'list');
  expect(new Set(conflict?.versions.map(({ size }) => size))).toEqual(
    new Set(['second, lost by the laptop'.length, 'third, made on the old copy'.length]),
  );
});
