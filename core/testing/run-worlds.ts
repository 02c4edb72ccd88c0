import { openWorldPool, type WorldPool } from './world-pool.ts';

/** Many worlds, as many at once as there are processors. */
export interface WorldsRequest {
  /** The worlds are named `SEED-0`, `SEED-1` and so on. */
  readonly seed: string;
  readonly worlds: number;
  /** Begins no more worlds after the first that fails. */
  readonly stopAtFirst?: boolean;
  /** Names of worlds to leave out. */
  readonly except?: readonly string[];
  /** Told of each world that fails, at once. */
  readonly failed?: (seed: string, message: string) => void;
}

/** What came of them. */
export interface WorldsReport {
  readonly worlds: number;
  readonly acts: number;
  readonly conflicts: number;
  readonly kills: number;
  readonly powerCuts: number;
  /** In the order of their numbers. */
  readonly failed: readonly { readonly seed: string; readonly promise: string; readonly message: string }[];
}

/** Runs worlds and gathers what they broke; never rejects for a broken promise. */
export async function runWorlds(request: WorldsRequest, pool?: WorldPool): Promise<WorldsReport> {
  const { seed, worlds, stopAtFirst = false, except = [], failed: tell } = request;
  const mine = pool ?? openWorldPool();
  const sums = { worlds: 0, acts: 0, conflicts: 0, kills: 0, powerCuts: 0 };
  const failed: { seed: string; promise: string; message: string }[] = [];
  let next = 0;
  const oneAfterAnother = async (): Promise<void> => {
    while (next < worlds && !(stopAtFirst && failed.length > 0)) {
      const name = `${seed}-${next}`;
      next += 1;
      if (except.includes(name)) continue;
      const outcome = await mine.run(name);
      sums.worlds += 1;
      if (outcome.kind === 'broken') {
        const { promise, message } = outcome;
        failed.push({ seed: name, promise, message });
        tell?.(name, message);
        continue;
      }
      sums.acts += outcome.report.acts;
      sums.conflicts += outcome.report.conflicts;
      sums.kills += outcome.report.kills;
      sums.powerCuts += outcome.report.powerCuts;
    }
  };
  await Promise.all(Array.from({ length: mine.size }, oneAfterAnother));
  if (pool === undefined) mine.close();
  return { ...sums, failed: failed.toSorted((a, b) => numberOf(a.seed) - numberOf(b.seed)) };
}

function numberOf(seed: string): number {
  return Number(seed.slice(seed.lastIndexOf('-') + 1));
}

/** A report in one line. */
export function sayWorlds({ worlds, acts, conflicts, kills, powerCuts, failed }: WorldsReport): string {
  const lost = failed.filter(
    ({ promise }) => promise === 'NoLostWrite' || promise === 'NoUnaskedDeletion',
  ).length;
  const sums = `${worlds} worlds, ${acts} acts, ${conflicts} conflicts, ${kills} kills, ${powerCuts} power cuts`;
  return `${sums}, lost: ${lost}${failed.length > 0 ? `, FAILED: ${failed.map(({ seed }) => seed).join(' ')}` : ''}`;
}
