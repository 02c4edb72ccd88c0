import type { Expected } from './far-state.ts';
import type { Pair } from './meter.ts';

/** A change that is ready to be made. */
export interface Change {
  /** Makes it, as nearly at once as the system can. */
  make(): void;
  /** What the far folder shows when it is there. */
  readonly expected: Expected;
}

interface RowBase {
  readonly id: string;
  readonly title: string;
  /** What Lockstep wants to reach, in words. */
  readonly goal: string;
  /** Fills a folder before anything is started. */
  base(folder: string, scale: number): void;
}

/** One piece of work. `scale` is the share of the full size. */
export type Row = RowBase &
  (
    | {
        readonly kind: 'change';
        /** Makes ready what `make` then does, in `stage`, a directory beside the near folder. */
        prepare(pair: Pair, stage: string, scale: number): Change;
      }
    | {
        /** Many changes one after the other on the same pair; the figure is their median. */
        readonly kind: 'changes';
        readonly count: number;
        next(pair: Pair, at: number): Change;
      }
    | { readonly kind: 'reconnect' }
    | { readonly kind: 'idle'; readonly seconds: number }
  );
