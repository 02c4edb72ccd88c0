import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  collect,
  contentOf,
  type RunningDevice,
  spawnCommand,
  startDevice,
  waitUntil,
} from '../harness/harness.ts';

interface Invited {
  readonly invitation: string;
  readonly expiresInS: number;
  readonly recoveryCode?: string;
}
interface Listed {
  readonly key: string;
  readonly name: string;
  readonly state: string;
  readonly words: string;
}

async function device(name: string): Promise<RunningDevice> {
  const started = await startDevice({ name });
  onTestFinished(() => started.stop());
  return started;
}

function directoryWith(files: Readonly<Record<string, string>>): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-pairing-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), content);
  return directory;
}

/** A `device join` under way. */
function joining(joiner: RunningDevice, invitation: string) {
  const child = spawnCommand(['--home', joiner.home, 'device', 'join', invitation]);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, stdout, stderr, ended };
}

test('an invitation with --yes admits at once, and files go both ways', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  const made = await host.ask<Invited>('device', 'invite', '--yes');
  expect(made.expiresInS).toBeGreaterThan(590);
  expect(made.recoveryCode).toMatch(/^([a-z]+ ){11}[a-z]+$/);
  expect(await joiner.ask('device', 'join', made.invitation)).toEqual({
    deviceKey: joiner.ready().deviceKey,
    group: expect.any(String),
  });
  const [here, there] = [directoryWith({ a: '1' }), directoryWith({ b: '2' })];
  const { folderId } = await host.ask<{ folderId: string }>('folder', 'add', here, '--name', 'Work');
  await waitUntil(
    'the offer',
    async () => (await joiner.ask<readonly unknown[]>('folder', 'list')).length > 0,
  );
  expect(await joiner.ask('folder', 'list')).toMatchObject([
    { id: folderId, name: 'Work', path: null, state: 'offered', offeredBy: [host.ready().deviceKey] },
  ]);
  await joiner.ask('folder', 'join', 'Work', there);
  expect(await joiner.ask('wait', '--for', 'host', '--timeout', '60')).toEqual({ inStep: true });
  expect(await host.ask('wait', '--for', joiner.ready().deviceKey.slice(0, 7), '--timeout', '60')).toEqual({
    inStep: true,
  });
  expect(contentOf(here)).toEqual(contentOf(there));
  expect(Object.keys(contentOf(here))).toEqual(['a', 'b']);
});

test('without --yes a person admits the device, by the beginning of its key', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  const text = await host.cli('device', 'invite', '--no-recovery');
  expect(text.stdout).toContain('lockstep device approve');
  expect(text.stdout).not.toMatch(/recovery/i);
  const [, invitation = ''] = /device join (\S+)/.exec(text.stdout) ?? [];
  const join = joining(joiner, invitation);
  const pending = await waitUntil('somebody asks', async () =>
    (await host.ask<readonly Listed[]>('device', 'list')).find(({ state }) => state === 'pending'),
  );
  expect(pending).toMatchObject({ key: joiner.ready().deviceKey, name: 'joiner' });
  await waitUntil('the joiner is told what it waits for', () =>
    /^Asking to be admitted\..*\n$/.test(join.stderr()),
  );
  expect((await host.cli('device', 'list')).stdout).toContain(`Its words: ${pending.words}`);
  expect(await host.ask('device', 'approve', pending.key.slice(0, 7))).toEqual({});
  expect(await join.ended).toBe(0);
  expect(join.stdout()).toContain('This device now belongs to the group');
  expect(await joiner.ask('group', 'show')).toMatchObject({
    members: expect.arrayContaining([joiner.ready().deviceKey, host.ready().deviceKey]),
    recovery: false,
  });
});

