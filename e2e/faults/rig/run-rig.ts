import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { acts } from './acts.ts';
import { bundleCommand } from './bundled-command.ts';
import { type ContentBook, createContentBook } from './content-book.ts';
import { buildCallCounter, type Fault } from './nth-call.ts';
import { emptyReport, type RigReport } from './report.ts';
import { type RigPair, startRigPair } from './rig-pair.ts';
import type { Act } from './scene.ts';
import { makeScenes, playScene, wholeOracle } from './run-acts.ts';

/** LIMIT: scenes that are made ready at once, so that they are brought in step together. */
const batch = 12;
/** LIMIT: acts played at once, each by a pair of its own: a scene mostly waits for devices to start and to find each other. */
const actsAtOnce = 4;

/** What a run shall do. */
export interface RigOptions {
  /** Only every so-manieth call… */
  readonly every: number;
  /** …beginning with this one, another one in each act; another offset takes others. */
  readonly offset: number;
  readonly faults: readonly Fault[];
  /** Only acts with one of these words; all if empty. */
  readonly acts: readonly string[];
  /** No new scene after this many minutes; 0 for no end. */
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** Plays every act, on either side, with every fault, at every n-th call. */
export async function runRig(options: RigOptions): Promise<RigReport> {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-rig-'));
  const report = emptyReport();
  const endAt = options.minutes > 0 ? performance.now() + options.minutes * 60_000 : Number.POSITIVE_INFINITY;
  try {
    const library = buildCallCounter(place);
    const launcher = await bundleCommand(path.join(place, 'command'));
    const chosen = acts.filter(
      ({ says }) => options.acts.length === 0 || options.acts.some((word) => says.includes(word)),
    );
    const oneAfterAnother = async (): Promise<void> => {
      for (let act = chosen.shift(); act !== undefined; act = chosen.shift())
        await playAct(act, { place, library, launcher, endAt, options, report });
    };
    await Promise.all(Array.from({ length: actsAtOnce }, oneAfterAnother));
    return report;
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

/** Plays one act with every fault on either side. */
async function playAct(
  act: Act,
  run: Pick<Part, 'endAt' | 'options' | 'report'> & {
    readonly place: string;
    readonly library: string;
    readonly launcher: string;
  },
): Promise<void> {
  const { place, library, launcher, endAt, options, report } = run;
  const own = fs.mkdtempSync(path.join(place, 'pair-'));
  try {
    const pair = await startRigPair({ place: own, library, launcher });
    try {
      const book = createContentBook();
      let callsBefore = acts.indexOf(act);
      for (const fault of options.faults)
        for (const side of [0, 1] as const) {
          if (performance.now() > endAt) report.isCut = true;
          if (report.isCut) continue;
          callsBefore += await playAll(act, { pair, book, fault, side, callsBefore, endAt, options, report });
        }
      report.contents += book.count();
      report.wrong.push(...wholeOracle(pair, book).map((what) => `${act.says}, at the end: ${what}`));
    } finally {
      await pair.stop();
    }
  } catch (error) {
    // What follows would only fail for the same reason: other acts have pairs of their own.
    report.wrong.push(`${act.says} could not go on: ${(error as Error).message}`);
    options.say(`WRONG ${report.wrong.at(-1)}`);
  }
  fs.rmSync(own, { recursive: true, force: true });
}

interface Part {
  readonly pair: RigPair;
  readonly book: ContentBook;
  readonly fault: Fault;
  readonly side: 0 | 1;
  readonly callsBefore: number;
  readonly endAt: number;
  readonly options: RigOptions;
  readonly report: RigReport;
}

/** Plays an act with a fault at one side's calls; returns how many calls it has there. */
async function playAll(act: Act, part: Part): Promise<number> {
  const { pair, book, fault, side, callsBefore, endAt, options, report } = part;
  const victim = pair.sides[side];
  const whose = side === 0 ? 'who does it' : 'who receives it';
  const make = (count: number) =>
    makeScenes(act, { pair, book, victims: Array.from({ length: count }, () => victim) });
  const note = (what: string, wrong: readonly string[]): void => {
    if (wrong.length === 0) return;
    report.wrong.push(`${what}: ${wrong.join('\n      ')}`);
    options.say(`WRONG ${report.wrong.at(-1)}`);
  };

  const [dry] = await make(1);
  if (dry === undefined) throw new RangeError('a scene was asked for');
  const { calls, byCall, wrong } = await playScene(dry, { fault, book });
  note(`${act.says}, no fault`, wrong);
  report.calls += calls;
  const numbers: number[] = [];
  for (let n = 1; n <= calls; n += 1)
    if ((callsBefore + n - 1) % options.every === options.offset % options.every) numbers.push(n);
  let hits = 0;
  let restarts = 0;
  const beganAt = performance.now();
  for (let from = 0; from < numbers.length && performance.now() <= endAt; from += batch) {
    const some = numbers.slice(from, from + batch);
    const scenes = await make(some.length);
    for (const [place, n] of some.entries()) {
      const scene = scenes[place];
      if (scene === undefined) continue;
      if (performance.now() > endAt) report.isCut = true;
      if (report.isCut) break;
      const outcome = await playScene(scene, { fault, n, book });
      const what = `${fault.name} at call ${n} of ${calls} of ${whose}, ${act.says} (${outcome.hit ?? 'not reached'})`;
      note(what, outcome.wrong);
      if (outcome.hit !== undefined) hits += 1;
      if (outcome.ended) report.ended += 1;
      if (outcome.restarted) {
        restarts += 1;
        report.restarted.push(what);
      }
    }
  }
  report.hits[fault.name] = (report.hits[fault.name] ?? 0) + hits;
  const kinds = Object.entries(byCall)
    .map(([name, count]) => `${name} ${count}`)
    .join(' ');
  const seconds = ((performance.now() - beganAt) / 1000).toFixed(0);
  options.say(
    `${fault.name.padEnd(6)} ${act.says}, ${whose}: ${calls} calls (${kinds}), ${hits} faults, ${restarts} started anew by hand, ${seconds} s`,
  );
  return calls;
}
