// Packs the bundled app for this system.
//   node build/package.mjs [--e2e] [--deb] [--installers]
// Leaves dist/linux-unpacked (or the like); --deb adds a Debian package; --installers makes on Linux what others than
// Debian take, with tools that electron-builder downloads (macOS and Windows make theirs anyway); --e2e leaves the one fuse open by which
// Playwright attaches, for testing the packed program: never hand that one out.
import { makeDebianPackage } from './deb.mjs';
import { electronVersion, findElectron } from './electron-runtime.mjs';
import { runStep } from './run-step.mjs';

const options = new Set(process.argv.slice(2));
if (process.env.RELEASE !== undefined && options.has('--e2e'))
  throw new Error('a release is not made with --e2e: it would be open to whoever attaches');
const { folder, origin } = await findElectron();
if (origin === 'test-runtime') console.error('[package] packing the test runtime: not to be handed out');
const installers =
  options.has('--installers') && process.platform === 'linux' ? ['--linux', 'dir', 'AppImage', 'rpm'] : [];
const { ok } = await runStep([
  'electron-builder',
  ...installers,
  '--publish',
  'never',
  `-c.electronDist=${folder}`,
  `-c.electronVersion=${electronVersion(folder)}`,
  ...(options.has('--e2e') ? ['-c.electronFuses.enableNodeCliInspectArguments=true'] : []),
]);
if (!ok) process.exit(1);
if (options.has('--deb')) await makeDebianPackage();
