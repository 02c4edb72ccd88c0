import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { LabHost } from '../harness/lab.ts';

/** A program that runs on a host until it is ended; what it says goes to a file beside the host's other things. */
export interface HostProcess {
  readonly pid: number;
  /** Everything it has said since its start. */
  said(): string;
  end(): Promise<void>;
}

/** LIMIT: a program that was asked to end and has not after this is killed. */
const endDeadlineMs = 20_000;

export function startProcess(
  host: LabHost,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): HostProcess {
  const [program = '', ...args] = [...host.wrap, ...command];
  const log = path.join(host.directory, `${path.basename(command[0] ?? '')}.log`);
  const out = fs.openSync(log, 'w');
  const child = spawn(program, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
  fs.closeSync(out);
  return {
    pid: pidOf(child),
    said: () => fs.readFileSync(log, 'utf8'),
    end: () => ended(child),
  };
}

/** A shell on a host that runs commands. It lives on, so that what its commands used is counted, and starting one costs no more than in a terminal. */
export interface HostShell {
  readonly pid: number;
  /** Runs these commands at the same time; rejects with what they said when one does not end with 0. */
  run(...commands: readonly (readonly string[])[]): Promise<void>;
  end(): Promise<void>;
}

export function startShell(host: LabHost, env: Readonly<Record<string, string>> = {}): HostShell {
  const [program, ...args] = [...host.wrap, 'sh'];
  const log = path.join(host.directory, 'shell.log');
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('a shell without pipes');
  stdout.setEncoding('utf8');
  return {
    pid: pidOf(child),
    run(...commands) {
      return new Promise((resolve, reject) => {
        stdout.once('data', (text: string) => {
          if (text.trim() === '0') resolve();
          else
            reject(
              new Error(
                `${commands[0]?.[0]} ended with ${text.trim()}: ${fs.readFileSync(log, 'utf8').slice(-2000)}`,
              ),
            );
        });
        const started = commands.map(
          (command, at) => `${command.map(quoted).join(' ')} >>${quoted(log)} 2>&1 & pid${at}=$!`,
        );
        const waited = commands.map((_, at) => `wait $pid${at} || code=$?`);
        stdin.write(`${[`: >${quoted(log)}`, 'code=0', ...started, ...waited].join('; ')}; echo $code\n`);
      });
    },
    end: () => ended(child),
  };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} does not start`);
  return child.pid;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), endDeadlineMs);
  await end;
  clearTimeout(timer);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
