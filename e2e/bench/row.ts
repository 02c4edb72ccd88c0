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
}

interface PairBase extends RowBase {
  /** Fills a folder before anything is started. */
  base(folder: string, scale: number): void;
}

/** One file among several devices on slow links; a row that only Lockstep does. */
export interface SwarmRow extends RowBase {
  readonly kind: 'swarm';
  /** How fast each device that has the file sends. */
  readonly holdersMbit: readonly number[];
  /** How many devices lack it, and how fast these send. */
  readonly takers: number;
  readonly takersMbit: number;
  /** How fast every device is sent to. */
  readonly downMbit: number;
  sizeBytes(scale: number): number;
  /** Seconds below which these links cannot do it, without any header. */
  limitS(scale: number): number;
}

export type Row = PairRow | SwarmRow;

/** One piece of work for two hosts. `scale` is the share of the full size. */
export type PairRow = PairBase &
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