test('an invitation works once, and the recovery code is told once', async () => {
  const [host, joiner, late] = [await device('host'), await device('joiner'), await device('late')];
  const first = await host.cli('device', 'invite', '--yes');
  expect(first.stdout).toMatch(/Recovery code[\s\S]*\n {2}([a-z]+ ){11}[a-z]+\n/);
  const [, invitation = ''] = /device join (\S+)/.exec(first.stdout) ?? [];
  await joiner.ask('device', 'join', invitation);
  const used = await late.cli('device', 'join', invitation, '--json');
  expect(used).toMatchObject({ code: 1, json: { error: { code: expect.stringMatching(/^invitation-/) } } });
  expect(await late.ask('group', 'show')).toMatchObject({ group: null });
  expect(await host.ask<Invited>('device', 'invite', '--yes')).not.toHaveProperty('recoveryCode');
  const again = await joiner.cli(
    'device',
    'join',
    (await host.ask<Invited>('device', 'invite', '--yes')).invitation,
    '--json',
  );
  expect(again).toMatchObject({ code: 1, json: { error: { code: 'already-in-group' } } });
});

test('a join that is interrupted ends at once, joins nothing, and may be tried again', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  const { invitation } = await host.ask<Invited>('device', 'invite');
  const join = joining(joiner, invitation);
  const isPending = async (): Promise<boolean> =>
    (await host.ask<readonly Listed[]>('device', 'list')).some(({ state }) => state === 'pending');
  await waitUntil('somebody asks', isPending);
  join.child.kill('SIGINT');
  expect(await join.ended).toBe(1);
  expect(join.stderr()).toContain('Interrupted.');
  expect(await joiner.ask('group', 'show')).toMatchObject({ group: null });
  await waitUntil('nobody asks any more', async () => !(await isPending()));
  const { invitation: next } = await host.ask<Invited>('device', 'invite', '--yes');
  expect(await joiner.ask('device', 'join', next)).toMatchObject({ deviceKey: joiner.ready().deviceKey });
});

test('waiting ends with 4 when the time runs out', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  await joiner.ask('device', 'join', (await host.ask<Invited>('device', 'invite', '--yes')).invitation);
  await host.ask('folder', 'add', directoryWith({ a: '1' }));
  const waited = await host.cli('wait', '--for', joiner.ready().deviceKey, '--timeout', '1', '--json');
  expect(waited).toMatchObject({ code: 4, json: { error: { code: 'timed-out' } } });
});

test('names are given and shown', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  await joiner.ask('device', 'join', (await host.ask<Invited>('device', 'invite', '--yes')).invitation);
  expect(await host.ask('device', 'rename', 'joiner', 'The other one')).toEqual({});
  const { stdout } = await host.cli('device', 'list');
  expect(stdout).toMatch(/^The other one +connected +/m);
  expect(await host.ask('device', 'rename', host.ready().deviceKey, 'studio')).toEqual({});
  expect(await host.ask('id')).toMatchObject({ name: 'studio' });
});

test('a device that moved is found where a person says', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  await joiner.ask('device', 'join', (await host.ask<Invited>('device', 'invite', '--yes')).invitation);
  const isConnected = async (): Promise<boolean> =>
    (await joiner.ask<readonly Listed[]>('device', 'list')).some(
      ({ name, state }) => name === 'host' && state === 'connected',
    );
  await waitUntil('the two meet', isConnected);
  await host.kill('SIGTERM');
  await waitUntil('the host is missed', async () => !(await isConnected()));
  await host.restart();
  const [address = ''] = host.ready().listen;
  expect(await joiner.ask('device', 'connect', host.ready().deviceKey, address)).toEqual({});
  await waitUntil('they meet again', isConnected);
});

test('a device that left its group keeps its files', async () => {
  const [host, joiner] = [await device('host'), await device('joiner')];
  await joiner.ask('device', 'join', (await host.ask<Invited>('device', 'invite', '--yes')).invitation);
  const [here, there] = [directoryWith({ a: '1' }), directoryWith({})];
  const { folderId } = await host.ask<{ folderId: string }>('folder', 'add', here);
  await waitUntil(
    'the offer',
    async () => (await joiner.ask<readonly unknown[]>('folder', 'list')).length > 0,
  );
  await joiner.ask('folder', 'join', folderId, there);
  await joiner.ask('wait', '--for', 'host', '--timeout', '60');
  expect(await joiner.ask('group', 'leave')).toEqual({});
  expect(await joiner.ask('group', 'show')).toMatchObject({ group: null });
  expect(contentOf(there)).toEqual(contentOf(here));
});
