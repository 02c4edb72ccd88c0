import { type BrokenPromise, simulate } from './simulation.ts';

/** Many worlds, one after another. */
export interface WorldsRequest {
  /** The worlds are named `SEED-0`, `SEED-1` and so on. */
  readonly seed: string;
  readonly worlds: number;
  /** Ends at the first world that fails. */
  readonly stopAtFirst?: boolean;
  /** Names of worlds to leave out. */
  readonly except?: readonly string[];
  /** Told of each world that fails, at once. */
  readonly failed?: (seed: string, error: Error) => void;
}

/** What came of them. */
export interface WorldsReport {
  readonly worlds: number;
  readonly acts: number;
  readonly conflicts: number;
  readonly kills: number;
  readonly powerCuts: number;
  readonly failed: readonly { readonly seed: string; readonly promise: string; readonly error: Error }[];
}

/** Runs worlds and gathers what they broke; never throws for a broken promise. */
export async function runWorlds({
  seed,
  worlds,
  stopAtFirst,
  except = [],
  failed: tell,
}: WorldsRequest): Promise<WorldsReport> {
  const sums = { worlds: 0, acts: 0, conflicts: 0, kills: 0, powerCuts: 0 };
  const failed: { seed: string; promise: string; error: Error }[] = [];
  for (let i = 0; i < worlds && !(stopAtFirst === true && failed.length > 0); i++) {
    const name = `${seed}-${i}`;
    if (except.includes(name)) continue;
    sums.worlds += 1;
    try {
      const report = await simulate(name);
      sums.acts += report.acts;
      sums.conflicts += report.conflicts;
      sums.kills += report.kills;
      sums.powerCuts += report.powerCuts;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      failed.push({ seed: name, promise: (error as Partial<BrokenPromise>).promise ?? error.name, error });
      tell?.(name, error);
    }
  }
  return { ...sums, failed };
}

/** A report in one line. */
export function sayWorlds({ worlds, acts, conflicts, kills, powerCuts, failed }: WorldsReport): string {
  const lost = failed.filter(
    ({ promise }) => promise === 'NoLostWrite' || promise === 'NoUnaskedDeletion',
  ).length;
  const sums = `${worlds} worlds, ${acts} acts, ${conflicts} conflicts, ${kills} kills, ${powerCuts} power cuts`;
  return `${sums}, lost: ${lost}${failed.length > 0 ? `, FAILED: ${failed.map(({ seed }) => seed).join(' ')}` : ''}`;
}
