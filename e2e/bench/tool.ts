import type { Pair, Roots } from './meter.ts';

/** A program that keeps two folders alike. */
export interface Tool {
  readonly id: string;
  readonly title: string;
  /** Whether it notices changes itself; one that does not is started by hand, at the moment at which the change is made. */
  readonly watches: boolean;
  version(): string;
  /** Starts it on both hosts, whose folders hold the same; resolves when it has found that out. */
  start(pair: Pair): Promise<RunningTool>;
}

export interface RunningTool {
  roots(): Roots;
  /** Of one that is started by hand: carries what near has to far. */
  readonly carry?: () => Promise<void>;
  /** Of one that watches: ends it on the far host. */
  readonly leave?: () => Promise<void>;
  /** Starts it there again; resolves, when both know that they are in step, to the seconds since they were connected. */
  readonly comeBack?: () => Promise<number>;
  stop(): Promise<void>;
}
