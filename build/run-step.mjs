import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from './project-files.mjs';

/** Where the project's own tools and its pinned Node are found before any other. */
const toolPath = [path.join(projectRoot, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter);

/**
 * Runs one command in the project's root folder, with the project's own tools and its pinned Node.
 * @param {readonly string[]} command the program and its arguments
 * @param {{ quiet?: boolean, env?: Record<string, string> }} [options] `quiet` keeps the output for the caller instead
 *   of showing it; `env` is added to this process's own environment
 * @returns {Promise<{ ok: boolean, output: string, seconds: number }>}
 */
export function runStep(command, { quiet = false, env = {} } = {}) {
  const [program = '', ...args] = command;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let output = '';
    /** @param {boolean} ok */
    const finish = (ok) => resolve({ ok, output, seconds: (performance.now() - startedAt) / 1000 });
    const child = spawn(program, args, {
      cwd: projectRoot,
      env: { ...process.env, ...env, PATH: toolPath },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32',
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => {
      output += `${program}: ${error.message}\n`;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}
