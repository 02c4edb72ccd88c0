import './require-node.mjs';
import fs from 'node:fs';
import path from 'node:path';

/** The project's root folder, whatever folder a script was started from. */
export const projectRoot = path.resolve(import.meta.dirname, '..');

/** The folders that hold the project's own code. */
export const codeFolders = ['app', 'core', 'renderer', 'e2e', 'build'];

const made = new Set([
  '.git',
  'node_modules',
  'out',
  'dist',
  'coverage',
  'test-results',
  'playwright-report',
]);

/**
 * Every file of the project under `folders` of `root`, as sorted `/`-separated paths relative to `root`.
 * Leaves out what tools install or make; a folder that does not exist counts as empty.
 * @param {string} root
 * @param {readonly string[]} [folders]
 * @returns {string[]}
 */
export function projectFiles(root, folders = ['']) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} folder */
  const walk = (folder) => {
    for (const item of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
      if (made.has(item.name)) continue;
      const relative = folder === '' ? item.name : `${folder}/${item.name}`;
      if (item.isDirectory()) walk(relative);
      else if (item.isFile()) found.push(relative);
    }
  };
  for (const folder of folders) if (fs.existsSync(path.join(root, folder))) walk(folder);
  return found.sort();
}

/**
 * Whether `moduleUrl` is the file the process was started with.
 * @param {string} moduleUrl
 */
export function isStartedDirectly(moduleUrl) {
  const started = process.argv[1];
  return started !== undefined && fs.realpathSync(started) === fs.realpathSync(new URL(moduleUrl));
}
