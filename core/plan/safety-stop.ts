import type { Decision } from '../reconcile/reconcile.ts';

/** From how much on a change is asked about before it is made here: both must be exceeded. */
export interface MassChangeLimits {
  /** Of the folder's files; from 1 on nothing is asked. */
  readonly share: number;
  readonly count: number;
}

/**
 * LIMIT: a quarter of what is here is more than people usually delete on purpose; up to a hundred files a person brings back by
 * hand, and asking about less would teach them to say yes.
 */
export const massChangeLimits: MassChangeLimits = { share: 0.25, count: 100 };
/** LIMIT: what a program run amok does lies closer together; what a person does in a working day lies further apart. */
export const massChangeSpanMs = 60_000;

/** What a decision takes from the disk that somebody could miss [PL12]: a file with bytes or a symlink, removed or replaced. */
export function lossOf(decision: Decision): 'removed' | 'replaced' | undefined {
  if (decision.kind !== 'remove' && decision.kind !== 'place' && decision.kind !== 'make-directory')
    return undefined;
  const content = decision.replaces?.content;
  if (content === undefined || content.kind === 'directory') return undefined;
  if (content.kind === 'file' && content.sizeBytes === 0) return undefined;
  return decision.kind === 'remove' ? 'removed' : 'replaced';
}

/** Whether so many losses out of so many files are for a person to allow [PL13]. */
export function isMassChange(lost: number, files: number, { share, count }: MassChangeLimits): boolean {
  return share < 1 && lost > count && lost > files * share;
}

/** How many of these moments, in milliseconds and any order, lie within one span at most [PL13]. */
export function mostWithin(moments: readonly number[], spanMs: number): number {
  const sorted = [...moments].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, moment] of sorted.entries()) {
    while (moment - (sorted[first] as number) > spanMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
