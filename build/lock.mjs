// Checks that package-lock.json is one that every npm in use leaves as it is.
//   node build/lock.mjs
import fs from 'node:fs';
import path from 'node:path';
import { isStartedDirectly, projectRoot } from './project-files.mjs';

const lockFile = path.join(projectRoot, 'package-lock.json');

/** @typedef {{ packages: Record<string, { libc?: unknown, resolved?: string }> }} Lock */

/**
 * Takes the C library out of every package's requirements. npm before 10 does not know that field and removes it, so an
 * install on a stable distribution would change the lock file; without it, a newer npm only installs a few files more.
 * @param {Lock} lock
 */
export function forgetLibc(lock) {
  for (const item of Object.values(lock.packages)) delete item.libc;
}

/**
 * @param {Lock} lock
 * @returns {string[]}
 */
export function lockProblems(lock) {
  /** @type {string[]} */
  const problems = [];
  for (const [name, item] of Object.entries(lock.packages)) {
    if (item.libc !== undefined) problems.push(`${name}: "libc" would not survive an older npm`);
    if (item.resolved?.startsWith('http')) problems.push(`${name}: "resolved" names a registry`);
  }
  return problems.map((problem) => `package-lock.json: ${problem}; use \`npm run deps -- install\``);
}

/** @returns {Lock} */
export function readLock() {
  return JSON.parse(fs.readFileSync(lockFile, 'utf8'));
}

/** @param {Lock} lock */
export function writeLock(lock) {
  fs.writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
}

if (isStartedDirectly(import.meta.url)) {
  const problems = lockProblems(readLock());
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
