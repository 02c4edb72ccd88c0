import path from 'node:path';
import { expect, test } from 'vitest';
import { contentPolicy, fileFor } from './ui-files.ts';

const root = path.resolve('/ui-root/renderer');

test('a file below the root is found', () => {
  expect(fileFor('app://ui/index.html', root)).toBe(path.join(root, 'index.html'));
  expect(fileFor('app://ask/ask.html', root)).toBe(path.join(root, 'ask.html'));
  expect(fileFor('app://ui/assets/a%20b.js?x#y', root)).toBe(path.join(root, 'assets/a b.js'));
});

test.each([
  'app://ui/..%2f..%2fpackage.json',
  'app://ui/..%2frenderer-too/index.html',
  'app://ui/%00index.html',
  'app://ui/%zz',
  'app://ui/',
  'app://other/index.html',
  'file:///etc/passwd',
  'https://ui/index.html',
  'nonsense',
])('%s is not served', (address) => {
  expect(fileFor(address, root)).toBeUndefined();
});

test('the content policy allows no inline code, no connection and no frame', () => {
  const policy = contentPolicy('abc');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self' 'nonce-abc'");
  expect(policy).not.toContain('unsafe');
});
