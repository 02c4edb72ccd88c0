import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DeviceListing, Status } from '../../core/engine/engine.ts';
import {
  collect,
  type DeviceSetup,
  type KeyringSession,
  launcher,
  type RunningDevice,
  runCommand,
  startDevice,
  startKeyringSession,
  waitUntil,
} from '../harness/harness.ts';
import { admit, meeting } from '../harness/lab-group.ts';

const passphrase = 'four words nobody guesses';

function temporary(name: string): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), `lockstep-${name}-`));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function session(): Promise<KeyringSession> {
  const keyring = await startKeyringSession();
  onTestFinished(() => keyring.stop());
  return keyring;
}

/** Has the passphrase at descriptor 7 of whatever is started. */
function passphraseAt7(text: string): readonly string[] {
  const file = path.join(temporary('passphrase'), 'file');
  fs.writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return ['sh', '-c', `exec "$@" 7<'${file}'`, 'sh'];
}

async function run(setup: Omit<DeviceSetup, 'name'>): Promise<RunningDevice> {
  const device = await startDevice({ name: 'studio', ...setup });
  onTestFinished(() => device.stop());
  return device;
}

/** Starts a device that is to end by itself. */
function refused(home: string, args: readonly string[], place: Parameters<typeof runCommand>[1] = {}) {
  return runCommand(['start', '--json', '--home', home, '--no-discovery', ...args], place);
}

const keyOf = (home: string): Buffer => fs.readFileSync(path.join(home, 'device.key'));
const namesIn = (home: string): readonly string[] => fs.readdirSync(home).filter((name) => /key/.test(name));

test('a passphrase locks the key: the same device with it, refused without, nothing changed', async () => {
  const home = temporary('home');
  const wrap = passphraseAt7(passphrase);
  const args = ['--key', 'passphrase', '--passphrase-fd', '7'];
  const device = await run({ home, args, wrap });
  const { deviceKey } = device.ready();
  expect(await device.ask('id')).toMatchObject({ deviceKey, keyStorage: 'passphrase' });
  expect((await device.ask<Status>('status')).incomplete).toEqual([]);
  expect(device.stderr()).toBe('');
  expect(fs.statSync(path.join(home, 'device.key')).mode & 0o777).toBe(0o600);
  await device.kill('SIGTERM');
  const sealed = keyOf(home);
  // Who it is can be told without it.
  expect((await runCommand(['id', '--json', '--home', home])).json).toMatchObject({
    deviceKey,
    keyStorage: 'passphrase',
  });

  const wrong = await refused(home, ['--passphrase-fd', '7'], { wrap: passphraseAt7('some other words') });
  expect(wrong).toMatchObject({ code: 1, json: { error: { code: 'key-locked', retry: 'after-user' } } });
  expect(wrong.stderr).toMatch(/^lockstep: This is not the passphrase .*\n$/);
  expect(await refused(home, [])).toMatchObject({ code: 1, json: { error: { code: 'not-allowed' } } });
  expect(await refused(home, ['--passphrase-fd', '9'])).toMatchObject({ code: 2 });
  expect(await refused(home, ['--key', 'plain'], { input: 'wrong\n' })).toMatchObject({ code: 1 });
  expect(keyOf(home)).toEqual(sealed);

  await device.restart();
  expect(device.ready().deviceKey).toBe(deviceKey);
  expect(namesIn(home)).toEqual(['device.key']);
});

