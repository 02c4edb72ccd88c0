import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../../..');

/** Puts the `lockstep` command into one file below `place`, as the app is: it starts in a third of the time. Returns what to run. */
export async function bundleCommand(place: string): Promise<string> {
  const out = path.join(place, 'app', 'cli');
  const require = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(pathToFileURL(path.join(out, 'x.js')).href)});`;
  await build({
    absWorkingDir: root,
    entryPoints: ['app/cli/main.ts', 'core/scanner/scan-worker.ts'],
    entryNames: '[name]',
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // What has native files of its own.
    external: ['koffi', 'sodium-native', '@photostructure/sqlite', '@napi-rs/keyring'],
    banner: { js: require },
    logLevel: 'warning',
  });
  fs.copyFileSync(path.join(root, 'package.json'), path.join(place, 'package.json'));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(place, 'node_modules'));
  return path.join(out, 'main.js');
}
