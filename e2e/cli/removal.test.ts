import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { DeviceListing, Status } from '../../core/engine/engine.ts';
import { type RunningDevice, runCommand, waitUntil } from '../harness/harness.ts';
import { inStep, type Member, shareAmong, startMembers, tellWhere } from '../harness/lab-group.ts';

/** Three devices that hold one folder; the first founded the group with a recovery code. */
async function three(): Promise<{
  readonly members: readonly [Member, Member, Member];
  readonly recoveryCode: string;
}> {
  const members = await startMembers('desk', 'laptop', 'nas');
  const [desk] = members;
  fs.writeFileSync(path.join(desk.folder, 'file'), 'first');
  const { recoveryCode } = await desk.device.ask<{ recoveryCode: string }>('group', 'create');
  await shareAmong(members, 'Work');
  return { members, recoveryCode };
}

const keyOf = ({ device }: Member): string => device.ready().deviceKey;
const sight = async (on: Member, of: Member): Promise<DeviceListing | undefined> =>
  (await on.device.ask<DeviceListing[]>('device', 'list')).find(({ key }) => key === keyOf(of));

/** Runs `recover` with the code on its standard input. */
const recover = async ({ home }: RunningDevice, code: string, ...keep: readonly string[]) => {
  const { code: exit, json } = await runCommand(['--home', home, '--json', 'recover', ...keep], {
    input: `${code}\n`,
  });
  return { exit, json };
};

test('a removed laptop is cut off at once, also by a device that was off; what it did is taken back; the recovery code has the last word', async () => {
  const { members, recoveryCode } = await three();
  const [desk, laptop, nas] = members;
  const since = new Date(Date.now() - 1).toISOString();
  fs.writeFileSync(path.join(laptop.folder, 'file'), 'ruined');
  await waitUntil('ruined everywhere', () =>
    [desk, nas].every(({ folder }) => fs.readFileSync(path.join(folder, 'file'), 'utf8') === 'ruined'),
  );
  await inStep(...members.map(({ device }) => device));
  await nas.device.kill('SIGTERM');

  const unasked = await desk.device.cli('device', 'remove', 'laptop');
  expect({ code: unasked.code, says: unasked.stderr }).toEqual({
    code: 1,
    says: expect.stringContaining('--yes'),
  });
  expect((await sight(desk, laptop))?.state).not.toBe('revoked');
  expect(await desk.device.ask('device', 'changes', 'laptop', '--since', since)).toMatchObject([
    { path: 'file', kind: 'written' },
  ]);
  const removed = await desk.device.ask(
    'device',
    'remove',
    'laptop',
    '--reason',
    'stolen',
    '--undo-since',
    since,
    '--yes',
  );
  expect(removed).toEqual({ revoked: [keyOf(laptop)], addedBy: [], undone: 1, notHeard: [keyOf(nas)] });
  await waitUntil('brought back', () => fs.readFileSync(path.join(desk.folder, 'file'), 'utf8') === 'first');
  fs.writeFileSync(path.join(desk.folder, 'secret'), 's');
  await waitUntil('the laptop knows', async () => (await sight(laptop, laptop))?.active === false, 60_000);
  expect(await laptop.device.ask<Status>('status')).toMatchObject({
    peers: [],
    state: 'attention',
    sentence: expect.stringContaining('removed from the group'),
  });

  await nas.device.restart();
  await tellWhere(desk.device, nas.device);
  await waitUntil('the nas has heard', async () => (await sight(nas, laptop))?.state === 'revoked', 60_000);
  await waitUntil('the nas follows', () => fs.existsSync(path.join(nas.folder, 'secret')), 60_000);
  expect(fs.readFileSync(path.join(nas.folder, 'file'), 'utf8')).toBe('first');
  expect(fs.existsSync(path.join(laptop.folder, 'secret'))).toBe(false);
  expect(fs.readFileSync(path.join(laptop.folder, 'file'), 'utf8')).toBe('ruined');
  await waitUntil(
    'everybody has heard',
    async () => (await sight(desk, laptop))?.notHeard.length === 0,
    60_000,
  );

  expect(await recover(desk.device, 'twelve wrong words')).toMatchObject({ exit: 1 });
  expect(await recover(desk.device, recoveryCode, '--keep', 'desk', 'nas')).toEqual({
    exit: 0,
    json: { epoch: 1, kept: [keyOf(desk), keyOf(nas)].sort(), removed: [] },
  });
});
