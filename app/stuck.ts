import { z } from 'zod';
import type { PathProblemKind, Picture, PictureFolder } from './ipc/contract.ts';

/** LIMIT: how long a problem may last before a person is told, and the time between two such news. */
export const stuckMs = 24 * 3_600_000;
/** LIMIT: a problem that is not there for so long is over. A device that has just started has not found all of them again. */
const overMs = 3_600_000;

/** What is as a person wants it, or what they are asked about in another way. */
const expected: ReadonlySet<PathProblemKind> = new Set([
  'special-file',
  'mass-change',
  'local-change',
  'read-only',
  'ignored-change',
  'not-taken',
]);

const stuckPath = z.object({
  folderId: z.string(),
  /** Empty for the whole folder. */
  path: z.string(),
  since: z.number(),
  /** Since when it has not been there; null while it is. */
  goneSince: z.number().nullable(),
  isTold: z.boolean(),
});

/** A path that is not in step, and for how long; times in milliseconds since 1970. */
export type StuckPath = z.infer<typeof stuckPath>;

/** What is remembered of them over restarts. */
export const stuckForm = z.object({ toldAt: z.number(), paths: z.array(stuckPath).readonly() });
export type Stuck = z.infer<typeof stuckForm>;

/** What is not in step by `picture`, each with the time since which it is not, as far as `before` tells. */
export function followStuck(
  before: readonly StuckPath[],
  { folders }: Pick<Picture, 'folders'>,
  now: number,
): readonly StuckPath[] {
  return folders.flatMap((folder) => {
    const known = new Map(
      before.filter(({ folderId }) => folderId === folder.id).map((each) => [each.path, each]),
    );
    const found = new Set(folder.problems.filter(({ kind }) => !expected.has(kind)).map(({ path }) => path));
    const there = [...found].map((path) => {
      const past = known.get(path);
      const isNew = past === undefined || isOver(past, now);
      return {
        folderId: folder.id,
        path,
        since: isNew ? now : Math.min(past.since, now),
        goneSince: null,
        isTold: !isNew && past.isTold,
      };
    });
    const gone = [...known.values()]
      .filter(({ path }) => !found.has(path))
      .map((each) => (isComplete(folder) ? { ...each, goneSince: each.goneSince ?? now } : each));
    return [...there, ...gone.filter((each) => !isOver(each, now))];
  });
}

/** Those that have lasted and are news. */
export function dueStuck(paths: readonly StuckPath[], now: number): readonly StuckPath[] {
  return paths.filter(
    ({ since, goneSince, isTold }) => goneSince === null && !isTold && now - since >= stuckMs,
  );
}

function isOver({ goneSince }: StuckPath, now: number): boolean {
  return goneSince !== null && now - goneSince >= overMs;
}

/** Whether the problems listed are all there are. */
function isComplete({ state, needFiles, pendingLocal, problems, moreProblems }: PictureFolder): boolean {
  if (moreProblems > 0 || problems.some(({ path }) => path === '')) return false;
  const isAtRest = needFiles === 0 && pendingLocal === 0;
  return state === 'attention' || (isAtRest && (state === 'up-to-date' || state === 'syncing'));
}
