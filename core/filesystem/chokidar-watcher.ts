import { watch } from 'chokidar';
import type { Clock } from '../base/base.ts';
import { isPrivateName } from '../model/path.ts';
import { createDirtyDirectories } from './dirty-directories.ts';
import { nameOfDisk, parentDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { codeOfError } from './node-observe.ts';
import type { Watcher } from './watcher-interface.ts';

/**
 * Watches whole trees through chokidar, for systems that can watch one by one handle. Every event, whatever its kind, only means that
 * the directory it happened in is dirty. `add` and `remove` say nothing new to it.
 */
export function createChokidarWatcher({ clock }: { readonly clock: Clock }): Watcher {
  return {
    open(root, hint) {
      const dirty = createDirtyDirectories(clock, hint);
      const tree = watch(root, {
        ignoreInitial: true,
        followSymlinks: false,
        atomic: false,
        ignored: (path) => isPrivateName(nameOfDisk(path as DiskPath)),
      });
      tree.on('all', (event, path) => {
        const place = path as DiskPath;
        if (place !== root) dirty.heard(parentDisk(place));
        else if (event === 'unlinkDir') dirty.markLost();
        if (event === 'addDir' || event === 'unlinkDir') dirty.mark(place);
      });
      // What changed while it was still finding its way through the tree was not heard.
      tree.on('ready', () => dirty.markLost());
      tree.on('error', (error) => dirty.markIncomplete(codeOfError(error) ?? 'EIO'));
      return {
        add() {},
        remove() {},
        close() {
          dirty.close();
          // The hints have ended; a handle that cannot be closed is the system's to clear away.
          tree.close().catch(() => {});
        },
      };
    },
  };
}
