import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { collect } from './command.ts';
import { waitUntil } from './wait-until.ts';

/** A session bus of a test's own, with a real keyring daemon on it when one was started. */
export interface KeyringSession {
  /** What makes a program use this session. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts the daemon with its keyring open, as a login does, or still locked with nobody to ask. */
  start(how: 'unlocked' | 'locked'): Promise<void>;
  /** Ends the daemon; what it kept stays on disk. */
  end(): Promise<void>;
  /** Ends everything and removes what was kept. */
  stop(): Promise<void>;
}

/** One bus for everybody and without services that start by themselves. */
const busConfig = (
  directory: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${directory}/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Starts a bus; there is no keyring on it yet. */
export async function startKeyringSession(): Promise<KeyringSession> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-keyring-'));
  fs.chmodSync(directory, 0o700);
  const config = path.join(directory, 'bus.conf');
  fs.writeFileSync(config, busConfig(directory));
  const env = {
    HOME: directory,
    XDG_DATA_HOME: path.join(directory, 'data'),
    XDG_RUNTIME_DIR: directory,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${directory}/bus`,
  };
  const bus = launch('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile'], env);
  let daemon: ReturnType<typeof launch> | undefined;
  const end = async (): Promise<void> => {
    daemon?.child.kill('SIGTERM');
    await daemon?.ended;
    daemon = undefined;
  };
  await waitUntil('the bus listens', () => fs.existsSync(path.join(directory, 'bus')));
  return {
    env,
    async start(how) {
      const unlock = how === 'unlocked' ? ['--unlock'] : [];
      daemon = launch('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...unlock], env);
      daemon.child.stdin?.end(how === 'unlocked' ? 'the password of a login' : '');
      await waitUntil('the keyring daemon is on the bus', () => nameIsTaken(env));
    },
    end,
    async stop() {
      await end();
      bus.child.kill('SIGTERM');
      await bus.ended;
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

function launch(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const stdout = collect(child.stdout);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve, reject) => {
    child.on('close', () => {
      process.off('exit', kill);
      resolve();
    });
    child.on('error', reject);
  });
  return { child, stdout, ended };
}

async function nameIsTaken(env: Readonly<Record<string, string>>): Promise<boolean> {
  const ask = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.freedesktop.secrets',
  ];
  const { stdout, ended } = launch('dbus-send', ask, env);
  await ended;
  return stdout().includes('boolean true');
}
