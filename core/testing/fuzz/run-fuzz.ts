import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLimiter } from '../../base/base.ts';
import type { FuzzAnswer, FuzzTask } from './fuzz-child.ts';
import { createFuzzInputs, type FuzzCounts } from './fuzz-inputs.ts';
import { inputUnderWay, noInput } from './fuzz-place.ts';
import type { FuzzTarget } from './fuzz-target.ts';

/** LIMIT: milliseconds that one input may take; none honest takes one. */
const patienceMs = 20_000;
/** LIMIT: how many times as long a process may take to begin: it reads modules and makes messages. */
const startPatience = 10;
/** LIMIT: MiB of values a decoder may have alive: a hundred times what the largest message makes. */
const heapMiB = 256;
/** LIMIT: characters kept of what a process says before it ends. */
const saidChars = 10_000;

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

/** Runs inputs on decoders, each in a process of its own with little memory, as many at once as there are processors. */
export async function runFuzz(run: FuzzRun, targets: readonly FuzzTarget[]): Promise<readonly FuzzOutcome[]> {
  const lanes = os.availableParallelism();
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
  const first = run.first ?? 0;
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-fuzz-'));
  const place = path.join(directory, 'place');
  const task: FuzzTask = {
    targets: run.targets.href,
    name,
    seed: run.seed,
    first,
    maxInputs: run.maxInputs,
    forMs,
    kept: run.kept?.[name] ?? [],
    place,
  };
  // A process, not a thread: one that gathers without end takes down whatever it is a part of.
  const child = fork(fileURLToPath(new URL('./fuzz-child.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${heapMiB}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    const answer = await answerOf(child, task, run.patienceMs ?? patienceMs);
    if (answer.kind === 'done') return { name, counts: answer.counts, fault: undefined };
    if (answer.kind === 'fault') return { name, counts: undefined, fault: answer };
    const number = Math.max(first, inputUnderWay(place));
    const input = Buffer.from(createFuzzInputs(target, run.seed).bytesOf(number)).toString('hex');
    return { name, counts: undefined, fault: { message: `${answer.what} at input ${number}`, input } };
  } finally {
    child.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** What the process says, or that it ended or stands still. */
function answerOf(
  child: ChildProcess,
  task: FuzzTask,
  patience: number,
): Promise<FuzzAnswer | { readonly kind: 'lost'; readonly what: string }> {
  return new Promise((resolve) => {
    let seen = noInput;
    let still = 0;
    let said = '';
    const timer = setInterval(() => {
      const now = inputUnderWay(task.place);
      still = now === seen ? still + 1 : 0;
      seen = now;
      if (still >= (now === noInput ? startPatience : 1)) settle({ kind: 'lost', what: 'hung' });
    }, patience);
    const settle = (answer: Awaited<ReturnType<typeof answerOf>>): void => {
      clearInterval(timer);
      resolve(answer);
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, saidChars);
    });
    child.on('message', (answer: FuzzAnswer) => settle(answer));
    child.on('error', (error) => settle({ kind: 'lost', what: `ended with ${String(error)}` }));
    child.on('close', (code, signal) => {
      const isFull = said.includes('heap out of memory');
      settle({
        kind: 'lost',
        what: isFull ? 'reached the memory limit' : `ended by ${signal ?? code}, saying “${said}”,`,
      });
    });
    child.send(task);
  });
}
