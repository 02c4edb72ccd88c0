// Breaks the engine on purpose, one way at a time, in a copy, and asks whether the tests notice. Writes core/testing/FAULTS.md.
//   node e2e/faults/deliberate-faults.mjs [--fit] [word in a fault's name]...
// With `--fit` it only looks whether each still fits the engine as it is.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faults } from './deliberate-list.mjs';

const root = path.resolve(import.meta.dirname, '../..');
/** LIMIT: worlds a fault may live through before it counts as not noticed, of each kind in turn. */
const worlds = 150;
const seeds = ['full:fault', 'fault', 'group:fault'];

/** @typedef {import('./deliberate-list.mjs').Fault} Fault */

/** @param {string} place */
function copyProject(place) {
  for (const name of ['core', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
    fs.cpSync(path.join(root, name), path.join(place, name), { recursive: true });
  }
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(place, 'node_modules'));
}

/**
 * Changes the copy; returns what undoes it.
 * @param {string} place
 * @param {Fault} fault
 */
function breakEngine(place, { edits }) {
  const before = new Map();
  for (const { file, from, to } of edits) {
    const full = path.join(place, file);
    const text = fs.readFileSync(full, 'utf8');
    if (!before.has(full)) before.set(full, text);
    fs.writeFileSync(full, text.replaceAll(from, to));
  }
  return () => {
    for (const [full, text] of before) fs.writeFileSync(full, text);
  };
}

/**
 * The names of the unit tests in these files that fail.
 * @param {string} place
 * @param {readonly string[]} tests
 * @returns {string[]}
 */
function failedTests(place, tests) {
  const args = ['run', '--project', 'unit', '--reporter=json', '--outputFile=report.json', ...tests];
  spawnSync(path.join(place, 'node_modules/.bin/vitest'), args, { cwd: place, stdio: 'ignore' });
  const report = JSON.parse(fs.readFileSync(path.join(place, 'report.json'), 'utf8'));
  return report.testResults.flatMap((/** @type {any} */ file) => [
    // A file that does not even load has no tests.
    ...(file.status === 'failed' && file.assertionResults.length === 0 ? [file.name] : []),
    ...file.assertionResults
      .filter((/** @type {any} */ test) => test.status === 'failed')
      .map((/** @type {any} */ test) => test.title),
  ]);
}

/**
 * What noticed it, undefined if nothing did.
 * @param {string} place
 * @param {Fault} fault
 * @param {readonly string[]} except worlds that prove nothing
 */
function whoNotices(place, { tests }, except) {
  if (tests !== undefined) {
    const failed = failedTests(place, tests);
    return failed.length > 0 ? `${failed.length} tests, first: ${failed[0]}` : undefined;
  }
  for (const seed of seeds) {
    const { report, error } = runWorlds(place, { seed, stopAtFirst: true, except });
    if (report === undefined) return `the engine broke down: ${error}`;
    const [first] = report.failed;
    if (first !== undefined) return `${first.promise} in world ${first.seed}`;
  }
  return undefined;
}

/**
 * @param {string} place
 * @param {{ seed: string, stopAtFirst: boolean, except: readonly string[] }} options
 * @returns {{ report?: { worlds: number, failed: { seed: string, promise: string }[] }, error?: string }}
 */
function runWorlds(place, options) {
  const request = JSON.stringify({ worlds, ...options });
  const code = `
    const { runWorlds } = await import('./core/testing/run-worlds.ts');
    const { worlds, failed } = await runWorlds(${request});
    console.log(JSON.stringify({ worlds, failed: failed.map(({ seed, promise }) => ({ seed, promise })) }));
    process.exit(0);`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: place,
    encoding: 'utf8',
  });
  const lastLine = run.stdout.trim().split('\n').at(-1) ?? '';
  return lastLine.startsWith('{')
    ? { report: JSON.parse(lastLine) }
    : { error: run.stderr.trim().split('\n').at(-1) ?? '' };
}

/**
 * What of these faults does not fit the engine any more, in words.
 * @param {readonly Fault[]} chosen
 */
const misfits = (chosen) =>
  chosen.flatMap(({ says, edits }) =>
    edits
      .filter(({ file, from }) => !fs.readFileSync(path.join(root, file), 'utf8').includes(from))
      .map(({ file, from }) => `“${says}” does not fit ${file} any more: ${from}`),
  );

const words = process.argv.slice(2).filter((word) => word !== '--fit');
const chosen = faults.filter(({ says }) => words.every((word) => says.includes(word)));
const wrong = misfits(chosen);
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exit(1);
if (process.argv.includes('--fit')) {
  console.log(`${chosen.length} faults fit`);
  process.exit(0);
}
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-faults-'));
/** @type {string[]} */
const rows = [];
let missed = 0;
try {
  copyProject(place);
  // A test or a world that fails without any fault would seem to notice every one.
  const tests = [...new Set(chosen.flatMap((fault) => fault.tests ?? []))];
  const failing = tests.length === 0 ? [] : failedTests(place, tests);
  if (failing.length > 0) throw new Error(`these tests fail as it is: ${failing.join(', ')}`);
  const needsWorlds = chosen.some((fault) => fault.tests === undefined);
  const except = (needsWorlds ? seeds : []).flatMap((seed) => {
    const { report, error } = runWorlds(place, { seed, stopAtFirst: false, except: [] });
    if (report === undefined) throw new Error(`the engine does not run as it is: ${error}`);
    return report.failed.map((failed) => failed.seed);
  });
  if (except.length > 0) console.log(`left out, for they fail as it is: ${except.join(' ')}`);
  for (const fault of chosen) {
    const mend = breakEngine(place, fault);
    const startedAt = performance.now();
    const noticed = whoNotices(place, fault, except);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    mend();
    if (noticed === undefined) missed += 1;
    const row = `| ${fault.says} | ${noticed ?? '**not noticed**'} | ${seconds} s |`;
    rows.push(row);
    console.log(row);
  }
} finally {
  fs.rmSync(place, { recursive: true, force: true });
}
if (words.length === 0) {
  const text = `# Deliberate faults

Each is put into a copy of the engine, alone; something must notice. Made by \`node e2e/faults/deliberate-faults.mjs\`.

| the engine … | noticed by | after |
|---|---|---|
${rows.join('\n')}
`;
  fs.writeFileSync(path.join(root, 'core/testing/FAULTS.md'), text);
}
console.log(`${chosen.length} faults, ${missed} not noticed`);
if (missed > 0) process.exitCode = 1;
