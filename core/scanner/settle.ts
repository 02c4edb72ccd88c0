import { compareText } from '../base/base.ts';
import type { Observed } from '../model/disk.ts';
import { isSameObserved } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';

/** LIMIT: what a lone change waits: long enough for an editor's write and close, too short to notice. Each further change doubles it. */
const loneWaitMs = 50;
/** LIMIT: how long a file that keeps changing must stay quiet, at most. */
const longestWaitMs = 1_000;
/** LIMIT: when a file that never stays quiet is handed out all the same. */
const overdueMs = 10_000;
/** LIMIT: how long a path's pace is remembered after it was handed out: whoever saves every few seconds saves each time anew. */
const rememberedMs = 2_000;

/** A path that has been quiet long enough, or never is. */
export interface SettledPath {
  readonly path: RelativePath;
  /** The last look; undefined: nothing is there. */
  readonly observed: Observed | undefined;
  /** It never stayed quiet: reading it now gives one whole version only if that falls between two writes, which the read itself tells. */
  readonly overdue: boolean;
}

/**
 * Holds changed paths back until they stay quiet: 50 ms for a lone change, doubling up to 1 s while a path keeps changing, and 10 s at
 * most. What went waits for what came: of a rename both are seen, and where it went is to be known first. Times are milliseconds that never go back.
 */
export interface Settler {
  /**
   * A look found `observed` at `path` (undefined: nothing), which is not what is known of it; `isNew` if nothing is. A look equal to the
   * last one prolongs nothing; another one starts a new, longer wait.
   */
  touched(path: RelativePath, observed: Observed | undefined, atMs: number, isNew?: boolean): void;
  /**
   * Hands out, and lets go of, the paths whose wait is over, longest over first. The caller looks again (reading a file with this look
   * expected is one way): the same look, and the path is settled; another, and it is {@link Settler.touched} once more and waits longer.
   */
  due(atMs: number): SettledPath[];
  /** When {@link Settler.due} next has something to hand out, undefined if nothing waits. */
  nextAt(): number | undefined;
  /** Whether a path waits for longer than a lone change does, because it was seen to change again. */
  isChanging(path: RelativePath): boolean;
}

interface Waiting {
  readonly path: RelativePath;
  readonly observed: Observed | undefined;
  readonly isNew: boolean;
  readonly waitMs: number;
  readonly firstAtMs: number;
  readonly dueAtMs: number;
  readonly overdue: boolean;
}

/** A {@link Settler} with nothing in it. */
export function createSettler(): Settler {
  const waiting = new Map<RelativePath, Waiting>();
  // Time never goes back, so among paths with one wait the order of arrival is the order in which they fall due.
  const queues = new Map<string, Map<RelativePath, Waiting>>();
  let newcomers = 0;
  const remembered = new Map<RelativePath, { readonly waitMs: number; readonly untilMs: number }>();

  const queueOf = ({ observed, overdue, waitMs }: Waiting): string =>
    overdue ? 'overdue' : `${observed === undefined ? 'gone' : 'there'} ${waitMs}`;

  function enqueue(item: Waiting): void {
    const last = waiting.get(item.path);
    if (last !== undefined) dequeue(last);
    waiting.set(item.path, item);
    const key = queueOf(item);
    const queue = queues.get(key) ?? new Map<RelativePath, Waiting>();
    queues.set(key, queue.set(item.path, item));
    if (item.isNew) newcomers += 1;
  }

  function dequeue(item: Waiting): void {
    waiting.delete(item.path);
    queues.get(queueOf(item))?.delete(item.path);
    if (item.isNew) newcomers -= 1;
  }

  /** When this falls due if `left` newcomers are still waiting. */
  const dueAt = ({ observed, overdue, dueAtMs, firstAtMs }: Waiting, left: number): number =>
    observed === undefined && !overdue && left > 0 ? Math.max(dueAtMs, firstAtMs + overdueMs) : dueAtMs;

  function forgetOldPaces(atMs: number): void {
    for (const [path, { untilMs }] of remembered) {
      if (untilMs > atMs) break;
      remembered.delete(path);
    }
  }

  return {
    touched(path, observed, atMs, isNew = false) {
      const last = waiting.get(path);
      if (last !== undefined && isSameLook(last.observed, observed)) return;
      forgetOldPaces(atMs);
      const lastWaitMs = last?.waitMs ?? remembered.get(path)?.waitMs;
      const waitMs = lastWaitMs === undefined ? loneWaitMs : Math.min(longestWaitMs, lastWaitMs * 2);
      const firstAtMs = last?.firstAtMs ?? atMs;
      const overdue = atMs - firstAtMs >= overdueMs;
      const dueAtMs = overdue ? atMs : atMs + waitMs;
      enqueue({ path, observed, isNew, waitMs, firstAtMs, overdue, dueAtMs });
    },
    due(atMs) {
      const over: Waiting[] = [];
      for (const queue of queues.values()) {
        for (const item of queue.values()) {
          if (item.dueAtMs > atMs) break;
          over.push(item);
        }
      }
      const left = newcomers - over.filter(({ isNew }) => isNew).length;
      const due = over.filter((item) => dueAt(item, left) <= atMs);
      due.sort((a, b) => a.dueAtMs - b.dueAtMs || compareText(a.path, b.path));
      forgetOldPaces(atMs);
      for (const item of due) {
        dequeue(item);
        remembered.delete(item.path);
        remembered.set(item.path, { waitMs: item.waitMs, untilMs: atMs + rememberedMs });
      }
      return due.map(({ path, observed, overdue }) => ({ path, observed, overdue }));
    },
    nextAt() {
      let next: number | undefined;
      for (const queue of queues.values()) {
        for (const item of queue.values()) {
          next = Math.min(next ?? Number.POSITIVE_INFINITY, dueAt(item, newcomers));
          if (item.observed !== undefined || newcomers === 0) break;
        }
      }
      return next;
    },
    isChanging: (path) => (waiting.get(path)?.waitMs ?? 0) > loneWaitMs,
  };
}

function isSameLook(a: Observed | undefined, b: Observed | undefined): boolean {
  return a === undefined || b === undefined ? a === b : isSameObserved(a, b);
}
