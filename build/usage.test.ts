import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { codeFolders, projectFiles, projectRoot } from './project-files.mjs';
import { usageOf } from './usage.mjs';

const scripts = projectFiles(projectRoot, codeFolders).filter((file) =>
  fs.readFileSync(path.join(projectRoot, file), 'utf8').includes('\ntellIfAsked(import.meta.filename)'),
);

test('every script that tells what it does when asked says how it is started', () => {
  expect(scripts.length).toBeGreaterThan(4);
  const silent = scripts.filter(
    (script) => !/^ {2}(npm run|node) /mu.test(usageOf(path.join(projectRoot, script))),
  );
  expect(silent).toEqual([]);
});
