import type { Clock } from '../base/base.ts';
import { createChokidarWatcher } from './chokidar-watcher.ts';
import { createNodeWatcher } from './node-watcher.ts';
import type { Watcher } from './watcher-interface.ts';

/** The watcher that suits the system: directory by directory on Linux, whole trees elsewhere; `kind` chooses otherwise. */
export function createWatcher({
  clock,
  platform = process.platform,
  kind = platform === 'linux' ? 'directories' : 'tree',
}: {
  readonly clock: Clock;
  readonly platform?: string;
  readonly kind?: 'directories' | 'tree';
}): Watcher {
  return kind === 'directories' ? createNodeWatcher({ clock }) : createChokidarWatcher({ clock });
}
