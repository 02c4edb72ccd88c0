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
let isReady = false;

function startApp() {
  const app = startElectron(folder, ['.', ...process.argv.slice(2)]);
  running = app;
  app.on('exit', () => {
    // Closed by the user, not replaced by a newer build.
    if (running === app) process.exit();
  });
}

function restartApp() {
  if (!isReady) return;
  const old = running;
  running = undefined;
  if (old === undefined || old.exitCode !== null) startApp();
  else {
    old.once('exit', startApp);
    old.kill();
  }
}

/** @type {esbuild.Plugin} */
const restartAfterBuild = {
  name: 'restart',
  setup(build) {
    build.onEnd(({ errors }) => {
      if (errors.length === 0) restartApp();
    });
  },
};

const contexts = await Promise.all(
  nodeBundles().map((bundle) => esbuild.context({ ...bundle, plugins: [restartAfterBuild] })),
);
await Promise.all(contexts.map((context) => context.rebuild()));
isReady = true;
startApp();
await Promise.all(contexts.map((context) => context.watch()));
