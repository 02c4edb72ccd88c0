import type { Clock } from '../base/base.ts';
import type { FolderIndex, PendingRow } from '../file-index/file-index.ts';
import type { DeviceKey } from '../model/ids.ts';
import { isBelow } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { MassChangeLimits } from '../plan/plan.ts';
import type { Announcement } from '../protocol/protocol.ts';
import type { FolderState } from './folder-state.ts';
import type { LossApprovals } from './loss-approvals.ts';
import { createMassChangeStop, type MassChangeStop } from './mass-change.ts';
import { createStartLosses, type StartLosses } from './start-losses.ts';

/** LIMIT: of the paths below a directory, how many are looked at for one that waits. */
const rowsLookedAt = 100;
/** LIMIT: paths of one author listed as waiting; the counts are of all. */
const maxListed = 1_000;

/** What of a folder waits for a person because much would be lost, in either direction. */
export interface Losses {
  readonly approvals: LossApprovals;
  readonly massChange: MassChangeStop;
  readonly startLosses: StartLosses;
  /** Whether anything waits. */
  isAsking(): boolean;
  /** How many paths of this disk wait for an answer about other devices' changes. */
  waitingPaths(): number;
  /** Whether this very path waits, or what has to go before it does. */
  isWaiting(path: Problem['path']): boolean;
  /** Paths that wait, as problems. */
  problems(): readonly Problem[];
  /** Lets the changes of `author` that wait go ahead, here and on devices that hear of it; inside a transaction. */
  allow(author: DeviceKey): void;
  /** A peer said what was allowed where it is. */
  heard(peer: DeviceKey, announcement: Announcement): void;
}

/** Makes the waiting of one folder. */
export function createLosses(dependencies: {
  readonly index: FolderIndex;
  readonly clock: Clock;
  readonly approvals: LossApprovals;
  readonly state: Pick<FolderState, 'viewAt' | 'reconsider'>;
  limits(): MassChangeLimits;
  changed(): void;
}): Losses {
  const { index, approvals, state } = dependencies;
  const massChange = createMassChangeStop(dependencies);
  const startLosses = createStartLosses(dependencies);

  const pathsOf = (author: DeviceKey) => index.pendingLosses(author, Number.MAX_SAFE_INTEGER);
  const lookAgainAt = (author: DeviceKey): void => {
    for (const { path } of pathsOf(author)) state.reconsider(path);
  };

  return {
    approvals,
    massChange,
    startLosses,
    isAsking: () => massChange.waiting().length > 0 || startLosses.size() > 0,
    waitingPaths: () =>
      massChange.waiting().reduce((sum, { removed, replaced }) => sum + removed + replaced, 0),
    isWaiting(path) {
      const held = ({ loss }: PendingRow): boolean => loss !== undefined && massChange.isStopped(loss.author);
      const row = path === undefined ? undefined : index.pendingAt(path);
      if (row === undefined) return false;
      return (
        held(row) ||
        index.pending(row.path, rowsLookedAt).some((other) => isBelow(other.path, row.path) && held(other))
      );
    },
    problems: () =>
      massChange
        .waiting()
        .flatMap(({ author }) => index.pendingLosses(author, maxListed))
        .map(({ path }): Problem => ({ kind: 'mass-change', path, where: path })),
    allow(author) {
      approvals.allow(pathsOf(author).flatMap(({ path }) => state.viewAt(path).winner ?? []));
      for (const { path } of pathsOf(author)) {
        index.clearPending(path);
        state.reconsider(path);
      }
      massChange.check();
    },
    heard(peer, announcement) {
      const raised = approvals.heard(peer, announcement.approvals);
      if (raised.size === 0) return;
      index.transaction(() => {
        for (const author of raised) lookAgainAt(author);
      });
      massChange.check();
      dependencies.changed();
    },
  };
}
