import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const launcher = path.join(root, 'app/cli/lockstep.mjs');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

/** A Node of this system that is too old for the command, so that the launcher has to hand over. */
function olderNode(): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const node = path.join(folder, 'node');
    if (folder.includes('node_modules') || !fs.existsSync(node)) continue;
    const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
      .split('.')
      .map(Number);
    if (major < 24 || (major === 24 && minor < 10)) return node;
  }
  return undefined;
}

const older = olderNode();
const nodes = [process.execPath, ...(older === undefined ? [] : [older])];

/** A device's home that is gone after the test. */
function temporaryHome(): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-home-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Runs the command to its end from a directory that has nothing to do with it. */
function run(node: string, args: readonly string[], more: readonly (number | 'ignore')[] = []) {
  const child = spawn(node, [launcher, ...args], {
    cwd: os.tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe', ...more],
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>(
    (resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
}

/** Starts a device and resolves when it says that it is ready. */
async function startDevice(node: string): Promise<ChildProcess> {
  const args = [launcher, 'start', '--home', temporaryHome(), '--no-discovery', '--key', 'plain'];
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready')) resolve();
    });
    child.on('exit', (code) => reject(new Error(`the device ended with ${code} before it was ready`)));
  });
  return child;
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
}

/** State and parent of a process, as Linux tells them; undefined when there is none of that id. */
function processFacts(pid: number): { state: string; parent: number } | undefined {
  try {
    const [state = '', parent = ''] = fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number | undefined): number[] {
  const pids = fs.readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((each) => processFacts(each)?.parent === pid);
}

/** Whether a process still runs; one that has ended and only waits to be fetched by its parent does not. */
function isRunning(pid: number): boolean {
  const state = processFacts(pid)?.state;
  return state !== undefined && state !== 'Z';
}

test.each(nodes)('%s prints the version and the device', async (node) => {
  expect(await run(node, ['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  const id = await run(node, ['id', '--json', '--home', temporaryHome()]);
  expect(id).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(id.stdout)).toHaveProperty('deviceKey');
});

test.each(nodes)('%s passes a usage error on', async (node) => {
  expect(await run(node, ['no-such-command'])).toMatchObject({ code: 2, stdout: '' });
});

test.each(nodes)('%s passes on the descriptor with the passphrase', async (node) => {
  const home = temporaryHome();
  const file = path.join(home, 'words');
  const start = ['start', '--home', home, '--no-discovery', '--listen', 'nowhere', '--key', 'passphrase'];
  for (const [text, option] of [
    ['short', ['--passphrase-fd', '5']],
    ['four words nobody guesses', ['--passphrase-fd=5']],
  ] as const) {
    fs.writeFileSync(file, text);
    const descriptor = fs.openSync(file, 'r');
    const { code, stderr } = await run(node, [...start, ...option], ['ignore', 'ignore', descriptor]);
    fs.closeSync(descriptor);
    // The key is kept, and then the place to listen is no place.
    expect({ code, tells: /at least 8/.test(stderr) }).toEqual(
      text === 'short' ? { code: 1, tells: true } : { code: 2, tells: false },
    );
  }
  const id = await run(node, ['id', '--json', '--home', home]);
  expect(JSON.parse(id.stdout)).toMatchObject({ keyStorage: 'passphrase' });
});

test.each(nodes)('%s ends a device in order on SIGTERM and SIGINT', async (node) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const device = await startDevice(node);
    const end = ended(device);
    device.kill(signal);
    expect(await end).toEqual({ code: 0, signal: null });
  }
});

test.skipIf(older === undefined || process.platform !== 'linux')(
  'a launcher that is killed takes its device with it',
  async () => {
    const device = await startDevice(older as string);
    const [started, ...others] = childrenOf(device.pid);
    expect(others).toEqual([]);
    if (started === undefined) throw new Error('the launcher has no child');
    device.kill('SIGKILL');
    await expect.poll(() => isRunning(started), { timeout: 10_000 }).toBe(false);
  },
);

test.skipIf(older === undefined)('without the installed Node the launcher says what to do', async () => {
  const elsewhere = temporaryHome();
  const copy = path.join(elsewhere, 'app/cli/lockstep.mjs');
  fs.mkdirSync(path.dirname(copy), { recursive: true });
  fs.copyFileSync(launcher, copy);
  const child = spawn(older as string, [copy, 'id'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  expect(await ended(child)).toMatchObject({ code: 1 });
  expect(said).toContain(`Run \`npm install\` in ${elsewhere}`);
});
