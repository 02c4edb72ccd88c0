// A process that runs one world after another, as its parent names them. Signatures are made and judged by the system: see quick-signatures.ts.
import './quick-signatures.ts';
import type { BrokenPromise, SimulationReport } from './simulation.ts';

/** What became of one world. */
export type WorldOutcome =
  | { readonly kind: 'kept'; readonly report: SimulationReport }
  | { readonly kind: 'broken'; readonly seed: string; readonly promise: string; readonly message: string };

const { simulate } = await import('./simulation.ts');

let unhandled: unknown;
process.on('unhandledRejection', (reason) => {
  unhandled ??= reason;
});
process.on('message', (seed: string) => void run(seed).then((outcome) => process.send?.(outcome)));

async function run(seed: string): Promise<WorldOutcome> {
  unhandled = undefined;
  try {
    const report = await simulate(seed);
    return unhandled === undefined ? { kind: 'kept', report } : broken(seed, unhandled, 'NoBug');
  } catch (error) {
    return broken(seed, error, (error as Partial<BrokenPromise>).promise ?? (error as Error).name);
  }
}

function broken(seed: string, error: unknown, promise: string): WorldOutcome {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'broken', seed, promise, message };
}
