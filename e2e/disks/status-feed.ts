import type { Status } from '../../core/engine/engine.ts';
import { collect, type RunningDevice, spawnCommand } from '../harness/harness.ts';

/** What `lockstep status --watch` has told last of a device: starting the command for every look would take most of the time. */
export interface StatusFeed {
  /** Undefined until it has said anything. */
  last(): Status | undefined;
  close(): void;
}

/** Follows a device until it ends or the feed is closed. */
export function followStatus({ home }: RunningDevice): StatusFeed {
  let last: Status | undefined;
  const child = spawnCommand(['--home', home, '--json', 'status', '--watch']);
  let line = '';
  let seen = 0;
  const all = collect(child.stdout, () => {
    line += all().slice(seen);
    seen = all().length;
    const lines = line.split('\n');
    line = lines.pop() ?? '';
    const newest = lines.at(-1);
    if (newest !== undefined) last = JSON.parse(newest) as Status;
  });
  return { last: () => last, close: () => void child.kill('SIGKILL') };
}
