import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type CommandResult,
  type RunningDevice,
  runCommand,
  startDevice,
  treeOf,
} from '../harness/harness.ts';

const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-refusals-'));
const shared = path.join(stage, 'shared');
let device: RunningDevice;

beforeAll(async () => {
  fs.mkdirSync(path.join(shared, 'inner'), { recursive: true });
  fs.mkdirSync(path.join(stage, 'apart'));
  fs.writeFileSync(path.join(shared, 'a.txt'), 'a');
  fs.writeFileSync(path.join(stage, 'file'), 'not a directory');
  device = await startDevice({ name: 'host', home: path.join(stage, 'home') });
  await device.ask('folder', 'add', shared);
  // The first look at it would change the picture by itself.
  await device.ask('wait', '--timeout', '30');
});
afterAll(async () => {
  await device.stop();
  fs.rmSync(stage, { recursive: true, force: true });
});

/** Everything the device says of itself that a refused command must leave as it was. */
async function picture() {
  const [folders, devices, group] = await Promise.all(
    [
      ['folder', 'list'],
      ['device', 'list'],
      ['group', 'show'],
    ].map((args) => device.ask<unknown>(...args)),
  );
  return { folders, devices, group, files: treeOf(shared), settings: settings() };
}

function settings(): string {
  return fs.readFileSync(path.join(device.home, 'settings.json'), 'utf8');
}

