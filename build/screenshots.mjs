// Takes the pictures of the documentation: every screen, dialog and empty state that the app's tests see, in light and in dark, into docs/pictures,
// and a list of them, docs/pictures.md.
//   node build/screenshots.mjs [--taken]   (--taken: of the pictures that the last run of the tests left)
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-files.mjs';
import { runStep } from './run-step.mjs';
import { smallPng } from './small-png.mjs';
import { tellIfAsked } from './usage.mjs';

const from = path.join(projectRoot, 'out', 'pictures');
const to = path.join(projectRoot, 'docs', 'pictures');

tellIfAsked(import.meta.filename);
if (!process.argv.includes('--taken')) {
  const steps = [
    ['node', 'build/bundle.mjs'],
    ...['e2e/app', 'e2e/pictures'].map((config) => [
      'node',
      'build/with-desktop.mjs',
      'playwright',
      'test',
      '--config',
      config,
    ]),
  ];
  for (const step of steps) if (!(await runStep(step)).ok) process.exit(1);
}
fs.mkdirSync(to, { recursive: true });
const names = fs
  .readdirSync(from)
  .filter((name) => name.endsWith('.png'))
  .toSorted();
for (const name of names)
  fs.writeFileSync(path.join(to, name), smallPng(fs.readFileSync(path.join(from, name))));
const shown = [
  ...new Set(fs.readdirSync(to).map((name) => name.replace(/-(light|dark)\.png$/, ''))),
].toSorted();
fs.writeFileSync(
  path.join(projectRoot, 'docs', 'pictures.md'),
  [
    '# Every screen, dialog and empty state',
    '',
    'Taken by `npm run screenshots` from the app’s tests.',
    '',
    '| | light | dark |',
    '|---|---|---|',
    ...shown.map(
      (name) =>
        `| ${name} | <img src="pictures/${name}-light.png" width="380"> | <img src="pictures/${name}-dark.png" width="380"> |`,
    ),
    '',
  ].join('\n'),
);
console.log(`${names.length} pictures in docs/pictures`);
