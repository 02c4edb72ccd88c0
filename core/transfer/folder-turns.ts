import { abortable, type Clock, throwIfAborted } from '../base/base.ts';
import type { FolderId } from '../model/ids.ts';

/** LIMIT: milliseconds without progress after which a takeover no longer holds up those from other peers. */
const patienceMs = 5000;

/** A right to take a folder over, held while it makes progress. */
export interface FolderTurn {
  progress(): void;
  release(): void;
}

/** Lets one peer at a time be taken over from in each folder, so that several peers do not send the same; shared by all sessions of a device. */
export interface FolderTurns {
  /** Resolves when nobody else takes the folder over, or they make no progress; rejects when `signal` aborts. */
  take(folderId: FolderId, signal: AbortSignal): Promise<FolderTurn>;
}

interface Holder {
  progressAt: number;
  readonly released: Promise<void>;
}

/** Turns for all folders of a device. */
export function createFolderTurns(clock: Clock): FolderTurns {
  const holders = new Map<FolderId, Holder>();
  return {
    async take(folderId, signal) {
      for (;;) {
        throwIfAborted(signal);
        const current = holders.get(folderId);
        if (current === undefined) break;
        const patience = current.progressAt + patienceMs - clock.monotonic();
        if (patience <= 0) break;
        let cancel = (): void => {};
        const impatient = new Promise<void>((resolve) => {
          cancel = clock.after(patience, resolve);
        });
        await abortable(Promise.race([current.released, impatient]), signal).finally(cancel);
      }
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const holder: Holder = { progressAt: clock.monotonic(), released };
      holders.set(folderId, holder);
      return {
        progress() {
          holder.progressAt = clock.monotonic();
        },
        release() {
          if (holders.get(folderId) === holder) holders.delete(folderId);
          release();
        },
      };
    },
  };
}
