import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startProcess, startShell } from '../host-process.ts';
import type { Tool } from '../tool.ts';
import { listening } from './listening.ts';

const port = 8730;

/** A daemon at the far host and `rsync -a --delete` at the near one: no encryption, no flushing. */
export const rsync: Tool = {
  id: 'rsync',
  title: 'rsync daemon',
  watches: false,
  version: () => execFileSync('rsync', ['--version'], { encoding: 'utf8' }).split(/\s+/)[2] ?? '?',
  async start({ near, far, nearFolder, farFolder }) {
    const config = path.join(far.directory, 'rsyncd.conf');
    fs.writeFileSync(
      config,
      `use chroot = no\nuid = 0\ngid = 0\n[folder]\npath = ${farFolder}\nread only = no\n`,
    );
    const daemon = startProcess(far, [
      'rsync',
      '--daemon',
      '--no-detach',
      `--port=${port}`,
      `--config=${config}`,
    ]);
    const shell = startShell(near);
    await listening(far, port);
    const carry = (): Promise<void> =>
      shell.run(['rsync', '-a', '--delete', `${nearFolder}/`, `rsync://${far.address()}:${port}/folder/`]);
    await carry();
    return {
      roots: () => ({ near: [shell.pid], far: [daemon.pid] }),
      carry,
      async stop() {
        await Promise.all([shell.end(), daemon.end()]);
      },
    };
  },
};
