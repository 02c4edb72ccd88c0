import type { Clock } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { RelativePath } from '../model/path.ts';
import { isMassChange, type MassChangeLimits } from '../plan/plan.ts';
import type { SeenPath } from './write-order.ts';

/** LIMIT: of files of one content, how many are looked at for one that is still there. */
const copiesLookedAt = 64;

/** What a look at the start found gone, of which a person has to say whether the others are to be told. */
export interface MissingFiles {
  readonly files: number;
  /** When that was found, wall milliseconds. */
  readonly since: number;
}

/**
 * Deletions that nobody saw happen: a large part of a folder that is gone when its disk is looked at for the first time since the start or
 * since it came back may as well be a disk that failed. It waits for a person; what is deleted while this device watches is the user's act.
 */
export interface StartLosses {
  /** Given all that such a look found gone or changed in kind: notes what has to wait, if anything. */
  judge(gone: readonly SeenPath[]): void;
  /** Whether nothing may be made of the absence of this path yet. */
  holds(path: RelativePath): boolean;
  /** It is there again. */
  cameBack(path: RelativePath): void;
  waiting(): MissingFiles | undefined;
  /** How many paths wait. */
  size(): number;
  /** Ends the waiting; returns the paths that waited. */
  release(): readonly RelativePath[];
}

/** Nothing waits yet. */
export function createStartLosses(dependencies: {
  readonly index: FolderIndex;
  readonly clock: Clock;
  limits(): MassChangeLimits;
}): StartLosses {
  const { index, clock } = dependencies;
  const held = new Set<RelativePath>();
  let files = 0;
  let since = 0;

  /** A file with bytes, or a symlink, that is not found under another path either. */
  const isMissed = (path: RelativePath): boolean => {
    const row = index.base(path);
    if (row?.status !== 'held' || row.content === undefined || row.content.kind === 'directory') return false;
    if (row.content.kind === 'symlink') return true;
    if (row.content.sizeBytes === 0) return false;
    return !index.pathsHolding(row.content.content, copiesLookedAt).some((other) => !gone.has(other.path));
  };
  let gone: ReadonlySet<RelativePath> = new Set();

  return {
    judge(found) {
      gone = new Set(found.flatMap(({ path, observed }) => (observed === undefined ? [path] : [])));
      const missed = [...gone].filter(isMissed).length;
      if (isMassChange(missed, index.totals().files, dependencies.limits())) {
        for (const path of gone) held.add(path);
        files = missed;
        since = clock.now();
      }
      gone = new Set();
    },
    holds: (path) => held.has(path),
    cameBack: (path) => void held.delete(path),
    waiting: () => (held.size === 0 ? undefined : { files: Math.min(files, held.size), since }),
    size: () => held.size,
    release() {
      const paths = [...held];
      held.clear();
      return paths;
    },
  };
}
