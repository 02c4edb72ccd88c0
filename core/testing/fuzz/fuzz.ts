// Feeds damaged real messages to every decoder that takes bytes from a stranger.
//   npm run fuzz -- [--seconds N] [--inputs N] [--seed N] [--decoder NAME] [--input NUMBER]
// Ends after N seconds in all, 60 if not said, or after N inputs of each decoder. Prints a line for each decoder, and in the end `N passed, N failed, 0 skipped`.
// An input that a decoder does not stand is printed and belongs into kept-inputs.json, whose inputs every run tries first.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzzTargets } from './fuzz-targets.ts';
import { type FuzzOutcome, runFuzz } from './run-fuzz.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function numberOf(name: string, value: string | undefined, fallback: number): number {
  const number = value === undefined ? fallback : Number(value);
  if (!(number >= 0) || value === '') throw new RangeError(`--${name} needs a number, not “${value}”`);
  return number;
}

function lineOf({ name, counts, fault }: FuzzOutcome): string {
  if (counts === undefined)
    return `FAILED ${name}: ${fault?.message}\n       input: ${fault?.input.slice(0, 4_000)}`;
  const { inputs, accepted, ignored, refused } = counts;
  return `ok     ${name.padEnd(15)} ${inputs} inputs: ${accepted} read, ${ignored} ignored, ${refused} refused`;
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    inputs: { type: 'string' },
    seed: { type: 'string' },
    decoder: { type: 'string' },
    input: { type: 'string' },
  },
});
const maxInputs = numberOf('inputs', values.inputs, Number.MAX_SAFE_INTEGER);
// Whoever asks for a number of inputs waits for them.
const seconds = numberOf('seconds', values.seconds, values.inputs === undefined ? 60 : 24 * 3600);
const seed = numberOf('seed', values.seed, Math.floor(Math.random() * 2 ** 31));
const chosen = fuzzTargets.filter(({ name }) => values.decoder === undefined || name === values.decoder);
if (chosen.length === 0) throw new RangeError(`decoders: ${fuzzTargets.map(({ name }) => name).join(', ')}`);
const kept = JSON.parse(fs.readFileSync(new URL('./kept-inputs.json', import.meta.url), 'utf8'));
say(`seed ${seed}`);
const outcomes = await runFuzz(
  {
    targets: new URL('./fuzz-targets.ts', import.meta.url),
    seed,
    ...(values.input === undefined
      ? { maxInputs }
      : { first: numberOf('input', values.input, 0), maxInputs: 1 }),
    seconds,
    kept,
    told: (outcome) => say(lineOf(outcome)),
  },
  chosen,
);
const failed = outcomes.filter(({ fault }) => fault !== undefined).length;
say(`${outcomes.length - failed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
