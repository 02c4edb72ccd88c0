// A thread that tries inputs on one decoder. Before each input its number is written where the thread that watches can see it: a decoder that hangs says nothing any more.
import { parentPort, workerData } from 'node:worker_threads';
import { createFuzzInputs, type FuzzCounts, FuzzFault } from './fuzz-inputs.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { watchReservations } from './reservations.ts';

/** What the thread is to do. `place` holds the number of the input under way. */
export interface FuzzTask {
  readonly targets: string;
  readonly name: string;
  readonly seed: number;
  readonly first: number;
  readonly maxInputs: number;
  /** How long, from when the thread is ready. */
  readonly forMs: number;
  readonly kept: readonly string[];
  readonly place: BigInt64Array<SharedArrayBuffer>;
}

/** How it ended. */
export type FuzzAnswer =
  | { readonly kind: 'done'; readonly counts: FuzzCounts }
  | { readonly kind: 'fault'; readonly message: string; readonly input: string };

/** LIMIT: inputs between two looks at the clock. */
const inputsAtATime = 256;

const task = workerData as FuzzTask;
const { fuzzTargets } = (await import(task.targets)) as { readonly fuzzTargets: readonly FuzzTarget[] };
const target = fuzzTargets.find(({ name }) => name === task.name);
if (target === undefined) throw new RangeError(`no decoder ${task.name}`);
const inputs = createFuzzInputs(target, task.seed, watchReservations());

function run(): FuzzAnswer {
  const untilMs = Date.now() + task.forMs;
  try {
    for (const hex of task.kept) inputs.attempt(Buffer.from(hex, 'hex'));
    const end = task.first + task.maxInputs;
    for (let number = task.first; number < end; ) {
      if (Date.now() >= untilMs) break;
      for (const next = Math.min(end, number + inputsAtATime); number < next; number++) {
        Atomics.store(task.place, 0, BigInt(number));
        inputs.attemptNumber(number);
      }
    }
    return { kind: 'done', counts: inputs.counts() };
  } catch (error) {
    if (error instanceof FuzzFault) return { kind: 'fault', message: error.message, input: error.input };
    return {
      kind: 'fault',
      message: error instanceof Error ? (error.stack ?? '') : String(error),
      input: '',
    };
  }
}
parentPort?.postMessage(run());
