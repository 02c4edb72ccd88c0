// The one quick command before a commit: format, lint, layers, types, rules, words and unit tests.
//   node build/check.mjs
// Prints one line a step with its seconds, and the output of the steps that failed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isStartedDirectly } from './project-files.mjs';
import { runStep } from './run-step.mjs';
import { countVitest, noTests } from './test-counts.mjs';
import { failuresOfVitest } from './test-failures.mjs';

const typescript = ['node', 'node_modules/typescript-7/bin/tsc'];

/** Steps of one lane run one after the other; the two lanes share the machine. The unit tests are the longest by far. */
const quickLane = [
  { name: 'format', command: ['biome', 'format', '--colors=off', '--max-diagnostics=20', '.'] },
  { name: 'lint', command: ['oxlint', '.'] },
  { name: 'layers', command: ['node', 'build/layers.mjs'] },
  { name: 'types', command: [...typescript, '-p', 'tsconfig.json', '--pretty', 'false'] },
  { name: 'pure', command: [...typescript, '-p', 'tsconfig.pure.json', '--pretty', 'false'] },
  { name: 'spec', command: ['node', 'build/spec-check.mjs'] },
  { name: 'words', command: ['node', 'build/words-check.mjs'] },
  { name: 'lock', command: ['node', 'build/lock.mjs'] },
  { name: 'faults', command: ['node', 'e2e/faults/deliberate-faults.mjs', '--fit'] },
];

/**
 * Runs every step, also after one has failed. `failedSteps` names those that are not the unit tests.
 * @returns {Promise<{ failedSteps: string[], unit: Awaited<ReturnType<typeof runUnitTests>> }>}
 */
export async function runChecks() {
  /** @type {string[]} */
  const failedSteps = [];
  const quick = async () => {
    for (const { name, command } of quickLane) {
      const result = await runStep(command, { quiet: true });
      report(name, result);
      if (!result.ok) failedSteps.push(name);
    }
  };
  const [unit] = await Promise.all([runUnitTests(), quick()]);
  return { failedSteps, unit };
}

async function runUnitTests() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-check-'));
  const file = path.join(folder, 'unit.json');
  try {
    const result = await runStep(
      [
        'vitest',
        'run',
        '--project',
        'unit',
        '--reporter=dot',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { quiet: true },
    );
    report('unit', result);
    const { ok } = result;
    if (!fs.existsSync(file)) return { ok, counts: noTests, failures: [] };
    const json = JSON.parse(fs.readFileSync(file, 'utf8'));
    return { ok, counts: countVitest(json), failures: failuresOfVitest(json) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {{ ok: boolean, output: string, seconds: number }} result
 */
function report(name, { ok, output, seconds }) {
  if (!ok) console.log(output.trimEnd());
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s`);
}

if (isStartedDirectly(import.meta.url)) {
  const { failedSteps, unit } = await runChecks();
  if (failedSteps.length > 0 || !unit.ok) process.exitCode = 1;
}
