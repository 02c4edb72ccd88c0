import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SyncError } from '../../core/model/errors.ts';

/** LIMIT: what fits a socket's address everywhere, its end included: macOS has room for 104 bytes, and cuts or refuses what is longer. */
const maxPathBytes = 100;
const socketName = 'control.sock';

/** Where the machine may be asked for things; given apart so that a test can be another machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Directories for what lives as long as a session, the best first. */
  readonly runtimeDirectories: readonly string[];
}

/** The machine this runs on. */
export function thisMachine(): Machine {
  const { XDG_RUNTIME_DIR } = process.env;
  const runtimeDirectories = [os.tmpdir(), '/tmp'];
  if (XDG_RUNTIME_DIR !== undefined && path.isAbsolute(XDG_RUNTIME_DIR))
    runtimeDirectories.unshift(XDG_RUNTIME_DIR);
  return { platform: process.platform, runtimeDirectories: [...new Set(runtimeDirectories)] };
}

/**
 * Where the device of `home` can listen, the best place first: `control.sock` in it, or, when that is too long for a socket's address, in a
 * directory of its own below a run-time directory. The one who asks tries them all: it may have been started with another environment.
 */
export function controlPaths(home: string, machine: Machine = thisMachine()): readonly string[] {
  const place = realPathOf(home);
  if (machine.platform === 'win32') return [`\\\\.\\pipe\\lockstep-${shortHash(place.toLowerCase())}`];
  const inHome = path.join(place, socketName);
  if (fits(inHome)) return [inHome];
  return machine.runtimeDirectories
    .map((directory) => path.join(directory, `lockstep-${shortHash(place)}`, socketName))
    .filter(fits);
}

/**
 * Makes the directory of a control path, if the home is not it already. Throws SyncError `home-unusable` when somebody else has made it, or
 * could use it: then they could put their own socket there.
 */
export function prepareControlPath(controlPath: string, home: string): void {
  if (process.platform === 'win32') return;
  const directory = path.dirname(controlPath);
  if (directory === realPathOf(home)) return;
  fs.mkdirSync(directory, { mode: 0o700, recursive: true });
  const seen = fs.lstatSync(directory);
  if (!seen.isDirectory() || seen.uid !== process.getuid?.() || (seen.mode & 0o077) !== 0)
    throw new SyncError('home-unusable', { path: directory }, { retry: 'after-user' });
}

/** Removes the directory that {@link prepareControlPath} made, once the socket in it is gone. */
export function dropControlPath(controlPath: string, home: string): void {
  const directory = path.dirname(controlPath);
  if (process.platform === 'win32' || directory === realPathOf(home)) return;
  try {
    fs.rmdirSync(directory);
  } catch {
    // Somebody else has cleaned up, or the next device is there already.
  }
}

/** The same text for the same directory, however it was spelled; a home that does not exist yet is as spelled. */
function realPathOf(home: string): string {
  try {
    return fs.realpathSync.native(home);
  } catch {
    return path.resolve(home);
  }
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= maxPathBytes;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
