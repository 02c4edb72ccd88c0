// Checks that the project speaks of itself alone: no path of one machine, no name of a place outside it, no tracker number.
//   node build/words-check.mjs
// The words are put together from parts, so that this file does not hold them itself.
import fs from 'node:fs';
import path from 'node:path';
import { isStartedDirectly, projectFiles, projectRoot } from './project-files.mjs';

/** @type {readonly { what: string, pattern: RegExp }[]} */
const unwanted = [
  { what: 'a folder beside the project', pattern: new RegExp(['\\.\\./', 'shared\\b'].join('')) },
  { what: 'a path of one machine', pattern: new RegExp(['(?<![\\w.~-])/', 'work/'].join('')) },
  { what: 'a document outside the project', pattern: new RegExp(['DEVEL', 'OPERS'].join('')) },
  { what: 'a remark about where it was built', pattern: new RegExp(['closed', '[ -]network'].join(''), 'i') },
  {
    what: 'the host of a package registry',
    pattern: new RegExp(
      [
        ['registry', '\\.npm', 'js'].join(''),
        ['registry', '\\.yarn', 'pkg'].join(''),
        ['npm\\.pkg', '\\.github'].join(''),
        ['deb', '\\.debian', '\\.org'].join(''),
      ].join('|'),
      'i',
    ),
  },
  { what: 'a tracker number', pattern: new RegExp(['\\bissues?', '(?: #?|/)\\d'].join(''), 'i') },
];

const isText = /\.([cm]?[jt]sx?|json|md|ya?ml|html|css|svg|txt|sh|npmrc)$|^[^.]*$|^\.[a-z]+$/;

/**
 * `FILE:LINE: WHAT` for every unwanted word in the project's text files.
 * @param {string} root
 * @returns {string[]}
 */
export function checkWords(root) {
  /** @type {string[]} */
  const found = [];
  for (const file of projectFiles(root)) {
    if (!isText.test(path.basename(file)) || file === 'package-lock.json') continue;
    const lines = fs.readFileSync(path.join(root, file), 'utf8').split('\n');
    lines.forEach((line, index) => {
      for (const { what, pattern } of unwanted)
        if (pattern.test(line)) found.push(`${file}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`);
    });
  }
  return found;
}

if (isStartedDirectly(import.meta.url)) {
  const found = checkWords(projectRoot);
  for (const line of found) console.error(line);
  console.log(`${found.length} unwanted words`);
  if (found.length > 0) process.exitCode = 1;
}
