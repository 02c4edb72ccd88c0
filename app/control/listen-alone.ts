import fs from 'node:fs';
import type net from 'node:net';
import { connect } from 'node:net';
import { SyncError } from '../../core/model/errors.ts';
import { prepareControlPath } from './control-path.ts';

/**
 * Makes `server` listen at `path`, mode 0600, in place of a socket at which nobody answers any more. Throws SyncError `home-in-use` where
 * somebody answers, `home-unusable` where the system refuses.
 */
export async function listenAlone(server: net.Server, path: string, home: string): Promise<void> {
  prepareControlPath(path, home);
  try {
    await listen(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw unusable(path, error);
    if (process.platform === 'win32' || (await isAnswered(path)))
      throw new SyncError('home-in-use', { path: home }, { retry: 'after-user' });
    fs.unlinkSync(path);
    await listen(server, path).catch((again: unknown) => {
      throw unusable(path, again);
    });
  }
  if (process.platform !== 'win32') fs.chmodSync(path, 0o600);
}

function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The socket is made with these rights, not given them later.
    const before = process.platform === 'win32' ? undefined : process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      if (before !== undefined) process.umask(before);
    }
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
  });
}

function unusable(path: string, cause: unknown): SyncError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'EIO';
  return new SyncError('home-unusable', { path, code }, { retry: 'after-user', cause });
}
