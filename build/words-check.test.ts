import { expect, test } from 'vitest';
import { temporaryProject } from './temporary-project.ts';
import { checkWords } from './words-check.mjs';

test.each([
  ['a folder beside the project', ['see ../sha', 'red/notes.md']],
  ['a path of one machine', ['cd /wo', 'rk/main']],
  ['a document outside the project', ['as DEVEL', 'OPERS.md says']],
  ['a remark about where it was built', ['on a closed', ' network']],
  ['the host of a package registry', ['https://registry.npm', 'js.org/x']],
  ['a tracker number', ['for iss', 'ue 2']],
  ['a tracker number', ['fixes iss', 'ue #17']],
])('%s is told with its place', (what, parts) => {
  const text = parts.join('');
  const root = temporaryProject({ 'core/x.ts': `export {};\n// ${text}\n` });
  expect(checkWords(root)).toEqual([`core/x.ts:2: ${what}: // ${text}`]);
});

test('ordinary sentences pass', () => {
  const root = temporaryProject({
    'README.md': `Issues are welcome. The shared folder; ${['home', 'work', 'x'].join('/')}; a network that is closed.\n`,
    'node_modules/x/README.md': ['registry.npm', 'js.org'].join(''),
  });
  expect(checkWords(root)).toEqual([]);
});
