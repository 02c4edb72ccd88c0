import { expect, test } from 'vitest';
import { forgetLibc, lockProblems } from './lock.mjs';

test('a lock file that an older npm would change, or that names a registry, is told and mended', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { libc: ['glibc'] },
      'node_modules/b': { resolved: ['https:', '', 'example.invalid', 'b.tgz'].join('/') },
      'node_modules/c': { resolved: 'packages/c' },
    },
  };
  expect(lockProblems(lock).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'package-lock.json: node_modules/a: "libc"',
    'package-lock.json: node_modules/b: "resolved"',
  ]);
  forgetLibc(lock);
  expect(lockProblems(lock)).toHaveLength(1);
});
