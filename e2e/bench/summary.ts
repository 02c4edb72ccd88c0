import type { Measured } from './record.ts';
import type { Run } from './run-row.ts';

/** A figure of several runs. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Summary {
  readonly seconds: Figure;
  /** Of rows with many changes: the time that 95 of 100 of them stay under. */
  readonly p95S?: number;
  readonly wireBytes: Figure;
  /** Of it, what the near host sent; of runs that tell. */
  readonly nearBytes?: number;
  /** Of rows in which the others come on. */
  readonly connectedS?: number;
  readonly processorS: { readonly near: number; readonly far: number };
  readonly peakMiB: { readonly near: number; readonly far: number };
  readonly othersUsed: number;
  /** Of emulated links. */
  readonly frames?: { readonly lost: number; readonly dropped: number };
}

export function summaryOf({ runs }: Measured): Summary {
  const figure = (of: (run: Run) => number): Figure => {
    const all = runs.map(of);
    return { median: median(all), least: Math.min(...all), most: Math.max(...all) };
  };
  const samples = runs.flatMap(({ samplesS }) => samplesS ?? []);
  const frames = runs.flatMap((run) => run.frames ?? []);
  return {
    seconds: figure(({ seconds }) => seconds),
    ...(samples.length === 0 ? {} : { p95S: quantile(samples, 0.95) }),
    wireBytes: figure(({ wireBytes }) => wireBytes),
    ...medianOf('nearBytes', runs),
    ...medianOf('connectedS', runs),
    processorS: {
      near: figure(({ processorS }) => processorS.near).median,
      far: figure(({ processorS }) => processorS.far).median,
    },
    peakMiB: {
      near: figure(({ peakMiB }) => peakMiB.near).median,
      far: figure(({ peakMiB }) => peakMiB.far).median,
    },
    othersUsed: figure(({ othersUsed }) => othersUsed).median,
    ...(frames.length === 0
      ? {}
      : {
          frames: {
            lost: median(frames.map(({ lost }) => lost)),
            dropped: median(frames.map(({ dropped }) => dropped)),
          },
        }),
  };
}

/** The median of a figure that not all runs have. */
function medianOf<Name extends 'nearBytes' | 'connectedS'>(
  name: Name,
  runs: readonly Run[],
): Partial<Record<Name, number>> {
  const all = runs.flatMap((run) => run[name] ?? []);
  return all.length === 0 ? {} : ({ [name]: median(all) } as Record<Name, number>);
}

/** Seconds, with as many digits as mean something. */
export function inSeconds(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  return `${seconds.toFixed(seconds < 20 ? 2 : 0)} s`;
}

export function inBytes(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;
}

export function inTimes(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 0)} ×`;
}

/** The middle of some numbers, or the mean of the middle two; NaN of none. */
export function median(numbers: readonly number[]): number {
  return (quantile(numbers, 0.5, Math.floor) + quantile(numbers, 0.5, Math.ceil)) / 2;
}

/** The number below which a share of them lies. */
export function quantile(
  numbers: readonly number[],
  share: number,
  round: (place: number) => number = Math.ceil,
): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[round((sorted.length - 1) * share)] ?? Number.NaN;
}
