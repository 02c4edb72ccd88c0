import type { Clock, Log } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import { DiskError, type DiskRoot } from '../filesystem/filesystem.ts';

const fact = 'taken-up-at';

/** Tells the directory this index is about from an older copy of it, such as a backup that was put in its place [EN1]. */
export interface TakingUp {
  /** Whether what lies at the root is as it was before this index last took it up; false where that cannot be told. */
  isOlderCopy(root: DiskRoot): boolean;
  /** Notes in the marker and in the index that the directory is taken up now; a disk that takes no marker is left as it is. */
  takeUp(root: DiskRoot): Promise<void>;
}

/** The taking up of one folder. */
export function createTakingUp({
  index,
  clock,
  log,
}: {
  readonly index: FolderIndex;
  readonly clock: Clock;
  readonly log: Log;
}): TakingUp {
  let known = Number(index.fact(fact) ?? 0);
  return {
    isOlderCopy(root) {
      try {
        const marker = root.readMarker();
        return typeof marker === 'object' && (marker.takenUpAt ?? 0) < known;
      } catch (error) {
        if (error instanceof DiskError) return false;
        throw error;
      }
    },
    async takeUp(root) {
      const marker = root.readMarker();
      if (typeof marker !== 'object') return;
      const takenUpAt = Math.max(clock.now(), known + 1, (marker.takenUpAt ?? 0) + 1);
      try {
        // The marker goes first: one that is ahead of the index is no older copy.
        await root.writeMarker({ ...marker, takenUpAt });
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        log.write('warn', 'the marker could not be written', { error: error.message });
        return;
      }
      known = takenUpAt;
      index.transaction(() => index.setFact(fact, String(takenUpAt)));
    },
  };
}
