// Checks that rules and tests name each other: every rule of a core/ROOM/SPEC.md (a line that begins with **RC1**)
// has a test with that mark in brackets in its name, and every such mark, in a test or beside the code, names a rule.
// The attacks of THREAT-MODEL.md (**A1**) count as rules.
//   node build/spec-check.mjs
import fs from 'node:fs';
import path from 'node:path';
import { codeFolders, isStartedDirectly, projectFiles, projectRoot } from './project-files.mjs';

const ruleLine = /^(?:[-*] )?\*\*([A-Z]{1,2}\d+)\*\*/gm;
const testMark = /\[([A-Z]{1,2}\d+)\]/g;
const threats = 'THREAT-MODEL.md';
const isTest = /(\.test|\.spec|-suite)\.tsx?$/;

/**
 * @param {string} root
 * @returns {{ problems: string[], rules: number }}
 */
export function checkSpecs(root) {
  const files = projectFiles(root, codeFolders);
  const sources = files.filter((file) => /^(core|app|renderer|e2e)\/.*\.tsx?$/.test(file));
  const specs = [
    ...files.filter((file) => /^core\/[^/]+\/SPEC\.md$/.test(file)),
    ...(fs.existsSync(path.join(root, threats)) ? [threats] : []),
  ];
  /** @type {string[]} */
  const problems = [];

  /** @type {Map<string, string>} */
  const rules = new Map();
  for (const file of specs) {
    for (const rule of marks(root, file, ruleLine)) {
      const before = rules.get(rule);
      if (before !== undefined) problems.push(`${file}: rule ${rule} already stands in ${before}`);
      rules.set(rule, file);
    }
  }
  /** @type {Set<string>} */
  const tested = new Set();
  for (const file of sources) {
    for (const mark of new Set(marks(root, file, testMark))) {
      if (isTest.test(file)) tested.add(mark);
      if (!rules.has(mark)) problems.push(`${file}: [${mark}] names a rule that stands in no SPEC.md`);
    }
  }
  for (const [rule, file] of rules)
    if (!tested.has(rule)) problems.push(`${file}: rule ${rule} has no test with [${rule}] in its name`);
  return { problems, rules: rules.size };
}

/**
 * @param {string} root
 * @param {string} file
 * @param {RegExp} pattern
 */
function marks(root, file, pattern) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  return Array.from(text.matchAll(pattern), (match) => match[1] ?? '');
}

if (isStartedDirectly(import.meta.url)) {
  const { problems, rules } = checkSpecs(projectRoot);
  for (const problem of problems) console.error(problem);
  console.log(`${rules} rules, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}
