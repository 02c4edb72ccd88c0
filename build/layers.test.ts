import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkLayers } from './layers.mjs';
import { projectRoot } from './project-files.mjs';
import { temporaryProject } from './temporary-project.ts';

/** A throw-away project with these files and this project's packages. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryProject(files);
  fs.copyFileSync(path.join(projectRoot, 'package.json'), path.join(root, 'package.json'));
  fs.symlinkSync(path.join(projectRoot, 'node_modules'), path.join(root, 'node_modules'));
  return root;
}

const sound = {
  'core/base/base.ts': "export * from './pure.ts';\nexport const now = () => 0;\n",
  'core/base/pure.ts': 'export const one = 1;\n',
  'core/model/path.ts': "import { one } from '../base/pure.ts';\nexport const path = one;\n",
  'core/filesystem/filesystem.ts': "import fs from 'node:fs';\nexport const read = fs.readFileSync;\n",
  'core/filesystem/node.ts': 'export const inner = 1;\n',
  'core/network/network.ts': "import { createLibp2p } from 'libp2p';\nexport const start = createLibp2p;\n",
  'core/reconcile/reconcile.ts': "import { path } from '../model/path.ts';\nexport const decide = path;\n",
  'core/scanner/scanner.ts':
    "import { read } from '../filesystem/filesystem.ts';\nexport const scan = read;\n",
  'core/engine/engine.ts':
    "import { scan } from '../scanner/scanner.ts';\nimport { decide } from '../reconcile/reconcile.ts';\nexport const engine = [scan, decide];\n",
  'app/ipc/contract.ts': 'export type Status = string;\nexport const name = 1;\n',
  'app/main.ts':
    "import { app } from 'electron';\nimport { engine } from '../core/engine/engine.ts';\nexport const main = [app, engine];\n",
  'renderer/main.tsx':
    "import { useState } from 'react';\nimport type { Status } from '../app/ipc/contract.ts';\nexport const state = (s: Status) => useState(s);\n",
};

test('a sound project has no violation, and every file is read', async () => {
  const report = await checkLayers(projectWith(sound));
  expect(report).toMatchObject({ violations: [], unread: [] });
  expect(report.read).toBeGreaterThanOrEqual(Object.keys(sound).length);
});

const wrongs: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['room-scanner', 'core/scanner/walk.ts', "import '../network/network.ts';\n"],
  [
    'front-door',
    'core/scanner/walk.ts',
    "import { inner } from '../filesystem/node.ts';\nexport { inner };\n",
  ],
  [
    'front-door',
    'core/engine/session.ts',
    "import { inner } from '../filesystem/node.ts';\nexport { inner };\n",
  ],
  ['pure-room', 'core/reconcile/clock.ts', "import { now } from '../base/base.ts';\nexport { now };\n"],
  ['pure-room', 'core/model/hash.ts', "import crypto from 'node:crypto';\nexport { crypto };\n"],
  ['pure-room', 'core/plan/order.ts', "import { z } from 'zod';\nexport { z };\n"],
  ['owner-the-file-system', 'core/scanner/stat.ts', "import fs from 'node:fs';\nexport { fs };\n"],
  ['owner-the-file-system', 'core/apply/stat.ts', "import fs from 'node:fs/promises';\nexport { fs };\n"],
  ['owner-libp2p', 'core/trust/peer.ts', "import type { Libp2p } from 'libp2p';\nexport type P = Libp2p;\n"],
  ['owner-electron', 'core/engine/window.ts', "import { app } from 'electron';\nexport { app };\n"],
  ['known-room', 'core/sync/sync.ts', "import { one } from '../base/base.ts';\nexport { one };\n"],
  ['testing-is-for-tests', 'core/engine/fake.ts', "import '../testing/testing.ts';\n"],
  ['testing-is-for-tests', 'core/scanner/fake.ts', "import './testing/trees.ts';\n"],
  [
    'core-stands-alone',
    'core/engine/window.ts',
    "import { main } from '../../app/main.ts';\nexport { main };\n",
  ],
  ['app-enters-core-by-engine', 'app/tray.ts', "import '../core/scanner/scanner.ts';\n"],
  ['app-enters-core-by-engine', 'e2e/hosts/a.test.ts', "import '../../core/scanner/scanner.ts';\n"],
  [
    'renderer-sees-the-contract',
    'renderer/a.ts',
    "import { main } from '../app/main.ts';\nexport { main };\n",
  ],
  [
    'renderer-takes-types-only',
    'renderer/a.ts',
    "import { name } from '../app/ipc/contract.ts';\nexport { name };\n",
  ],
  ['no-circle', 'core/scanner/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n"],
  ['shipped-package', 'app/a.ts', "import { build } from 'esbuild';\nexport { build };\n"],
];

test.each(wrongs)('%s refuses %s', async (rule, file, text) => {
  const root = projectWith({
    ...sound,
    'core/testing/testing.ts': 'export const world = 1;\n',
    'core/scanner/testing/trees.ts': "import { inner } from '../../filesystem/node.ts';\nexport { inner };\n",
    'core/scanner/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    'core/scanner/a.ts': 'export const a = 1;\n',
    [file]: text,
  });
  const { violations, unread } = await checkLayers(root);
  expect(unread).toEqual([]);
  expect(violations.filter((line) => line.startsWith(`${rule}: `))).not.toEqual([]);
  expect(violations.every((line) => line.includes(file) || line.includes('core/scanner/b.ts'))).toBe(true);
});

test('a test file may import what it tests with', async () => {
  const root = projectWith({
    ...sound,
    'core/testing/testing.ts':
      "import { read } from '../filesystem/filesystem.ts';\nexport const world = read;\n",
    'core/reconcile/reconcile.test.ts':
      "import fs from 'node:fs';\nimport '../testing/testing.ts';\nexport { fs };\n",
  });
  expect((await checkLayers(root)).violations).toEqual([]);
});
