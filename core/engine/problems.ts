import { compareText } from '../base/base.ts';
import { ancestorsOf, parentOf, type RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';

/** What is wrong with single paths of a folder right now; each goes away by itself when its cause does. */
export interface Problems {
  put(problem: Problem): void;
  clear(path: RelativePath): void;
  /** Forgets all: a full scan is about to find them again. */
  reset(): void;
  /** The problems a fresh listing of a directory (undefined: the top) found, in place of those an earlier one had; `failed` if it could not be listed. */
  replaceIn(directory: RelativePath | undefined, found: readonly Problem[], failed: string | undefined): void;
  /** Whether a directory above `path` could not be listed, or `path` itself not be made out: then nothing proves its absence. */
  isInDoubt(path: RelativePath): boolean;
  /** Directories in which something could not be looked at for a reason that may pass. */
  doubtful(): readonly (RelativePath | undefined)[];
  /** All problems, by where they are. */
  all(): readonly Problem[];
}

/** LIMIT: more problems than this are counted on disk again at the next scan; nobody reads so many. */
const maxProblems = 10_000;

/** An empty set of problems. */
export function createProblems(): Problems {
  const byPath = new Map<string, Problem>();
  const listed = new Map<RelativePath | undefined, readonly Problem[]>();
  const failed = new Map<RelativePath | undefined, Problem>();
  return {
    put(problem) {
      if (byPath.size < maxProblems || byPath.has(problem.where)) byPath.set(problem.where, problem);
    },
    clear: (path) => void byPath.delete(path),
    reset() {
      byPath.clear();
      listed.clear();
      failed.clear();
    },
    replaceIn(directory, found, cause) {
      if (cause === undefined) failed.delete(directory);
      else failed.set(directory, { kind: 'unreadable', path: directory, where: directory ?? '', cause });
      if (found.length > 0) listed.set(directory, found);
      else listed.delete(directory);
    },
    isInDoubt(path) {
      const inListing = listed.get(parentOf(path))?.some((problem) => problem.path === path) ?? false;
      return (
        inListing || failed.has(undefined) || ancestorsOf(path).some((directory) => failed.has(directory))
      );
    },
    doubtful: () => [
      ...failed.keys(),
      ...[...listed].filter(([, found]) => found.some(mayPass)).map(([directory]) => directory),
      ...[...byPath.values()]
        .filter(mayPass)
        .flatMap(({ path }) => (path === undefined ? [] : [parentOf(path)])),
    ],
    all: () =>
      [...byPath.values(), ...failed.values(), ...[...listed.values()].flat()].sort((a, b) =>
        compareText(a.where, b.where),
      ),
  };
}

function mayPass({ kind }: Problem): boolean {
  return kind === 'unreadable' || kind === 'disk-error';
}
