// A process that tries inputs on one decoder. Before each input its number is written where the process that watches can see it: a decoder that hangs says nothing any more.
import { createFuzzInputs, type FuzzCounts, FuzzFault } from './fuzz-inputs.ts';
import { createPlace } from './fuzz-place.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { watchReservations } from './reservations.ts';

/** What the process is to do. `place` is the file for the number of the input under way. */
export interface FuzzTask {
  readonly targets: string;
  readonly name: string;
  readonly seed: number;
  readonly first: number;
  readonly maxInputs: number;
  /** How long, from when the process is ready. */
  readonly forMs: number;
  readonly kept: readonly string[];
  readonly place: string;
}

/** How it ended. */
export type FuzzAnswer =
  | { readonly kind: 'done'; readonly counts: FuzzCounts }
  | { readonly kind: 'fault'; readonly message: string; readonly input: string };

/** LIMIT: inputs between two looks at the clock. */
const inputsAtATime = 256;

async function run(task: FuzzTask): Promise<FuzzAnswer> {
  const { fuzzTargets } = (await import(task.targets)) as { readonly fuzzTargets: readonly FuzzTarget[] };
  const target = fuzzTargets.find(({ name }) => name === task.name);
  if (target === undefined) throw new RangeError(`no decoder ${task.name}`);
  const inputs = createFuzzInputs(target, task.seed, watchReservations());
  const begin = createPlace(task.place);
  const untilMs = Date.now() + task.forMs;
  try {
    for (const hex of task.kept) inputs.attempt(Buffer.from(hex, 'hex'));
    const end = task.first + task.maxInputs;
    for (let number = task.first; number < end; ) {
      if (Date.now() >= untilMs) break;
      for (const next = Math.min(end, number + inputsAtATime); number < next; number++) {
        begin(number);
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

process.once('message', (task: FuzzTask) => {
  void run(task).then((answer) => process.send?.(answer, () => process.disconnect()));
});
