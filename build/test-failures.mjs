import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { projectRoot } from './project-files.mjs';

/** LIMIT: enough of an error's first line to know it again; a run's last lines are what is read of it. */
const messageLength = 160;

/**
 * One line for one failed test.
 * @param {string} file
 * @param {string} name
 * @param {string | undefined} message
 */
function sayFailure(file, name, message) {
  const firstLine = stripVTControlCharacters(message ?? '')
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
  const place = path.isAbsolute(file) ? path.relative(projectRoot, file) : file;
  return `${place} › ${name}${firstLine === undefined ? '' : `: ${firstLine.slice(0, messageLength)}`}`;
}

/**
 * The failed tests of vitest's JSON report, and the files that did not load, a line each.
 * @param {{ testResults: readonly { name: string, status: string, message?: string, assertionResults: readonly { fullName: string, status: string, failureMessages?: readonly string[] }[] }[] }} report
 * @returns {string[]}
 */
export function failuresOfVitest({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [sayFailure(name, 'the file', message)];
    return failed.map(({ fullName, failureMessages }) => sayFailure(name, fullName, failureMessages?.[0]));
  });
}

/**
 * @typedef {{ title: string, file?: string, suites?: readonly PlaywrightSuite[], specs?: readonly { title: string, ok: boolean, file: string, tests: readonly { results: readonly { error?: { message?: string } }[] }[] }[] }} PlaywrightSuite
 */

/**
 * The failed tests of Playwright's JSON report, a line each; one that passed only when tried again is among them.
 * @param {{ suites?: readonly PlaywrightSuite[], specs?: PlaywrightSuite['specs'] }} report
 * @returns {string[]}
 */
export function failuresOfPlaywright({ suites = [], specs = [] }) {
  const here = specs.flatMap(({ title, file, tests }) => {
    const error = tests.flatMap(({ results }) => results).find((result) => result.error !== undefined)?.error;
    return error === undefined ? [] : [sayFailure(file, title, error.message)];
  });
  return [...here, ...suites.flatMap(failuresOfPlaywright)];
}
