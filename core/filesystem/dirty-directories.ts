import type { Clock } from '../base/base.ts';
import type { DiskPath } from './file-system.ts';
import type { WatchHint } from './watcher-interface.ts';

/** Hints on their way to a watch's owner. */
export interface DirtyDirectories {
  /** Tells this directory after the delay, once however often it is marked meanwhile. */
  mark(directory: DiskPath): void;
  /** Marks a directory of which the system told something: too many of these at once are taken for lost ones. */
  heard(directory: DiskPath): void;
  /** Tells `lost` after the delay, once however often it is marked meanwhile. */
  markLost(): void;
  /** Tells `incomplete`, at once and once only. */
  markIncomplete(cause: string): void;
  close(): void;
}

/** LIMIT: long enough to take an editor's several steps for one, short enough not to be felt. */
export const coalesceMs = 50;

/**
 * LIMIT: inotify keeps 16,384 events and then drops in silence (Node does not tell). Half as many in one go, while a queue this long can
 * only come from a burst, are taken for a drop; a look too many costs little.
 */
const suspiciousBurst = 8192;

/** Gathers marks and passes them to `hint`, each directory at most once per `delayMs`. */
export function createDirtyDirectories(
  clock: Clock,
  hint: (hint: WatchHint) => void,
  delayMs: number = coalesceMs,
): DirtyDirectories {
  const pending = new Map<DiskPath, () => void>();
  let cancelLost: (() => void) | undefined;
  let cancelWindow: (() => void) | undefined;
  let heardInWindow = 0;
  let toldIncomplete = false;
  let closed = false;

  const markLost = (): void => {
    if (closed) return;
    cancelLost ??= clock.after(delayMs, () => {
      cancelLost = undefined;
      hint({ kind: 'lost' });
    });
  };
  const countHeard = (): void => {
    heardInWindow += 1;
    if (heardInWindow === suspiciousBurst) markLost();
    cancelWindow ??= clock.after(delayMs, () => {
      cancelWindow = undefined;
      heardInWindow = 0;
    });
  };
  const mark = (directory: DiskPath): void => {
    if (closed || pending.has(directory)) return;
    const cancel = clock.after(delayMs, () => {
      pending.delete(directory);
      hint({ kind: 'dirty', directory });
    });
    pending.set(directory, cancel);
  };
  return {
    mark,
    heard(directory) {
      if (closed) return;
      countHeard();
      mark(directory);
    },
    markLost,
    markIncomplete(cause) {
      if (closed || toldIncomplete) return;
      toldIncomplete = true;
      hint({ kind: 'incomplete', cause });
    },
    close() {
      closed = true;
      cancelLost?.();
      cancelWindow?.();
      for (const cancel of pending.values()) cancel();
      pending.clear();
    },
  };
}
