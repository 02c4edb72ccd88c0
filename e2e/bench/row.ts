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

/** A file that is new on some hosts of a wide-area row, or what is appended to one that was there, and whom it is to reach. */
export interface News {
  readonly name: string;
  readonly sizeBytes: number;
  /** Hosts by their places. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Several hosts, each behind a slow and lossy link, and work that a published system was measured by. */
export interface WideRow extends RowBase {
  readonly kind: 'wide';
  /** What its authors report. */
  readonly publishedS: number;
  readonly hosts: number;
  /** Hosts on which the program is started only when the work begins; what is new is there by then. */
  readonly arriving: readonly number[];
  /** What all hosts have before, at scale 1. */
  readonly kept: readonly Pick<News, 'name' | 'sizeBytes'>[];
  /** At scale 1. */
  readonly news: readonly News[];
}

export type Row = PairRow | SwarmRow | WideRow;

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
    | { readonly kind: 'reconnect'; readonly after: 'cut' | 'restart' }
    | { readonly kind: 'idle'; readonly seconds: number }
  );
