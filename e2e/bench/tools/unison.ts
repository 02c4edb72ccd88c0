import { execFileSync } from 'node:child_process';
import { startProcess, startShell } from '../host-process.ts';
import type { Tool } from '../tool.ts';
import { listening } from './listening.ts';

const port = 8731;

/** `unison -socket` at the far host and a run without questions at the near one: no encryption. */
export const unison: Tool = {
  id: 'unison',
  title: 'Unison',
  watches: false,
  version: () => /version (\S+)/.exec(execFileSync('unison', ['-version'], { encoding: 'utf8' }))?.[1] ?? '?',
  async start({ near, far, nearFolder, farFolder }) {
    const env = (directory: string): Record<string, string> => ({ UNISON: `${directory}/unison` });
    const server = startProcess(far, ['unison', '-socket', String(port)], env(far.directory));
    const shell = startShell(near, env(near.directory));
    await listening(far, port);
    const options = ['-ui', 'text', '-batch', '-times', '-confirmbigdel=false', '-silent'];
    const carry = (): Promise<void> =>
      shell.run(['unison', nearFolder, `socket://${far.address()}:${port}/${farFolder}`, ...options]);
    await carry();
    return {
      roots: () => ({ near: [shell.pid], far: [server.pid] }),
      carry,
      async stop() {
        await Promise.all([shell.end(), server.end()]);
      },
    };
  },
};
