// Bundles the app into out/: the main process, the preload script, the engine with its workers, the window, the icons.
//   node build/bundle.mjs
import fs from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import { drawIcons } from './icons.mjs';
import { isStartedDirectly, projectFiles, projectRoot } from './project-files.mjs';

/** Where the bundles go. */
export const outFolder = path.join(projectRoot, 'out');

/** @type {esbuild.BuildOptions} */
const forNode = {
  absWorkingDir: projectRoot,
  bundle: true,
  platform: 'node',
  // The oldest Node inside an Electron that the tests run on.
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
};

/**
 * What esbuild makes. Packages stay outside where native code needs its own files; worker files (core/ROOM/NAME-worker.ts),
 * those of tests left out, become out/engine/NAME-worker.js beside the engine, where `new URL('./NAME-worker.js', import.meta.url)` finds them.
 * @returns {esbuild.BuildOptions[]}
 */
export function nodeBundles() {
  const workers = projectFiles(projectRoot, ['core']).filter(
    (file) => file.endsWith('-worker.ts') && !file.includes('/testing/'),
  );
  const engineFiles = ['app/engine-host.ts', ...workers];
  return [
    {
      ...forNode,
      entryPoints: ['app/main.ts'],
      outdir: 'out/main',
      format: 'esm',
      packages: 'external',
    },
    {
      ...forNode,
      entryPoints: { preload: 'app/preload.ts', 'preload-ask': 'app/preload-ask.ts' },
      outdir: 'out/preload',
      outExtension: { '.js': '.cjs' },
      format: 'cjs',
      external: ['electron'],
    },
    {
      ...forNode,
      entryPoints: engineFiles.map((file) => ({ in: file, out: path.basename(file, '.ts') })),
      outdir: 'out/engine',
      format: 'esm',
      packages: 'external',
    },
  ];
}

/**
 * How vite makes the window.
 * @returns {vite.InlineConfig}
 */
export function windowBundle() {
  return {
    configFile: false,
    root: path.join(projectRoot, 'renderer'),
    base: './',
    plugins: [react()],
    logLevel: 'warn',
    build: {
      outDir: path.join(outFolder, 'renderer'),
      emptyOutDir: true,
      target: 'chrome130',
      // The content policy of the window refuses data: scripts, so nothing is inlined.
      assetsInlineLimit: 0,
      rollupOptions: {
        input: ['index', 'ask'].map((page) => path.join(projectRoot, 'renderer', `${page}.html`)),
      },
      modulePreload: false,
    },
  };
}

/** Empties out/ and draws the icons: what has to stand before the bundles. */
export function prepareOut() {
  fs.rmSync(outFolder, { recursive: true, force: true });
  drawIcons(path.join(outFolder, 'icons'));
}

if (isStartedDirectly(import.meta.url)) {
  prepareOut();
  await Promise.all([...nodeBundles().map((bundle) => esbuild.build(bundle)), vite.build(windowBundle())]);
}
