// Runs a command with an Electron, a screen and a session bus of its own, or says what is missing.
//   node build/with-desktop.mjs playwright test
// LOCKSTEP_APP names a packaged program to test in place of this checkout under Electron.
import path from 'node:path';
import process from 'node:process';
import { findElectron } from './electron-runtime.mjs';
import { runStep } from './run-step.mjs';
import { aptLine, missingPackages } from './system-packages.mjs';

const packaged = process.env.LOCKSTEP_APP;
const { folder, origin } =
  packaged === undefined ? await findElectron() : { folder: path.dirname(packaged), origin: packaged };
console.error(`[with-desktop] Electron: ${origin}, ${folder}`);

let command = process.argv.slice(2);
if (process.platform === 'linux') {
  const missing = missingPackages(['electron']);
  if (missing.length > 0) {
    console.error(
      `cannot run Electron here: ${missing.join(', ')} missing. On Debian and Ubuntu:\n  sudo ${aptLine(missing)}`,
    );
    process.exit(3);
  }
  const screen = process.env.DISPLAY ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24'];
  command = ['dbus-run-session', '--', ...screen, ...command];
}
const { ok } = await runStep(command, { env: { ELECTRON_OVERRIDE_DIST_PATH: folder, NO_AT_BRIDGE: '1' } });
if (!ok) process.exitCode = 1;
