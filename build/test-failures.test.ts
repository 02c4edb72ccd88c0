import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './project-files.mjs';
import { failuresOfPlaywright, failuresOfVitest } from './test-failures.mjs';

test('the failed tests of vitest are a line each, and so is a file that did not load', () => {
  const report = {
    testResults: [
      {
        name: path.join(projectRoot, 'core', 'a.test.ts'),
        status: 'failed',
        assertionResults: [
          { fullName: 'holds', status: 'passed', failureMessages: [] },
          {
            fullName: 'breaks',
            status: 'failed',
            failureMessages: ['\n\u001B[31mError: no\u001B[0m\n  at a.ts:1'],
          },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'Cannot find c.ts', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [{ fullName: 'too', status: 'passed' }] },
    ],
  };
  expect(failuresOfVitest(report)).toEqual([
    `${path.join('core', 'a.test.ts')} › breaks: Error: no`,
    'b.test.ts › the file: Cannot find c.ts',
  ]);
});

test('the failed tests of Playwright are found in suites within suites, also one that passed the second time', () => {
  const spec = (title: string, ...errors: (string | undefined)[]) => ({
    title,
    ok: true,
    file: 'a.spec.ts',
    tests: [{ results: errors.map((message) => (message === undefined ? {} : { error: { message } })) }],
  });
  const report = {
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('holds', undefined)],
        suites: [
          { title: 'within', specs: [spec('breaks', 'x'.repeat(500)), spec('again', 'no', undefined)] },
        ],
      },
    ],
  };
  expect(failuresOfPlaywright(report)).toEqual([
    `a.spec.ts › breaks: ${'x'.repeat(160)}`,
    'a.spec.ts › again: no',
  ]);
});
