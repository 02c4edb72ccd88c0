#!/usr/bin/env node
// Starts the `lockstep` command under a Node that can run it. Plain JavaScript on purpose: any Node from 18 up reads it.
// An older Node than the command needs hands over to the one that `npm install` brought, and then only stands in for it:
// same arguments, same terminal, signals passed on, its end passed back.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import module, { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first Node that runs the command's TypeScript as it stands. */
const oldestNode = { major: 24, minor: 10 };

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor)) {
  // What was compiled once is kept, in a place that only who installed this can write to: it halves the time a command takes to start.
  module.enableCompileCache?.(path.join(checkout, 'node_modules/.cache/lockstep'));
  await import('../heap-growth.ts');
  await import('./main.ts');
} else {
  const node = installedNode();
  if (node === undefined) {
    console.error(
      `lockstep needs Node ${oldestNode.major}.${oldestNode.minor} or newer; this is ${process.version}, ` +
        `and no newer one is installed beside it. Run \`npm install\` in ${checkout}, or use a newer Node.`,
    );
    process.exitCode = 1;
  } else {
    standInFor(node);
  }
}

/** The Node that this project's optional dependencies bring for this machine, if they did. */
function installedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const program = path.join(path.dirname(manifest), JSON.parse(fs.readFileSync(manifest, 'utf8')).bin.node);
    return fs.existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The descriptor that a passphrase is to be read from: the only one besides the usual three that is passed on. -1 if there is none that is open.
 * @param {readonly string[]} args
 */
function givenDescriptor(args) {
  const at = args.findIndex((arg) => /^--passphrase-fd(=|$)/.test(arg));
  const text = (args[at] ?? '').includes('=') ? args[at]?.split('=')[1] : args[at + 1];
  const descriptor = at >= 0 && /^\d{1,3}$/.test(text ?? '') ? Number(text) : -1;
  try {
    fs.fstatSync(descriptor);
    return descriptor;
  } catch {
    return -1;
  }
}

/** @param {string} node */
function standInFor(node) {
  const args = process.argv.slice(2);
  const descriptor = givenDescriptor(args);
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['inherit', 'inherit', 'inherit'];
  if (descriptor > 2) {
    while (stdio.length < descriptor) stdio.push('ignore');
    stdio.push(descriptor);
  }
  // The channel carries no message: its end is how the started process learns that this one is gone, even by kill -9.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: [...stdio, 'ipc'] });
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);

  child.on('error', (error) => {
    console.error(`lockstep could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    for (const each of signals) process.off(each, passOn);
    if (signal === null) process.exit(code ?? 1);
    process.kill(process.pid, signal);
    // A signal this process survives, such as one it cannot send itself, still ends it, with the code a shell would show.
    setTimeout(() => process.exit(128 + os.constants.signals[signal]), 1000);
  });
}
