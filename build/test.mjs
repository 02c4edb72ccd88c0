// Runs the tests: of the long parts a sample, or the named parts whole. Ends with a line for each failed test, one for each part, and the plain line
// `N passed, N failed, N skipped`.
//   node build/test.mjs [check|sim|fuzz|cli|hosts|faults|disks|electron]... [--whole|--sample] [-- arguments for the parts' runner]
// `--whole` runs all of every part, `--sample` of named ones only the sample (build/samples.mjs).
// `sim` also takes `--worlds N --histories N --seed S`: how many simulated worlds of each kind and membership histories, and which. `fuzz` takes
// `--seconds N` and what else core/testing/fuzz/fuzz.ts does.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runChecks } from './check.mjs';
import { runStep } from './run-step.mjs';
import { samples } from './samples.mjs';
import { ensurePackages } from './system-packages.mjs';
import {
  addCounts,
  countLastLine,
  countPlaywright,
  countVitest,
  noTests,
  sayCounts,
  settleCounts,
} from './test-counts.mjs';
import { failuresOfPlaywright, failuresOfVitest } from './test-failures.mjs';
import { tellIfAsked } from './usage.mjs';
import { takeWorldOptions } from './world-options.mjs';

/**
 * @typedef {import('./test-counts.mjs').Counts} Counts
 * @typedef {Counts & { failures?: readonly string[] }} Outcome `failures` has a line for each failed test
 * @typedef {import('./samples.mjs').Sample} Sample
 * @typedef {{ name: string, needs: readonly string[], whole?: string | undefined, run: (extra: readonly string[], what: Sample) => Promise<Outcome> }} Part
 *   `whole` is where its files are, if there is a sample of them
 */

/**
 * A part that vitest runs.
 * @param {string} name
 * @param {readonly string[]} needs
 * @param {readonly string[]} options
 * @param {string} [whole]
 * @returns {Part}
 */
const vitestPart = (name, needs, options, whole) => ({
  name,
  needs,
  whole,
  run: (extra, { files, args = [], env: numbers }) =>
    withReport(async (report) => {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report.file}`];
      const { rest, env } = takeWorldOptions(extra);
      const { ok } = await runStep(['vitest', 'run', ...options, ...files, ...args, ...reporters, ...rest], {
        env: { ...numbers, ...env },
      });
      const counts = settleCounts({ ok, counts: report.read(countVitest, noTests) });
      return { ...counts, failures: report.read(failuresOfVitest, []) };
    }),
});

/** @type {readonly Part[]} */
const parts = [
  {
    name: 'check',
    needs: [],
    async run() {
      const { failedSteps, unit } = await runChecks();
      const counts = addCounts(settleCounts(unit), { ...noTests, failed: failedSteps.length });
      return { ...counts, failures: [...failedSteps, ...unit.failures] };
    },
  },
  vitestPart('sim', [], ['--project', 'sim']),
  {
    name: 'fuzz',
    needs: [],
    async run(extra) {
      const { ok, output } = await runStep(['node', 'core/testing/fuzz/fuzz.ts', ...extra], { quiet: true });
      console.log(output.trimEnd());
      return settleCounts({ ok, counts: countLastLine(output) });
    },
  },
  // Each file has devices and homes of its own, and mostly waits for them.
  vitestPart(
    'cli',
    ['cli'],
    ['--config', 'e2e/vitest.config.ts', '--fileParallelism', '--maxWorkers=2'],
    'e2e/cli',
  ),
  vitestPart('hosts', ['hosts'], ['--config', 'e2e/vitest.config.ts'], 'e2e/hosts'),
  vitestPart('faults', ['faults'], ['--config', 'e2e/vitest.config.ts'], 'e2e/faults'),
  vitestPart('disks', ['disks'], ['--config', 'e2e/vitest.config.ts'], 'e2e/disks'),
  {
    name: 'electron',
    needs: ['electron'],
    run: (extra, { files }) =>
      withReport(async (report) => {
        const built = await runStep(['node', 'build/bundle.mjs']);
        if (!built.ok) return settleCounts({ ok: false, counts: noTests });
        const options = ['--config', 'e2e/app', '--reporter=list,json'];
        const playwright = ['playwright', 'test', ...options, ...files, ...extra];
        const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report.file };
        const { ok } = await runStep(['node', 'build/with-desktop.mjs', ...playwright], { env });
        const counts = settleCounts({ ok, counts: report.read(countPlaywright, noTests) });
        return { ...counts, failures: report.read(failuresOfPlaywright, []) };
      }),
  },
];

/**
 * Gives `run` a place for a runner's JSON report; `without` is what it read in one that was never written.
 * @param {(report: { file: string, read: <T>(take: (json: any) => T, without: T) => T }) => Promise<Outcome>} run
 */
async function withReport(run) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-test-'));
  const file = path.join(folder, 'report.json');
  try {
    return await run({
      file,
      read: (take, without) =>
        fs.existsSync(file) ? take(JSON.parse(fs.readFileSync(file, 'utf8'))) : without,
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

tellIfAsked(import.meta.filename);
const args = process.argv.slice(2).filter((arg) => arg !== '--whole' && arg !== '--sample');
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const extra = (firstOption < 0 ? [] : args.slice(firstOption)).filter((arg) => arg !== '--');
const unknown = names.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}. Parts: ${parts.map((part) => part.name).join(', ')}`);
  process.exit(2);
}

const isSample =
  process.argv.includes('--sample') || (names.length === 0 && !process.argv.includes('--whole'));

let total = noTests;
/** @type {string[]} */
const lines = [];
/** @type {string[]} */
const failures = [];
for (const part of parts) {
  if (names.length > 0 && !names.includes(part.name)) continue;
  const all = { files: part.whole === undefined ? [] : [part.whole] };
  const sample = isSample ? samples[part.name] : undefined;
  const note = sample === undefined ? '' : `, a sample; whole: npm run test:${part.name}`;
  console.log(`\n== ${part.name}${note}`);
  const startedAt = performance.now();
  /** @type {Outcome} */
  const counts = ensurePackages(part.needs)
    ? await part.run(extra, sample ?? all)
    : settleCounts({ ok: false, counts: noTests });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  lines.push(
    `${counts.failed > 0 ? 'FAILED' : 'ok    '} ${part.name.padEnd(9)} ${sayCounts(counts)} (${seconds} s${note})`,
  );
  total = addCounts(total, counts);
  failures.push(...(counts.failures ?? []).map((failure) => `failed ${part.name}: ${failure}`));
}
if (failures.length > 0) console.log(`\n${failures.join('\n')}`);
console.log(`\n${lines.join('\n')}`);
console.log(sayCounts(total));
if (total.failed > 0) process.exitCode = 1;
