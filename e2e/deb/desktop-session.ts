import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { waitUntil } from '../harness/wait-until.ts';
import type { BareDebian } from './bare-debian.ts';

/** A program that a user has started. */
export interface StartedProgram {
  /** All it has said so far. */
  said(): string;
  /** Settles as `promise` does, or rejects when the program ends before that. */
  during<T>(promise: Promise<T>): Promise<T>;
  /** Asks it to end; resolves to its exit code, or the signal that ended it. */
  end(): Promise<number | NodeJS.Signals | null>;
}

/** The session of the user `tester`: its screen and its bus are this machine's, so that the Debian need have nothing of them. */
export interface DesktopSession {
  /** Starts a program that knows of nothing but its user and this session. */
  start(program: string, ...args: readonly string[]): StartedProgram;
  close(): void;
}

/** A bus for one user, on which nothing is started by being asked for. */
const busConfig = (socket: string): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Opens the session; `place` keeps what it needs. */
export async function openSession(debian: BareDebian, place: string): Promise<DesktopSession> {
  const { screen, display } = await startScreen(debian);
  const bus = await startBus(debian, place);
  const environment = [
    'HOME=/home/tester',
    'USER=tester',
    'PATH=/usr/bin:/bin',
    `DISPLAY=${display}`,
    'DBUS_SESSION_BUS_ADDRESS=unix:path=/tmp/bus',
  ];
  const asTester = ['--userspec=tester:tester', debian.root, 'env', '-i', '-C', '/home/tester'];
  return {
    start: (program, ...args) =>
      watchProgram(
        spawn('chroot', [...asTester, ...environment, program, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ),
    close() {
      bus.kill();
      screen.kill();
    },
  };
}

async function startScreen(debian: BareDebian): Promise<{ screen: ChildProcess; display: string }> {
  // The Debian's /tmp is the server's: its socket and its lock are in no other.
  const command = 'mount --bind "$0" /tmp && exec Xvfb -displayfd 1 -screen 0 1280x800x24';
  const screen = spawn('unshare', ['--mount', 'sh', '-c', command, debian.at('tmp')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let number = '';
  screen.stdout.setEncoding('utf8').on('data', (text: string) => {
    number += text;
  });
  await waitUntil('the screen is there', () => number.endsWith('\n'));
  return { screen, display: `:${number.trim()}` };
}

async function startBus(debian: BareDebian, place: string): Promise<ChildProcess> {
  const [uid = '', gid = ''] = ['-u', '-g'].map((which) => debian.run('id', which, 'tester').trim());
  const socket = debian.at('tmp/bus');
  const config = path.join(place, 'bus.conf');
  fs.writeFileSync(config, busConfig(socket));
  // The bus runs as the user it is for, and comes by here.
  fs.chmodSync(place, 0o755);
  const asTester = ['--reuid', uid, '--regid', gid, '--clear-groups'];
  const bus = spawn('setpriv', [...asTester, 'dbus-daemon', `--config-file=${config}`, '--nofork'], {
    stdio: 'inherit',
  });
  await waitUntil('the bus is there', () => fs.existsSync(socket));
  return bus;
}

function watchProgram(child: ChildProcess): StartedProgram {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = once(child, 'close');
  return {
    said: () => said,
    during: (promise) =>
      Promise.race([
        promise,
        ended.then(([code, signal]) => Promise.reject(new Error(`it ended with ${code ?? signal}`))),
      ]),
    async end() {
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      return code ?? signal;
    },
  };
}
