// A process that plays and checks membership histories, a stretch of seeds at a time. Signatures are the system's: see quick-signatures.ts.
import './quick-signatures.ts';
import type { HistoryCounts } from './membership-histories.ts';

/** Which histories to check. */
export interface HistoryStretch {
  readonly first: number;
  readonly histories: number;
}

/** What became of them. */
export type HistoryAnswer =
  | { readonly kind: 'kept'; readonly counts: HistoryCounts }
  | { readonly kind: 'broken'; readonly message: string };

const { checkHistories } = await import('./membership-histories.ts');

process.on('message', ({ first, histories }: HistoryStretch) => {
  let answer: HistoryAnswer;
  try {
    answer = { kind: 'kept', counts: checkHistories(first, histories) };
  } catch (error) {
    answer = { kind: 'broken', message: error instanceof Error ? (error.stack ?? '') : String(error) };
  }
  process.send?.(answer);
});
