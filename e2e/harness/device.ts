import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type CommandPlace, type CommandResult, collect, runCommand, spawnCommand } from './command.ts';
import { withDeadline } from './wait-until.ts';

/** LIMIT: a device on a busy machine is ready, or over, far sooner. */
const startDeadlineMs = 60_000;
const stopDeadlineMs = 20_000;

/** How to start a device for a test. */
export interface DeviceSetup {
  readonly name: string;
  /** Where to listen; any free port of the loopback address if not given. */
  readonly listen?: readonly string[];
  /** Whether it looks for others by itself; false if not given. */
  readonly discovery?: boolean;
  /** A temporary directory, removed by `stop`, if not given. */
  readonly home?: string;
  /** More arguments of `start`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the device, such as `['ip', 'netns', 'exec', 'b']`; must replace itself by it, so that signals reach it. */
  readonly wrap?: readonly string[];
  /** What is run instead of the checkout's command, such as the same in one file. */
  readonly launcher?: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A device that runs as its own process and is spoken to by the command. */
export interface RunningDevice {
  readonly name: string;
  readonly home: string;
  /** As `start --json` printed it; `listen` changes with a restart. */
  readonly ready: () => { readonly deviceKey: string; readonly listen: readonly string[] };
  readonly pid: () => number | undefined;
  /** Runs `lockstep --home HOME ARGS` to its end. */
  cli(...args: readonly string[]): Promise<CommandResult>;
  /** The same with `--json`: resolves to what it printed, rejects when the command fails. */
  ask<T>(...args: readonly string[]): Promise<T>;
  /** Sends a signal and resolves when the device has ended. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
  /** Starts it again in the same home; resolves when it is ready. */
  restart(): Promise<void>;
  /** What it has said on stderr since its last start. */
  stderr(): string;
  /** Ends it, by force if it does not end when asked, and removes a temporary home. Safe to call twice. */
  stop(): Promise<void>;
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Exit>;
  readonly ready: { readonly deviceKey: string; readonly listen: readonly string[] };
  readonly stderr: () => string;
}

/** Starts a device; resolves when it is ready, rejects with what it said when it ends instead. */
export async function startDevice(setup: DeviceSetup): Promise<RunningDevice> {
  const home = setup.home ?? fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-home-'));
  const dropHome = (): void => {
    if (setup.home === undefined) fs.rmSync(home, { recursive: true, force: true });
  };
  const listen = setup.listen ?? ['/ip4/127.0.0.1/tcp/0'];
  const args = [
    'start',
    '--json',
    '--home',
    home,
    '--name',
    setup.name,
    ...listen.flatMap((address) => ['--listen', address]),
    ...(setup.discovery === true ? [] : ['--no-discovery']),
    ...(setup.args ?? []),
  ];
  const place: CommandPlace = {
    ...(setup.env === undefined ? {} : { env: setup.env }),
    ...(setup.wrap === undefined ? {} : { wrap: setup.wrap }),
    ...(setup.launcher === undefined ? {} : { launcher: setup.launcher }),
  };
  const launch = (): Promise<Run> => launchDevice(setup.name, args, place);
  const commandPlace: CommandPlace = {
    ...(setup.env === undefined ? {} : { env: setup.env }),
    ...(setup.launcher === undefined ? {} : { launcher: setup.launcher }),
  };
  const cli = (...rest: readonly string[]): Promise<CommandResult> =>
    runCommand(['--home', home, ...rest], commandPlace);

  let run: Run;
  try {
    run = await launch();
  } catch (error) {
    dropHome();
    throw error;
  }
  return {
    name: setup.name,
    home,
    ready: () => run.ready,
    pid: () => run.child.pid,
    cli,
    async ask<T>(...rest: readonly string[]) {
      const result = await cli('--json', ...rest);
      if (result.code !== 0)
        throw new Error(
          `${setup.name}: lockstep ${rest.join(' ')} ended with ${result.code}: ${result.stderr}`,
        );
      return result.json as T;
    },
    kill(signal) {
      run.child.kill(signal);
      return run.ended;
    },
    async restart() {
      await run.ended;
      run = await launch();
    },
    stderr: () => run.stderr(),
    async stop() {
      run.child.kill('SIGTERM');
      try {
        await withDeadline(`${setup.name} ends`, run.ended, stopDeadlineMs);
      } finally {
        run.child.kill('SIGKILL');
        await run.ended;
        dropHome();
      }
    },
  };
}

async function launchDevice(name: string, args: readonly string[], place: CommandPlace): Promise<Run> {
  const child = spawnCommand(args, place);
  const ended = new Promise<Exit>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const stderr = collect(child.stderr);
  const firstLine = new Promise<string>((resolve, reject) => {
    const stdout = collect(child.stdout, () => {
      const [line, rest] = stdout().split('\n', 2);
      if (line !== undefined && rest !== undefined) resolve(line);
    });
    child.on('error', reject);
    void ended.then(({ code, signal }) =>
      reject(new Error(`${name} ended with ${signal ?? code} before it was ready: ${stderr()}`)),
    );
  });
  try {
    const line = await withDeadline(`${name} is ready`, firstLine, startDeadlineMs);
    const ready = JSON.parse(line);
    // A failed start says so in JSON too, and why on stderr once it has ended.
    if (ready.event !== 'ready') {
      const { code } = await withDeadline(`${name} ends`, ended, stopDeadlineMs);
      throw new Error(`${name} ended with ${code} before it was ready: ${stderr()}`);
    }
    return { child, ended, stderr, ready };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
