import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** What starts the `lockstep` command, as a person's shell would. */
export const launcher = path.resolve(import.meta.dirname, '../../app/cli/lockstep.mjs');

/** How a command ended and what it printed. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed; undefined when stdout is not one JSON value. */
  readonly json: unknown;
}

/** Where and how a command runs. */
export interface CommandPlace {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The system's directory for temporary things if not given. */
  readonly cwd?: string;
  /** A command that runs the command, such as `['ip', 'netns', 'exec', 'b']`. */
  readonly wrap?: readonly string[];
  /** What is run instead of the checkout's command, such as the same in one file. */
  readonly launcher?: string;
  /** Written to stdin, which then ends; an empty stdin if not given. `open` leaves it to the caller. */
  readonly input?: string | { readonly kind: 'open' };
}

/** Every process this one has started and not seen end; those are killed when this process ends, however a test went. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `lockstep ARGS`; the caller sees to its end. */
export function spawnCommand(args: readonly string[], place: CommandPlace = {}): ChildProcess {
  const [program, ...before] = place.wrap ?? [];
  const command = program ?? process.execPath;
  const node = program === undefined ? [] : [process.execPath];
  const child = spawn(command, [...before, ...node, place.launcher ?? launcher, ...args], {
    cwd: place.cwd ?? os.tmpdir(),
    // A test's device has no business in the keyring of whoever runs the tests.
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...place.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('close', () => running.delete(child));
  child.on('error', () => running.delete(child));
  // A command that ends before it has read its stdin is no error of the test.
  child.stdin?.on('error', () => {});
  if (typeof place.input !== 'object') child.stdin?.end(place.input ?? '');
  return child;
}

/** Runs `lockstep ARGS` to its end. */
export function runCommand(args: readonly string[], place: CommandPlace = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawnCommand(args, place);
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout: stdout(), stderr: stderr(), json: jsonOf(stdout()) });
    });
  });
}

/** Gathers what a stream says; the returned function tells all of it so far. */
export function collect(stream: NodeJS.ReadableStream | null, onText?: (text: string) => void): () => string {
  let all = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    all += text;
    onText?.(text);
  });
  return () => all;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