/** One sentence, or two when something helps, and nothing of how the program looks inside. */
function expectSentence({ stderr }: CommandResult): void {
  expect(stderr).toMatch(/^lockstep: [A-Z`].*[.]\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|Error:|undefined/);
}

const inStage = (...names: readonly string[]): string => path.join(stage, ...names);

test.each([
  ['a missing directory', ['folder', 'add', inStage('missing')], 1, 'directory-missing'],
  ['a file', ['folder', 'add', inStage('file')], 1, 'not-a-directory'],
  ['the same directory twice', ['folder', 'add', shared], 1, 'already-exists'],
  ['a folder inside another', ['folder', 'add', inStage('shared', 'inner')], 1, 'folder-inside-folder'],
  ['a folder around another', ['folder', 'add', stage], 1, 'folder-inside-folder'],
  ['its own home', ['folder', 'add', inStage('home')], 1, 'home-inside-folder'],
  ['an unknown folder', ['folder', 'join', 'Nonsense', inStage('apart')], 1, 'not-found'],
  ['removing an unknown folder', ['folder', 'remove', '0'.repeat(32)], 1, 'not-found'],
  ['pausing an unknown folder', ['folder', 'pause', 'Nonsense', '--for', '2h'], 1, 'not-found'],
  ['text that is no invitation', ['device', 'join', 'hello'], 1, 'invitation-unreadable'],
  ['an unknown device', ['device', 'rename', 'nobody', 'n'], 1, 'not-found'],
  ['nobody to approve', ['device', 'approve', 'nobody'], 1, 'not-found'],
  ['text that is no key', ['device', 'connect', 'nobody', '/ip4/127.0.0.1/tcp/1'], 2, 'bad-argument'],
  ['waiting for an unknown device', ['wait', '--for', 'nobody', '--timeout', '1'], 1, 'not-found'],
  ['nothing to set', ['folder', 'set', 'shared'], 2, 'bad-argument'],
  ['a share that is none', ['folder', 'set', 'shared', '--mass-change-share', '25%'], 2, 'bad-argument'],
  ['a share of nothing', ['folder', 'set', 'shared', '--mass-change-share', '0'], 2, 'bad-argument'],
  ['half a file', ['folder', 'set', 'shared', '--mass-change-count', '1.5'], 2, 'bad-argument'],
  ['no path', ['folder', 'add'], 2, 'bad-argument'],
  ['a span that is none', ['pause', '--for', 'ever'], 2, 'bad-argument'],
  ['a time that is over', ['pause', '--until', '2020-01-01T00:00Z'], 2, 'bad-argument'],
  ['an unknown command', ['nonsense'], 2, 'bad-argument'],
  ['an unknown option', ['status', '--nonsense'], 2, 'bad-argument'],
] as const)('%s is refused and changes nothing', async (_says, args, code, errorCode) => {
  const before = await picture();
  const plain = await device.cli(...args);
  expect(plain).toMatchObject({ code, signal: null, stdout: '' });
  expectSentence(plain);
  const json = await device.cli(...args, '--json');
  expect(json).toMatchObject({ code, stderr: plain.stderr });
  expect(json.json).toMatchObject({
    error: {
      code: errorCode,
      message: expect.any(String),
      action: expect.any(String),
      retry: expect.stringMatching(/^(never|soon|after-user)$/),
    },
  });
  expect(await picture()).toEqual(before);
});

test('how much another device may take without a question is set for each folder, and goes back to the device’s own', async () => {
  const set = async (...args: readonly string[]): Promise<unknown> =>
    (await device.ask<{ massChange: unknown }>('folder', 'set', 'shared', ...args)).massChange;
  expect(await set('--mass-change-share', '1.0', '--mass-change-count', '7')).toEqual({ share: 1, count: 7 });
  await device.ask('settings', 'set', 'massChange.share', '0.5');
  expect(await set('--mass-change-count', 'default')).toEqual({ share: 1, count: 100 });
  expect(await set('--mass-change-share', 'default')).toEqual({ share: 0.5, count: 100 });
  const plain = await device.cli('folder', 'set', 'shared', '--mass-change-share', '0.3');
  expect(plain).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('more than 30 %') });
  expect((await device.cli('folder', 'set', '--help')).stdout).toMatch(
    /--mass-change-share[\s\S]*1\s+never\s+asks/,
  );
});

test('an invitation of its own, and one that was cut, are told apart', async () => {
  const other = await startDevice({ name: 'inviting' });
  try {
    const { invitation } = await other.ask<{ invitation: string }>('device', 'invite', '--no-recovery');
    expect((await other.cli('device', 'join', invitation)).stderr).toContain('from this very device');
    const cut = await other.cli('device', 'join', invitation.slice(0, -5), '--json');
    expect(cut).toMatchObject({ code: 1, json: { error: { code: 'invitation-unreadable' } } });
    expect(cut.stderr).toContain('cut short or mistyped');
  } finally {
    await other.stop();
  }
});

test('without a device every command but the few that need none ends with 3', async () => {
  const home = inStage('nowhere');
  const commands = [
    ['status'],
    ['wait'],
    ['pause'],
    ['resume'],
    ['events'],
    ['folder', 'list'],
    ['folder', 'add', shared],
    ['device', 'invite'],
    ['group', 'show'],
  ];
  for (const args of commands) {
    const result = await runCommand([...args, '--home', home, '--json']);
    expect(result).toMatchObject({ code: 3, json: { error: { code: 'not-running', path: home } } });
    expectSentence(result);
  }
  expect(fs.existsSync(home)).toBe(false);
});

test('a second start in the same home ends with 3, and the first goes on', async () => {
  const second = await runCommand(['start', '--home', device.home, '--json', '--no-discovery']);
  expect(second).toMatchObject({ code: 3, json: { error: { code: 'home-in-use' } } });
  expectSentence(second);
  expect(await device.ask('id')).toMatchObject({ deviceKey: device.ready().deviceKey });
});

test.each([
  ['text', 'hello'],
  ['a protocol there is not', '/ip4/127.0.0.1/udp/1'],
])('a listen address that is %s is refused', async (_says, address) => {
  const home = inStage('unstarted');
  const result = await runCommand(['start', '--home', home, '--no-discovery', '--json', '--listen', address]);
  expect(result).toMatchObject({ code: 2, json: { error: { code: 'bad-argument' } } });
  expectSentence(result);
});

test('a home that cannot be one is refused', async () => {
  const result = await runCommand(['start', '--home', inStage('file'), '--no-discovery']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expectSentence(result);
  expect(fs.readFileSync(inStage('file'), 'utf8')).toBe('not a directory');
});

test('a key that others may read is not used, and not replaced', async () => {
  const home = inStage('exposed');
  await runCommand(['id', '--home', home]);
  const key = path.join(home, 'device.key');
  const before = fs.readFileSync(key);
  fs.chmodSync(key, 0o644);
  for (const args of [['start', '--no-discovery'], ['id']]) {
    const result = await runCommand([...args, '--home', home]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expectSentence(result);
  }
  expect(fs.readFileSync(key)).toEqual(before);
});
