// Uses Node's own modules only, and nothing newer than Node 18: it serves whichever Node runs `npm install`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const program = path.join('bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The Node of this project's optional dependencies, or undefined where none is installed. */
export function pinnedNode() {
  const file = path.join(root, 'node_modules', packageName, program);
  return fs.existsSync(file) ? file : undefined;
}

/**
 * Puts the pinned Node at node_modules/.bin/node, where `npm run` finds it before any other. npm should do that, but
 * before version 11 it takes the link away again together with the packages of foreign systems, which bear the same name.
 */
export function linkPinnedNode() {
  if (process.platform === 'win32' || pinnedNode() === undefined) return;
  const link = path.join(root, 'node_modules', '.bin', 'node');
  if (fs.existsSync(link)) return;
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.join('..', packageName, program), link);
}

/**
 * Runs the npm that runs this script, under the given Node; returns its exit code.
 * @param {string} node
 * @param {readonly string[]} args
 */
export function runNpm(node, args) {
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error('to be started by npm');
  return spawnSync(node, [npm, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
