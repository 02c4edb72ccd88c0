// Runs the app's tests against the packed program that `build/package.mjs --e2e` left in dist/.
//   node build/test-packaged.mjs [arguments of Playwright]
import path from 'node:path';
import { projectRoot } from './project-files.mjs';
import { runStep } from './run-step.mjs';

const { ok } = await runStep(
  ['node', 'build/with-desktop.mjs', 'playwright', 'test', '--config', 'e2e/app', ...process.argv.slice(2)],
  { env: { LOCKSTEP_APP: path.join(projectRoot, 'dist', 'linux-unpacked', 'lockstep') } },
);
if (!ok) process.exitCode = 1;
