// Runs npm under the pinned Node, so that packages are chosen for it and not for the Node that npm came with.
//   npm run deps -- install NAME
import { spawnSync } from 'node:child_process';
import { linkNode } from './link-node.mjs';
import { forgetLibc, readLock, writeLock } from './lock.mjs';
import { projectRoot } from './project-files.mjs';

const npm = process.env.npm_execpath;
if (npm === undefined) {
  console.error('start this by `npm run deps -- …`');
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [npm, ...process.argv.slice(2)], {
  cwd: projectRoot,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
const lock = readLock();
forgetLibc(lock);
writeLock(lock);
linkNode();
