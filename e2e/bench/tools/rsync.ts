import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type HostProcess, startProcess, startShell } from '../host-process.ts';
import type { Place } from '../meter.ts';
import type { Tool } from '../tool.ts';
import { listening } from './listening.ts';

const port = 8730;

/**
 * A daemon at each host and `rsync -a` at those that have something new, to all others at once, with `--delete` where one host has all of it: no encryption, no
 * flushing.
 */
export const rsync: Tool = {
  id: 'rsync',
  title: 'rsync daemon',
  watches: false,
  version: () => execFileSync('rsync', ['--version'], { encoding: 'utf8' }).split(/\s+/)[2] ?? '?',
  async start(places) {
    const daemons = places.map(startDaemon);
    const shells = places.map(({ host }) => startShell(host));
    for (const { host } of places) await listening(host, port);
    const carry = async (from: readonly number[]): Promise<void> => {
      const options = from.length === 1 ? ['--delete'] : [];
      await Promise.all(
        from.map(async (at) => {
          const others = places.filter((_, other) => other !== at);
          return shells[at]?.run(
            ...others.map(({ host }) => [
              'rsync',
              '-a',
              // What another puts together meanwhile.
              '--exclude=.*',
              ...options,
              `${places[at]?.folder}/`,
              `rsync://${host.address()}:${port}/folder/`,
            ]),
          );
        }),
      );
    };
    await carry([0]);
    const [near, ...far] = places.map((_, at) => [shells[at]?.pid ?? 0, daemons[at]?.pid ?? 0]);
    return {
      roots: () => ({ near: near ?? [], far: far.flat() }),
      carry,
      async stop() {
        await Promise.all([...shells, ...daemons].map((process) => process.end()));
      },
    };
  },
};

function startDaemon({ host, folder }: Place): HostProcess {
  const config = path.join(host.directory, 'rsyncd.conf');
  fs.writeFileSync(config, `use chroot = no\nuid = 0\ngid = 0\n[folder]\npath = ${folder}\nread only = no\n`);
  return startProcess(host, ['rsync', '--daemon', '--no-detach', `--port=${port}`, `--config=${config}`]);
}
