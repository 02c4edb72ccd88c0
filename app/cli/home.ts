import os from 'node:os';
import path from 'node:path';

/** Where this machine's system keeps what programs must not lose; given apart so that a test can be another machine. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userHome: string;
  readonly workingDirectory: string;
}

/** The machine and the shell this runs in. */
export function theseSurroundings(): Surroundings {
  return {
    platform: process.platform,
    env: process.env,
    userHome: os.homedir(),
    workingDirectory: process.cwd(),
  };
}

/** The device's home as an absolute path: the one that was given, else LOCKSTEP_HOME, else the system's place for data. */
export function homeDirectory(given: string | undefined, around: Surroundings = theseSurroundings()): string {
  const wanted = given ?? around.env.LOCKSTEP_HOME;
  if (wanted !== undefined && wanted !== '') return path.resolve(around.workingDirectory, wanted);
  const { platform, env, userHome } = around;
  if (platform === 'win32')
    return path.join(env.APPDATA ?? path.join(userHome, 'AppData', 'Roaming'), 'Lockstep');
  if (platform === 'darwin') return path.join(userHome, 'Library', 'Application Support', 'Lockstep');
  const { XDG_DATA_HOME } = env;
  // A relative one is to be ignored, says the XDG Base Directory Specification.
  const data =
    XDG_DATA_HOME !== undefined && path.isAbsolute(XDG_DATA_HOME)
      ? XDG_DATA_HOME
      : path.join(userHome, '.local', 'share');
  return path.join(data, 'lockstep');
}