test('an existing key is moved from place to place and stays the same key', async () => {
  const keyring = await session();
  await keyring.start('unlocked');
  const home = temporary('home');
  const places: readonly { args: readonly string[]; place: string }[] = [
    { args: ['--key', 'plain'], place: 'plain' },
    { args: ['--key', 'passphrase', '--passphrase-fd', '7'], place: 'passphrase' },
    { args: ['--key', 'keyring', '--passphrase-fd', '7'], place: 'keyring' },
    { args: [], place: 'keyring' },
    { args: ['--key', 'passphrase', '--passphrase-fd', '7'], place: 'passphrase' },
    { args: ['--key', 'plain', '--passphrase-fd', '7'], place: 'plain' },
    // What lies there in the open is not moved unasked.
    { args: ['--key', 'auto'], place: 'plain' },
  ];
  const keys = new Set<string>();
  for (const { args, place } of places) {
    const device = await run({ home, args, env: keyring.env, wrap: passphraseAt7(passphrase) });
    keys.add(device.ready().deviceKey);
    expect(await device.ask('id')).toMatchObject({ keyStorage: place });
    expect(device.stderr()).toMatch(place === 'plain' ? /^lockstep: .*device\.key.*\n$/ : /^$/);
    await device.kill('SIGTERM');
    expect(keyOf(home).length === 32).toBe(place === 'plain');
    expect(namesIn(home)).toEqual(['device.key']);
  }
  expect(keys.size).toBe(1);
});

test('left alone, a new key goes to a keyring that works; while that is locked or gone the device does not start, and no new key is made', async () => {
  const keyring = await session();
  await keyring.start('unlocked');
  const home = temporary('home');
  const device = await run({ home, env: keyring.env });
  const { deviceKey } = device.ready();
  expect(await device.ask('id')).toMatchObject({ keyStorage: 'keyring' });
  expect(device.stderr()).toBe('');
  await device.kill('SIGTERM');
  const sealed = keyOf(home);

  await keyring.end();
  const gone = await refused(home, [], { env: keyring.env });
  expect(gone).toMatchObject({ code: 1, json: { error: { code: 'key-locked' } } });
  await keyring.start('locked');
  expect(await refused(home, [], { env: keyring.env })).toMatchObject({
    code: 1,
    json: { error: { code: 'key-locked', message: expect.stringContaining('keyring') } },
  });
  expect(keyOf(home)).toEqual(sealed);
  await keyring.end();
  await keyring.start('unlocked');
  await device.restart();
  expect(device.ready().deviceKey).toBe(deviceKey);

  // A copy of the home is of no use where the keyring is another.
  const elsewhere = await session();
  await elsewhere.start('unlocked');
  const copy = path.join(temporary('copy'), 'home');
  fs.mkdirSync(copy, { mode: 0o700 });
  fs.copyFileSync(path.join(home, 'device.key'), path.join(copy, 'device.key'));
  expect(await refused(copy, [], { env: elsewhere.env })).toMatchObject({
    code: 1,
    json: { error: { code: 'key-locked', message: expect.stringContaining('cannot be unlocked') } },
  });
});

test('left alone where no keyring works, the key is plain, with one warning at every start', async () => {
  const locked = await session();
  await locked.start('locked');
  const device = await run({ env: locked.env });
  expect(await device.ask('id')).toMatchObject({ keyStorage: 'plain' });
  expect(device.stderr()).toMatch(/^lockstep: [^\n]*device\.key[^\n]*\n$/);
  await device.kill('SIGTERM');
  await device.restart();
  expect(device.stderr()).toMatch(/^lockstep: [^\n]*device\.key[^\n]*\n$/);
  const wanted = await refused(temporary('home'), ['--key', 'keyring'], { env: locked.env });
  expect(wanted).toMatchObject({ code: 1, json: { error: { code: 'not-allowed' } } });
  expect(wanted.stderr).toContain('No keyring works here');
});

test('the key stands nowhere but in its file, whatever is logged, and not even there once it is sealed', async () => {
  const home = temporary('home');
  const other = await run({});
  const device = await run({
    home,
    args: ['--key', 'plain'],
    env: { DEBUG: '*' },
  });
  const seed = keyOf(home);
  await admit(other, device);
  await meeting(other, device);
  await device.ask('status');
  await device.kill('SIGTERM');
  const hex = seed.toString('hex');
  const spaced = hex.replace(/..(?!$)/g, '$& ');
  // Texts as programs print bytes, without the space that they are set with.
  const texts = [
    hex,
    seed.toString('base64').slice(0, 40),
    seed.toString('base64url'),
    spaced,
    [...seed].join(','),
  ];
  const holds = (bytes: Buffer): boolean => {
    const printed = bytes.toString('latin1').replace(/,\s+/g, ',');
    return bytes.includes(seed) || texts.some((text) => printed.includes(text));
  };
  const found = (): readonly string[] =>
    fs
      .readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile() && holds(fs.readFileSync(path.join(item.parentPath, item.name))))
      .map(({ name }) => name);
  expect(found()).toEqual(['device.key']);
  expect(holds(Buffer.from(device.stderr()))).toBe(false);
  const sealed = await run({
    home,
    args: ['--key', 'passphrase', '--passphrase-fd', '7'],
    wrap: passphraseAt7(passphrase),
  });
  await sealed.kill('SIGTERM');
  expect(found()).toEqual([]);
  expect(sealed.ready().deviceKey).toBe(device.ready().deviceKey);
});

