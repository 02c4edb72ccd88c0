import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  collect,
  type DeviceSetup,
  type RunningDevice,
  runCommand,
  spawnCommand,
  startDevice,
  waitUntil,
} from '../harness/harness.ts';

async function device(setup: Partial<DeviceSetup> = {}): Promise<RunningDevice> {
  const started = await startDevice({ name: 'studio', ...setup });
  onTestFinished(() => started.stop());
  return started;
}

function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-lifecycle-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('the first line says that it is ready, and by then it answers', async () => {
  const { ready, ask, stderr } = await device();
  const { deviceKey, listen } = ready();
  expect(ready()).toMatchObject({ event: 'ready' });
  expect(deviceKey).toMatch(/^([A-Z2-7]{7}-){7}[A-Z2-7]{7}$/);
  expect(listen).toEqual([expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*$/)]);
  expect(await ask('id')).toEqual({
    deviceKey,
    words: expect.stringMatching(/^(\w+ ){5}\w+$/),
    name: 'studio',
    keyStorage: 'plain',
  });
  expect(stderr()).toMatch(/^lockstep: .*device\.key.*\n$/);
});

test('for a person the first line is the key', async () => {
  const home = temporaryDirectory();
  const child = spawnCommand(['start', '--home', home, '--no-discovery', '--listen', '/ip4/127.0.0.1/tcp/0']);
  const stdout = collect(child.stdout);
  await waitUntil('two lines', () => stdout().split('\n').length > 2);
  const [first, second] = stdout().split('\n');
  const { stdout: id } = await runCommand(['id', '--home', home, '--json']);
  expect(first).toBe(`ready ${JSON.parse(id).deviceKey}`);
  expect(second).toMatch(/^listening on \/ip4\/127\.0\.0\.1\/tcp\/\d+$/);
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s ends it in order, and it comes back the same',
  async (signal) => {
    const { kill, restart, ready, home } = await device();
    const { deviceKey } = ready();
    expect(await kill(signal)).toEqual({ code: 0, signal: null });
    expect(fs.existsSync(path.join(home, 'control.sock'))).toBe(false);
    await restart();
    expect(ready().deviceKey).toBe(deviceKey);
  },
);

test('a killed device leaves a home that starts again', async () => {
  const { kill, restart, ready, ask } = await device();
  const { deviceKey } = ready();
  expect(await kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  await restart();
  expect(await ask('id')).toMatchObject({ deviceKey });
});

test('the home is for its owner only, and so is what is in it', async () => {
  const { home } = await device({ home: path.join(temporaryDirectory(), 'new', 'home') });
  const mode = (name: string): number => fs.statSync(path.join(home, name)).mode & 0o777;
  expect(mode('.')).toBe(0o700);
  expect(mode('device.key')).toBe(0o600);
  expect(mode('control.sock')).toBe(0o600);
});

test('a home with a long path, a space and letters of the world works', async () => {
  const home = path.join(temporaryDirectory(), `Über uns ${'x'.repeat(60)}`, 'y'.repeat(60));
  const { ask, ready } = await device({ home });
  expect(await ask('id')).toMatchObject({ deviceKey: ready().deviceKey });
});

test('the home may be given by the environment', async () => {
  const home = temporaryDirectory();
  const { stdout } = await runCommand(['id', '--json'], { env: { LOCKSTEP_HOME: home } });
  expect(await runCommand(['id', '--json', '--home', home])).toMatchObject({ stdout });
});

test('`id` tells the same before, while and after the device runs', async () => {
  const home = temporaryDirectory();
  const before = await runCommand(['id', '--home', home, '--json']);
  const { kill, ask, ready } = await device({ home });
  const { deviceKey } = before.json as { deviceKey: string };
  expect(ready().deviceKey).toBe(deviceKey);
  expect(await ask('id')).toMatchObject({ deviceKey });
  await kill('SIGTERM');
  expect((await runCommand(['id', '--home', home, '--json'])).json).toMatchObject({
    deviceKey,
    name: 'studio',
  });
});

test('a path is meant from where the command is typed', async () => {
  const { home, ask } = await device();
  const directory = temporaryDirectory();
  fs.mkdirSync(path.join(directory, 'Work'));
  const added = await runCommand(['folder', 'add', 'Work', '--home', home, '--json'], { cwd: directory });
  expect(added).toMatchObject({ code: 0, json: { folderId: expect.stringMatching(/^[0-9a-f]{32}$/) } });
  expect(await ask('folder', 'list')).toMatchObject([
    { name: 'Work', path: fs.realpathSync(path.join(directory, 'Work')) },
  ]);
});

test('pausing and going on, all or one', async () => {
  const { ask } = await device();
  const directory = temporaryDirectory();
  const { folderId } = await ask<{ folderId: string }>('folder', 'add', directory, '--name', 'Work');
  const { until } = await ask<{ until: string }>('pause', '--for', '2h');
  expect(Math.abs(Date.parse(until) - Date.now() - 7_200_000)).toBeLessThan(60_000);
  expect(await ask('status')).toMatchObject({ state: 'paused', pausedUntil: until });
  expect(await ask('resume')).toEqual({ until: null });
  expect(await ask('pause')).toEqual({ until: null });
  expect(await ask('resume')).toEqual({ until: null });
  expect(await ask('folder', 'pause', 'Work')).toMatchObject({ id: folderId, state: 'paused' });
  expect(await ask('folder', 'resume', folderId)).not.toMatchObject({ state: 'paused' });
  expect(await ask('folder', 'remove', 'Work')).toEqual({});
  expect(await ask('folder', 'list')).toEqual([]);
});

test('`status --watch` and `events` follow line by line until interrupted, which is no failure', async () => {
  const { home, ask } = await device();
  const directory = temporaryDirectory();
  const following = ([['status', '--watch'], ['events']] as const).map((args) => {
    const child = spawnCommand(['--home', home, '--json', ...args]);
    const stdout = collect(child.stdout);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    return {
      child,
      ended,
      lines: () =>
        stdout()
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line)),
    };
  });
  const [watch, events] = following;
  if (watch === undefined || events === undefined) throw new Error('two are followed');
  await waitUntil('the first status', () => watch.lines().length > 0);
  let count = 0;
  await waitUntil('an event', async () => {
    // Following begins at some moment: what happens is repeated until it is seen.
    count += 1;
    await ask('folder', 'add', fs.mkdtempSync(path.join(directory, `${count}-`)));
    return events.lines().length > 0;
  });
  await waitUntil('the folders in the status', () => watch.lines().at(-1).folders.length === count);
  expect(watch.lines()[0]).toMatchObject({ name: 'studio', folders: [] });
  const cursors = events.lines().map(({ cursor }) => cursor as number);
  expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
  for (const { child } of following) child.kill('SIGINT');
  expect(await Promise.all(following.map(({ ended }) => ended))).toEqual([0, 0]);
});

