import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FolderListing } from '../../core/engine/engine.ts';
import { startDevice, waitUntil } from '../harness/harness.ts';
import { inStep, meeting, shareFolder, statusOf, takeFolder } from '../harness/lab-group.ts';

test('a device that may only read a folder says so, keeps its changes, and may be allowed to change it again', async () => {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-readers-'));
  onTestFinished(() => fs.rmSync(top, { recursive: true, force: true }));
  const member = async (name: string) => {
    const folder = path.join(top, name);
    fs.mkdirSync(folder);
    const device = await startDevice({ name });
    onTestFinished(() => device.stop());
    return { device, file: path.join(folder, 'file'), folder };
  };
  const [desk, screen] = [await member('desk'), await member('screen')];
  fs.writeFileSync(desk.file, 'first');
  const folderId = await shareFolder(desk.device, desk.folder, 'Work');
  const { invitation } = await desk.device.ask<{ invitation: string }>(
    'device',
    'invite',
    '--yes',
    '--no-recovery',
  );
  await screen.device.ask('device', 'join', invitation);
  await takeFolder(screen.device, folderId, screen.folder);
  await meeting(desk.device, screen.device);
  await inStep(desk.device, screen.device);

  const nonsense = await desk.device.cli('folder', 'permit', 'Work', 'screen', 'write');
  expect([nonsense.code, nonsense.stderr]).toEqual([2, expect.stringContaining('`change` or `read`')]);
  const permitted = await desk.device.cli('folder', 'permit', 'Work', 'screen', 'read');
  expect([permitted.code, permitted.stdout]).toEqual([0, expect.stringContaining('may only read Work')]);
  const listed = async () => (await screen.device.ask<FolderListing[]>('folder', 'list'))[0];
  await waitUntil('the screen has heard', async () => (await listed())?.mayChange === false);
  expect(await listed()).toMatchObject({ mode: 'receive', readers: [screen.device.ready().deviceKey] });
  expect((await screen.device.cli('folder', 'list')).stdout).toContain('This device may only read Work');
  expect((await desk.device.cli('folder', 'list')).stdout).toContain('Work may only be read by: ');

  fs.writeFileSync(screen.file, 'changed on the screen');
  const problem = await waitUntil(
    'noticed',
    async () => (await statusOf(screen.device)).folders[0]?.problems[0],
  );
  expect(problem).toMatchObject({ path: 'file', kind: 'read-only' });
  expect((await screen.device.cli('status')).stdout).toContain('may only read; the change stays here');
  const refused = await screen.device.cli('folder', 'permit', 'Work', 'screen', 'change');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('does not decide for itself')]);
  expect(fs.readFileSync(desk.file, 'utf8')).toBe('first');

  await desk.device.ask('folder', 'permit', 'Work', 'screen', 'change');
  await waitUntil('told', () => fs.readFileSync(desk.file, 'utf8') === 'changed on the screen');
  await inStep(desk.device, screen.device);
});
