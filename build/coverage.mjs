// How much of `core` the unit tests reach, by room, and which branches they never do.
//   npm run coverage [-- --branches] [--last]
// `--branches` names each branch that was never reached; `--last` judges the report of the last run and runs nothing.
// Fails if a branch that was never reached has no reason in build/unreached.json, or a reason stands for one that was reached or is gone.
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-files.mjs';
import { runStep } from './run-step.mjs';
import { compareReasons, unreachedIn } from './unreached.mjs';
import { tellIfAsked } from './usage.mjs';

/** @typedef {{ reached: number, all: number }} Share */
/** @typedef {{ statements: Share, branches: Share, functions: Share }} Shares */

const folder = path.join(projectRoot, 'coverage');
const measure = () =>
  runStep([
    'vitest',
    'run',
    '--project',
    'unit',
    'core',
    '--reporter=dot',
    '--coverage',
    '--coverage.reporter=json',
    `--coverage.reportsDirectory=${folder}`,
    '--coverage.include=core/**/*.ts',
    // What exists for tests only.
    '--coverage.exclude=core/testing/**',
    '--coverage.exclude=core/*/testing/**',
    '--coverage.exclude=**/*.test.ts',
    '--coverage.exclude=**/*-suite.ts',
    '--coverage.reportOnFailure',
  ]);
tellIfAsked(import.meta.filename);
const { ok } = process.argv.includes('--last') ? { ok: true } : await measure();
const report = JSON.parse(fs.readFileSync(path.join(folder, 'coverage-final.json'), 'utf8'));

/** @returns {Shares} */
const nothing = () => ({
  statements: { reached: 0, all: 0 },
  branches: { reached: 0, all: 0 },
  functions: { reached: 0, all: 0 },
});
/** @param {Share} share @param {readonly number[]} counts */
const add = (share, counts) => {
  share.all += counts.length;
  share.reached += counts.filter((count) => count > 0).length;
};

/** @type {Map<string, Shares>} */
const rooms = new Map();
const total = nothing();
/** @type {import('./unreached.mjs').Branch[]} */
const never = [];
for (const [file, seen] of Object.entries(report).sort(([a], [b]) => (a < b ? -1 : 1))) {
  const name = path.relative(projectRoot, file).split(path.sep).join('/');
  const room = name.split('/')[1] ?? '';
  const shares = rooms.get(room) ?? nothing();
  rooms.set(room, shares);
  for (const each of [shares, total]) {
    add(each.statements, Object.values(seen.s));
    add(each.functions, Object.values(seen.f));
    for (const counts of Object.values(seen.b)) add(each.branches, counts);
  }
  never.push(...unreachedIn(name, seen, fs.readFileSync(file, 'utf8')));
}

/** @param {Share} share */
const say = ({ reached, all }) =>
  `${all === 0 ? '–' : ((100 * reached) / all).toFixed(1)} %`.padStart(8) +
  ` ${`${reached}/${all}`.padStart(11)}`;
/** @param {string} name @param {Shares} shares */
const row = (name, { statements, branches, functions }) =>
  `${name.padEnd(12)}${say(statements)}${say(branches)}${say(functions)}`;

/** @param {import('./unreached.mjs').Branch} branch */
const place = ({ file, line, what }) => `${file}:${line} ${what}`;
if (process.argv.includes('--branches')) for (const branch of never) console.log(place(branch));
console.log(
  `${'room'.padEnd(12)}${'statements'.padStart(20)}${'branches'.padStart(20)}${'functions'.padStart(20)}`,
);
for (const [name, shares] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(row(name, shares));
console.log(row('core', total));

const reasons = JSON.parse(fs.readFileSync(path.join(projectRoot, 'build', 'unreached.json'), 'utf8'));
const { without, stale, counts } = compareReasons(never, reasons);
console.log(`\n${never.length} branches never reached, ${without.length} of them without a reason`);
for (const { reason, count } of counts) console.log(`${String(count).padStart(5)}  ${reason}`);
for (const branch of without) console.log(`no reason: ${place(branch)}`);
for (const entry of stale) console.log(`reached or gone, but listed: ${entry}`);
if (!ok || without.length + stale.length > 0) process.exitCode = 1;
