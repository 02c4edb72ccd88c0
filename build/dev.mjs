// Runs the app from this checkout and keeps up with changes: a change of the main process or the engine starts the app
// anew, a change of the window shows at the next reload (Ctrl+R).
//   node build/dev.mjs [arguments of the app]
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import { nodeBundles, prepareOut, windowBundle } from './bundle.mjs';
import { findElectron, startElectron } from './electron-runtime.mjs';

const { folder } = await findElectron();
prepareOut();
await vite.build({ ...windowBundle(), build: { ...windowBundle().build, watch: {} } });

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

function startApp() {
  const app = startElectron(folder, ['.', ...process.argv.slice(2)]);
  running = app;
  app.on('exit', () => {
    // Closed by the user, not replaced by a newer build.
    if (running === app) process.exit();
  });
}

function restartApp() {
  const old = running;
  running = undefined;
  old?.once('exit', startApp);
  old?.kill();
}

const bundles = nodeBundles();
let unbuilt = bundles.length;

/** Starts the app once every bundle stands, and anew after each later build. */
function bundleStands() {
  if (unbuilt === 0) restartApp();
  else if (--unbuilt === 0) startApp();
}

for (const bundle of bundles) {
  /** @type {esbuild.Plugin} */
  const tellWhenBuilt = {
    name: 'tell-when-built',
    setup: (build) =>
      build.onEnd(({ errors }) => {
        if (errors.length === 0) bundleStands();
      }),
  };
  const context = await esbuild.context({ ...bundle, plugins: [tellWhenBuilt] });
  await context.watch();
}
