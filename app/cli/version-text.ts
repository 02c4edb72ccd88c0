import type { ActivityItem, HistoryVersion, PathExplanation } from '../../core/engine/engine.ts';

const activities: Readonly<Record<ActivityItem['kind'], string>> = {
  written: 'changed',
  deleted: 'deleted',
  conflict: 'changed on several devices at once',
  resolved: 'a version was chosen',
  kept: 'deleted, but kept since it had been changed elsewhere',
  restored: 'brought back',
  undone: 'taken back',
  allowed: 'a large change was allowed',
  'set-aside': 'changes of a device that had lost the right to make them were set aside',
};

const reasons: Readonly<Record<HistoryVersion['reason'], string>> = {
  replaced: 'replaced',
  deleted: 'deleted',
  conflict: 'beside the one shown',
  fetched: 'fetched',
};

const states: Readonly<Record<PathExplanation['state'], string>> = {
  'in-step': 'in step',
  receiving: 'being received',
  'changed-here': 'changed here',
  conflict: 'in conflict',
  problem: 'not in step',
  'not-kept': 'not kept here',
  absent: 'not there',
  looking: 'being looked at',
  paused: 'paused',
};

/** What happened, in words. */
export const activityText = ({ kind, isNew }: Pick<ActivityItem, 'kind' | 'isNew'>): string =>
  isNew ? 'added' : activities[kind];
/** Why a version is no longer what is shown, in words. */
export const reasonText = (reason: HistoryVersion['reason']): string => reasons[reason];
/** Where a path stands, in words. */
export const pathStateText = (state: PathExplanation['state']): string => states[state];
