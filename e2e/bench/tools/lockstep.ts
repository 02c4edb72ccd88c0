import fs from 'node:fs';
import type { Status } from '../../../core/engine/engine.ts';
import { collect, type RunningDevice, spawnCommand } from '../../harness/harness.ts';
import { admit, inStepWithin, meeting, shareFolder, startOn, takeFolder } from '../../harness/lab-group.ts';
import { launcher } from '../../harness/harness.ts';
import path from 'node:path';
import type { Tool } from '../tool.ts';

/** LIMIT: far beyond what anything takes that is not stuck. */
const readyDeadlineS = 1200;

/** As it comes, with the question about massive changes switched off: it would wait for a person. */
export const lockstep: Tool = {
  id: 'lockstep',
  title: 'Lockstep',
  watches: true,
  version() {
    const manifest = path.resolve(path.dirname(launcher), '../../package.json');
    return JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
  },
  async start({ near, far, nearFolder, farFolder }) {
    const [here, there] = await Promise.all([startOn(near), startOn(far)]);
    const folder = await shareFolder(here, nearFolder, 'bench');
    await admit(here, there);
    await takeFolder(there, folder, farFolder);
    for (const device of [here, there]) await device.ask('settings', 'set', 'massChange.share', '1');
    await meeting(here, there);
    await inStepWithin(readyDeadlineS, here, there);
    const root = (device: RunningDevice): number[] => {
      const pid = device.pid();
      return pid === undefined ? [] : [pid];
    };
    return {
      roots: () => ({ near: root(here), far: root(there) }),
      async leave() {
        await there.kill('SIGTERM');
      },
      async comeBack() {
        const watching = followStatus(here);
        try {
          await there.restart();
          return await watching.inStepAgain(there.ready().deviceKey);
        } finally {
          watching.end();
        }
      },
      async stop() {
        await Promise.allSettled([here.stop(), there.stop()]);
      },
    };
  },
};

/** Reads every status a device tells. */
function followStatus(device: RunningDevice): {
  /** Seconds from being connected with `key` to being in step with it. */
  inStepAgain(key: string): Promise<number>;
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
    inStepAgain: (key) =>
      new Promise((resolve, reject) => {
        child.once('close', () => reject(new Error('the status is told no more')));
        onStatus = ({ peers, folders }) => {
          if (!peers.some((peer) => peer.key === key && peer.state === 'connected')) return;
          connectedAt ??= performance.now();
          if (folders[0]?.holders.some((holder) => holder.key === key && holder.inStep))
            resolve((performance.now() - connectedAt) / 1000);
        };
      }),
    end: () => void child.kill('SIGTERM'),
  };
}
