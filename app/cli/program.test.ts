import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { runLockstep } from './program.ts';

/** A home in which nothing runs. */
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-home-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Runs the command inside this process. */
async function lockstep(...args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runLockstep(args, { stdout, stderr }, new AbortController().signal);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test.each([
  [[], 'A command is missing.'],
  [['folder'], 'A command is missing.'],
  [['nonsense'], "Unknown command 'nonsense'."],
  [['folder', 'nonsense'], "Unknown command 'nonsense'."],
  [['folder', 'add'], "Missing required argument 'PATH'."],
  [['status', 'too', 'much'], 'Too many arguments'],
  [['status', '--nonsense'], "Unknown option '--nonsense'"],
  [['pause', '--for', '2x'], '`2x` is no span of time.'],
  [['wait', '--timeout', 'soon'], '`soon` is no span of time.'],
  [['start', '--key', 'nonsense'], 'Allowed choices are auto, keyring, passphrase, plain.'],
])('%j is no way to call it', async (args, says) => {
  const { code, stdout, stderr } = await lockstep(...args, '--home', home);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(says);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(fs.readdirSync(home)).toEqual([]);
});

test('global options stand before or after the command', async () => {
  for (const args of [
    ['--home', home, '--json', 'status'],
    ['status', '--json', '--home', home],
    ['--json', 'folder', '--home', home, 'list'],
    ['device', 'list', `--home=${home}`, '--json'],
  ]) {
    const { code, stdout, stderr } = await lockstep(...args);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'not-running',
        message: `No device is running in ${home}.`,
        action: 'Start one with `lockstep start`, or name its home with `--home`.',
        retry: 'after-user',
        path: home,
      },
    });
    expect(stderr).toBe(
      `lockstep: No device is running in ${home}. Start one with \`lockstep start\`, or name its home with \`--home\`.\n`,
    );
  }
});

test('a usage error is told to programs too', async () => {
  const { code, stdout } = await lockstep('--json', 'nonsense');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'bad-argument', retry: 'after-user' } });
});

test('help and version are no failures', async () => {
  const help = await lockstep('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of ['start', 'status', 'wait', 'pause', 'folder', 'device', 'group', 'events', 'id'])
    expect(help.stdout).toMatch(new RegExp(`^ +${command}\\b`, 'm'));
  expect((await lockstep('device', 'invite', '--help')).stdout).toContain('--no-recovery');
  expect(await lockstep('--version')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});
