// Checks that files import only what the table in layers-rules.mjs allows.
//   node build/layers.mjs
import { allExtensions, cruise } from 'dependency-cruiser';
import { rules } from './layers-rules.mjs';
import { codeFolders, isStartedDirectly, projectFiles, projectRoot } from './project-files.mjs';

const isTypeScript = /\.[cm]?tsx?$/;

/**
 * Reads every import under `root` and compares it with the rules.
 * `unread` names TypeScript files the tool never parsed: without a compiler it supports it reads none, reports no
 * violation and succeeds, so an unread file is as bad as a violation.
 * @param {string} root
 * @returns {Promise<{ violations: string[], unread: string[], read: number }>}
 */
export async function checkLayers(root) {
  const files = projectFiles(root, codeFolders).filter((file) => isTypeScript.test(file));
  if (!allExtensions.some(({ extension, available }) => extension === '.ts' && available))
    return { violations: [], unread: files, read: 0 };
  if (files.length === 0) return { violations: [], unread: [], read: 0 };
  const { output } = await cruise(
    files,
    {
      baseDir: root,
      ruleSet: { forbidden: rules },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: '(^|/)node_modules/' },
      skipAnalysisNotInRules: true,
    },
    {
      extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      conditionNames: ['import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
    },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser gave no result object');
  const read = new Set(output.modules.map((module) => module.source));
  return {
    violations: output.summary.violations.map(
      ({ rule, from, to }) => `${rule.name}: ${from} -> ${to}\n    ${explain(rule.name)}`,
    ),
    unread: files.filter((file) => !read.has(file)),
    read: read.size,
  };
}

/** @param {string} name */
function explain(name) {
  return rules.find((rule) => rule.name === name)?.comment ?? '';
}

if (isStartedDirectly(import.meta.url)) {
  const { violations, unread, read } = await checkLayers(projectRoot);
  for (const violation of violations) console.error(violation);
  for (const file of unread) console.error(`not read: ${file}`);
  console.log(`${read} modules read, ${violations.length} violations`);
  if (violations.length > 0 || unread.length > 0) process.exitCode = 1;
}
