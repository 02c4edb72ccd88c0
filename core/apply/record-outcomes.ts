import type { CommitContext } from './commit.ts';
import type { Outcome } from './outcome.ts';

/** Records the rows of what is done, in one transaction with what `record` adds. Where something failed the intent stays: the disk may show either side. */
export function recordOutcomes(
  { index }: CommitContext,
  outcomes: readonly Outcome[],
  record: (outcomes: readonly Outcome[]) => void,
): void {
  index.transaction(() => {
    for (const outcome of outcomes) {
      if (outcome.kind !== 'problem') index.removeIntent(outcome.path);
      if (outcome.kind !== 'done') continue;
      if (outcome.base === undefined) index.removeBase(outcome.path);
      else index.putBase(outcome.base);
    }
    record(outcomes);
  });
}
