import { execFileSync } from 'node:child_process';
import { startProcess, startShell } from '../host-process.ts';
import type { Place } from '../meter.ts';
import type { Tool } from '../tool.ts';
import { listening } from './listening.ts';

const port = 8731;

/**
 * `unison -socket` at the far hosts and runs without questions at the near one, with all others at once: no encryption. Where others than the near one have
 * something new, once more, so that it reaches all.
 */
export const unison: Tool = {
  id: 'unison',
  title: 'Unison',
  watches: false,
  version: () => /version (\S+)/.exec(execFileSync('unison', ['-version'], { encoding: 'utf8' }))?.[1] ?? '?',
  async start([near, ...far]) {
    const env = ({ host }: Place): Record<string, string> => ({ UNISON: `${host.directory}/unison` });
    const servers = far.map((place) =>
      startProcess(place.host, ['unison', '-socket', String(port)], env(place)),
    );
    const shell = startShell(near.host, env(near));
    for (const { host } of far) await listening(host, port);
    const options = ['-ui', 'text', '-batch', '-times', '-confirmbigdel=false', '-silent'];
    const run = (): Promise<void> =>
      shell.run(
        ...far.map(({ host, folder }) => [
          'unison',
          near.folder,
          `socket://${host.address()}:${port}/${folder}`,
          ...options,
        ]),
      );
    await run();
    return {
      roots: () => ({ near: [shell.pid], far: servers.map(({ pid }) => pid) }),
      async carry(from) {
        await run();
        if (from.some((at) => at !== 0)) await run();
      },
      async stop() {
        await Promise.all([shell, ...servers].map((process) => process.end()));
      },
    };
  },
};
