import fs from 'node:fs';
import path from 'node:path';
import type { Status } from '../../../core/engine/engine.ts';
import { collect, launcher, type RunningDevice, spawnCommand, waitUntil } from '../../harness/harness.ts';
import type { Tool } from '../tool.ts';
import { startGroup } from './lockstep-group.ts';

/** As it comes, with the question about massive changes switched off: it would wait for a person. */
export const lockstep: Tool = {
  id: 'lockstep',
  title: 'Lockstep',
  watches: true,
  version() {
    const manifest = path.resolve(path.dirname(launcher), '../../package.json');
    return JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
  },
  async start(places) {
    const { devices, stop } = await startGroup(places);
    const [near, ...far] = devices;
    const ended = new Set<number>();
    const pids = (of: readonly RunningDevice[]): number[] => of.flatMap((device) => device.pid() ?? []);
    return {
      roots: () => ({ near: pids([near]), far: pids(far) }),
      async leave(hosts) {
        for (const at of hosts) ended.add(at);
        await Promise.all(hosts.map(async (at) => devices[at]?.kill('SIGTERM')));
      },
      async parted(hosts) {
        const keys = hosts.map((at) => devices[at]?.ready().deviceKey);
        await waitUntil('they are parted', async () => {
          const { peers } = await near.ask<Status>('status');
          return peers.every(({ key, state }) => !keys.includes(key) || state !== 'connected');
        });
      },
      async comeBack(hosts) {
        const watching = followStatus(near);
        try {
          await Promise.all(hosts.map(async (at) => ended.delete(at) && devices[at]?.restart()));
          return await watching.inStepAgain(hosts.flatMap((at) => devices[at]?.ready().deviceKey ?? []));
        } finally {
          watching.end();
        }
      },
      stop,
    };
  },
};

/** Reads every status a device tells. */
function followStatus(device: RunningDevice): {
  /** Seconds from being connected with all of these to being in step with them. */
  inStepAgain(keys: readonly string[]): Promise<number>;
  end(): void;
} {
  let connectedAt: number | undefined;
  let onStatus = (_status: Status): void => {};
  let rest = '';
  const child = spawnCommand(['--home', device.home, '--json', 'status', '--watch']);
  collect(child.stdout, (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onStatus(JSON.parse(line));
  });
  return {
    inStepAgain: (keys) =>
      new Promise((resolve, reject) => {
        child.once('close', () => reject(new Error('the status is told no more')));
        onStatus = ({ peers, folders }) => {
          const isConnected = (key: string): boolean =>
            peers.some((peer) => peer.key === key && peer.state === 'connected');
          const isInStep = (key: string): boolean =>
            folders[0]?.holders.some((holder) => holder.key === key && holder.inStep) === true;
          if (!keys.every(isConnected)) return;
          connectedAt ??= performance.now();
          if (keys.every(isInStep)) resolve((performance.now() - connectedAt) / 1000);
        };
      }),
    end: () => void child.kill('SIGTERM'),
  };
}