test('at a terminal the passphrase is typed unseen, a new one twice', async () => {
  const home = temporary('home');
  const type = async (answers: readonly string[]): Promise<{ shown: string; code: number | null }> => {
    const start = `start --home '${home}' --no-discovery --listen /ip4/127.0.0.1/tcp/0 --key passphrase`;
    // In place of the shell: not every shell does so by itself, and Ctrl-C is not meant for it.
    const command = `exec '${process.execPath}' '${launcher}' ${start}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const shown = collect(child.stdout);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    for (const [at, answer] of answers.entries()) {
      await waitUntil('the question', () => shown().split(/(?:device|more): /).length > at + 1);
      child.stdin.write(`${answer}\r`);
    }
    const isOver = Promise.race([
      ended,
      waitUntil('it is ready', () => shown().includes('listening on')).then(() => child.stdin.write('\x03')),
    ]);
    await isOver;
    return { code: await ended, shown: shown() };
  };
  const differs = await type([passphrase, `${passphrase}!`]);
  expect(differs).toMatchObject({ code: 1, shown: expect.stringContaining('not the same') });
  expect(await type(['short', 'short'])).toMatchObject({ code: 1 });
  expect(fs.existsSync(path.join(home, 'device.key'))).toBe(false);
  const made = await type([passphrase, passphrase]);
  expect(made).toMatchObject({ code: 0, shown: expect.stringContaining('ready') });
  const opened = await type([passphrase]);
  expect(opened).toMatchObject({ code: 0, shown: expect.stringContaining('ready') });
  expect(await type(['not the passphrase'])).toMatchObject({ code: 1 });
  // Ctrl-C and Ctrl-D while it is asked for.
  for (const [key, says] of [
    ['\x03', 'lockstep: Interrupted.'],
    ['\x04', 'lockstep: It was not given.'],
  ] as const) {
    const { code, shown } = await type([key]);
    expect(code).toBe(1);
    expect(shown.slice(shown.indexOf('\n') + 1)).toMatch(new RegExp(`^${says}[^\\n]*\\r\\n$`));
  }
  for (const { shown } of [differs, made, opened]) expect(shown).not.toContain(passphrase);
});

test('the other members see how a device keeps its key, also when it is off', async () => {
  const open = await run({ args: ['--key', 'plain'] });
  const sealed = await startDevice({
    name: 'sealed',
    args: ['--key', 'passphrase', '--passphrase-fd', '7'],
    wrap: passphraseAt7(passphrase),
  });
  onTestFinished(() => sealed.stop());
  await admit(open, sealed);
  await meeting(open, sealed);
  const seenBy = async (device: RunningDevice, of: RunningDevice): Promise<string | undefined> => {
    const list = await device.ask<DeviceListing[]>('device', 'list');
    return list.find(({ key }) => key === of.ready().deviceKey)?.keyStorage;
  };
  await waitUntil('each knows', async () => {
    const [there, here] = await Promise.all([seenBy(open, sealed), seenBy(sealed, open)]);
    return there === 'passphrase' && here === 'plain';
  });
  expect(await seenBy(sealed, sealed)).toBe('passphrase');
  expect((await open.cli('device', 'list')).stdout).toMatch(/KEY KEPT[^]*plain file[^]*passphrase/);
  await sealed.kill('SIGTERM');
  await open.kill('SIGTERM');
  await open.restart();
  expect(await seenBy(open, sealed)).toBe('passphrase');
});
