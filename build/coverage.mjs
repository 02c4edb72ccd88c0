// How much of `core` the unit tests reach, by room, and which branches they never do.
//   npm run coverage [-- --branches]      `--branches` names each branch that was never reached
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-files.mjs';
import { runStep } from './run-step.mjs';

/** @typedef {{ reached: number, all: number }} Share */
/** @typedef {{ statements: Share, branches: Share, functions: Share }} Shares */

const folder = path.join(projectRoot, 'coverage');
const { ok } = await runStep([
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
/** @type {string[]} */
const never = [];
for (const [file, seen] of Object.entries(report)) {
  const name = path.relative(projectRoot, file).split(path.sep).join('/');
  const room = name.split('/')[1] ?? '';
  const shares = rooms.get(room) ?? nothing();
  rooms.set(room, shares);
  for (const each of [shares, total]) {
    add(each.statements, Object.values(seen.s));
    add(each.functions, Object.values(seen.f));
    for (const counts of Object.values(seen.b)) add(each.branches, counts);
  }
  for (const [id, counts] of Object.entries(seen.b))
    for (const [i, count] of counts.entries())
      if (count === 0) {
        const { type, locations, loc } = seen.branchMap[id];
        const line = locations[i]?.start?.line ?? loc.start.line;
        never.push(`${name}:${line} ${type}`);
      }
}

/** @param {Share} share */
const say = ({ reached, all }) =>
  `${all === 0 ? '–' : ((100 * reached) / all).toFixed(1)} %`.padStart(8) +
  ` ${`${reached}/${all}`.padStart(11)}`;
/** @param {string} name @param {Shares} shares */
const row = (name, { statements, branches, functions }) =>
  `${name.padEnd(12)}${say(statements)}${say(branches)}${say(functions)}`;

if (process.argv.includes('--branches')) for (const line of never.sort()) console.log(line);
console.log(
  `${'room'.padEnd(12)}${'statements'.padStart(20)}${'branches'.padStart(20)}${'functions'.padStart(20)}`,
);
for (const [name, shares] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(row(name, shares));
console.log(row('core', total));
console.log(
  `${never.length} branches never reached${process.argv.includes('--branches') ? '' : ' (--branches names them)'}`,
);
if (!ok) process.exitCode = 1;
