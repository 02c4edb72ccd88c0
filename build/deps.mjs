// Runs npm under the pinned Node, so that packages are chosen for it and not for the Node that npm came with.
//   npm run deps -- install NAME
import { forgetLibc, readLock, writeLock } from './lock.mjs';
import { linkPinnedNode, runNpm } from './pinned-node.mjs';

process.exitCode = runNpm(process.execPath, process.argv.slice(2));
if (process.exitCode === 0) {
  const lock = readLock();
  forgetLibc(lock);
  writeLock(lock);
  linkPinnedNode();
}
