import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createLimiter } from '../../base/base.ts';
import { createFuzzInputs, type FuzzCounts } from './fuzz-inputs.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import type { FuzzAnswer, FuzzTask } from './fuzz-worker.ts';

/** LIMIT: milliseconds that one input may take; none honest takes one. */
const patienceMs = 20_000;
/** LIMIT: how many times as long a thread may take to begin: it reads modules and makes messages. */
const startPatience = 10;
const notBegun = -1n;
/** LIMIT: MiB of values a decoder may have alive: a hundred times what the largest message makes. */
const heapMiB = 256;

/** What to run. */
export interface FuzzRun {
  /** The module whose `fuzzTargets` are meant. */
  readonly targets: URL;
  readonly seed: number;
  /** The first input's number: an input alone is run again by it. */
  readonly first?: number;
  /** Inputs of each decoder at most, and how long for all of them together at most. */
  readonly maxInputs: number;
  readonly seconds: number;
  /** Inputs that were trouble once, as hexadecimal digits, by decoder. */
  readonly kept?: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds one input may take. */
  readonly patienceMs?: number;
  readonly told?: (outcome: FuzzOutcome) => void;
}

/** What became of one decoder. */
export interface FuzzOutcome {
  readonly name: string;
  /** Undefined if a fault ended it. */
  readonly counts: FuzzCounts | undefined;
  readonly fault: { readonly message: string; readonly input: string } | undefined;
}

/** Runs inputs on decoders, each in a thread of its own with little memory, as many at once as there are processors. */
export async function runFuzz(run: FuzzRun, targets: readonly FuzzTarget[]): Promise<readonly FuzzOutcome[]> {
  const lanes = availableParallelism();
  const forMs = (run.seconds * 1000) / Math.max(1, Math.ceil(targets.length / lanes));
  const limiter = createLimiter(lanes);
  return Promise.all(
    targets.map((target) =>
      limiter.run(async () => {
        const outcome = await runOne(run, target, forMs);
        run.told?.(outcome);
        return outcome;
      }),
    ),
  );
}

async function runOne(run: FuzzRun, target: FuzzTarget, forMs: number): Promise<FuzzOutcome> {
  const { name } = target;
  const place = new BigInt64Array(new SharedArrayBuffer(8));
  const first = run.first ?? 0;
  Atomics.store(place, 0, notBegun);
  const kept = run.kept?.[name] ?? [];
  const task: FuzzTask = {
    targets: run.targets.href,
    name,
    seed: run.seed,
    first,
    maxInputs: run.maxInputs,
    forMs,
    kept,
    place,
  };
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
  });
  try {
    const answer = await answerOf(worker, place, run.patienceMs ?? patienceMs);
    if (answer.kind === 'done') return { name, counts: answer.counts, fault: undefined };
    if (answer.kind === 'fault') return { name, counts: undefined, fault: answer };
    const number = Math.max(first, Number(Atomics.load(place, 0)));
    const input = Buffer.from(createFuzzInputs(target, run.seed).bytesOf(number)).toString('hex');
    return { name, counts: undefined, fault: { message: `${answer.what} at input ${number}`, input } };
  } finally {
    await worker.terminate();
  }
}

/** What the thread says, or that it ended or stands still. */
function answerOf(
  worker: Worker,
  place: BigInt64Array<SharedArrayBuffer>,
  patience: number,
): Promise<FuzzAnswer | { readonly kind: 'lost'; readonly what: string }> {
  return new Promise((resolve) => {
    let seen = notBegun;
    let still = 0;
    const timer = setInterval(() => {
      const now = Atomics.load(place, 0);
      still = now === seen ? still + 1 : 0;
      seen = now;
      if (still >= (now === notBegun ? startPatience : 1)) settle({ kind: 'lost', what: 'hung' });
    }, patience);
    const settle = (answer: Awaited<ReturnType<typeof answerOf>>): void => {
      clearInterval(timer);
      resolve(answer);
    };
    worker.on('message', (answer: FuzzAnswer) => settle(answer));
    worker.on('error', (error) => settle({ kind: 'lost', what: `ended with ${String(error)}` }));
    worker.on('exit', () => settle({ kind: 'lost', what: 'ended' }));
  });
}
