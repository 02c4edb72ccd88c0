import type { Place, Roots } from './meter.ts';

/** A program that keeps folders alike. */
export interface Tool {
  readonly id: string;
  readonly title: string;
  /** Whether it notices changes itself; one that does not is started by hand, at the moment at which the change is made. */
  readonly watches: boolean;
  version(): string;
  /** Starts it on these hosts, whose folders hold the same; resolves when it has found that out. */
  start(places: Places): Promise<RunningTool>;
}

/** The near host first; below, hosts are told by their places here. */
export type Places = readonly [Place, ...Place[]];

export interface RunningTool {
  roots(): Roots;
  /** Of one that is started by hand: carries what these hosts have to all others. */
  readonly carry?: (from: readonly number[]) => Promise<void>;
  /** Of one that watches: ends it on these hosts, never on the near one. */
  readonly leave?: (hosts: readonly number[]) => Promise<void>;
  /** Of one that stays connected: resolves when the near host knows that it is not connected to these. */
  readonly parted?: (hosts: readonly number[]) => Promise<void>;
  /** Starts it there again, where it was ended; resolves, when the near host knows that all are in step with it, to the seconds since it was connected to those. */
  readonly comeBack?: (hosts: readonly number[]) => Promise<number>;
  stop(): Promise<void>;
}
