// Packs the bundled app for this system.
//   node build/package.mjs [--e2e] [--deb] [--installers]
// Leaves dist/linux-unpacked (or the like); --deb adds a Debian package; --installers makes on Linux what others than
// Debian take, with tools that electron-builder downloads (macOS and Windows make theirs anyway); --e2e leaves the one fuse open by which
// Playwright attaches, for testing the packed program: never hand that one out.
import fs from 'node:fs';
import path from 'node:path';
import { makeDebianPackage } from './deb.mjs';
import { findElectron } from './electron-runtime.mjs';
import { runStep } from './run-step.mjs';

const options = new Set(process.argv.slice(2));
const { folder, origin } = await findElectron();
if (origin === 'test-runtime') console.error('[package] packing the test runtime: not to be handed out');
const version = fs.readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
const installers =
  options.has('--installers') && process.platform === 'linux' ? ['--linux', 'dir', 'AppImage', 'rpm'] : [];
const { ok } = await runStep([
  'electron-builder',
  ...installers,
  '--publish',
  'never',
  `-c.electronDist=${folder}`,
  `-c.electronVersion=${version}`,
  ...(options.has('--e2e') ? ['-c.electronFuses.enableNodeCliInspectArguments=true'] : []),
]);
if (!ok) process.exit(1);
if (options.has('--deb')) await makeDebianPackage();