test('those who follow are told when the device goes away', async () => {
  const { home, kill } = await device();
  const child = spawnCommand(['--home', home, 'status', '--watch']);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await waitUntil('the first status', () => stdout().includes('\n'));
  await kill('SIGTERM');
  expect(await ended).toBe(1);
  expect(stderr()).toBe('lockstep: The device was stopped before it could answer. Start it and ask again.\n');
});

test('an error that nobody expected is told in one line, logged whole, and ends the device in order', async () => {
  const fault = 'process.on("SIGUSR2", () => { throw new Error("boom"); });';
  const { kill, stderr, home, restart } = await device({
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` },
  });
  expect(await kill('SIGUSR2')).toEqual({ code: 1, signal: null });
  const [, ...lines] = stderr().trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(
      /^lockstep: the device met an error that nobody expected, and ends; .*\.log says more .*boom/,
    ),
  ]);
  expect(fs.readFileSync(path.join(home, 'logs', 'lockstep.log'), 'utf8')).toMatch(/"stack":"Error: boom/);
  await restart();
});

test('output may be cut off by its reader', async () => {
  const { home } = await device();
  const child = spawnCommand(['--home', home, 'status', '--watch']);
  const stderr = collect(child.stderr);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdout?.once('data', () => child.stdout?.destroy());
  for (const name of ['a', 'b', 'c'])
    await runCommand([
      '--home',
      home,
      'folder',
      'add',
      fs.mkdtempSync(path.join(temporaryDirectory(), name)),
    ]);
  expect(await ended).toBe(0);
  expect(stderr()).toBe('');
});
