// What `electron [-r MODULE]... FOLDER` runs when the Electron at hand came without its own default_app.asar.
// An ES module that awaits the app's main module at its top level: Electron holds back 'ready' until both have run, which
// is the last moment at which an app may register schemes.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

/** Electron offers these to its own default app, and so leaves them out of its type declarations. */
const host = /** @type {typeof app & Record<'setAppPath' | 'setVersion', (value: string) => void>} */ (app);

const require = createRequire(import.meta.url);
const { modules, target } = readArguments(process.argv.slice(1));
for (const module of modules) require(path.resolve(module));
if (target === undefined) {
  console.error('usage: electron [-r MODULE]... FOLDER');
  process.exit(2);
}
Object.assign(process, { defaultApp: true });
try {
  await import(pathToFileURL(enterApp(path.resolve(target))).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}

/** @param {readonly string[]} args */
function readArguments(args) {
  /** @type {string[]} */
  const modules = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-r' || arg === '--require') modules.push(args[++at] ?? '');
    else if (!arg.startsWith('-')) return { modules, target: arg };
  }
  return { modules, target: undefined };
}

/**
 * Gives Electron the app's name and version, and returns its main file.
 * @param {string} target a folder with a package.json, or a file
 */
function enterApp(target) {
  const manifest = path.join(target, 'package.json');
  if (!fs.existsSync(manifest)) {
    host.setAppPath(path.dirname(target));
    return target;
  }
  const { name, productName, version, main } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  app.setName(productName ?? name);
  host.setVersion(version);
  host.setAppPath(target);
  return path.join(target, main);
}
