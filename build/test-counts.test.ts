import { expect, test } from 'vitest';
import {
  addCounts,
  countLastLine,
  countPlaywright,
  countVitest,
  noTests,
  sayCounts,
  settleCounts,
} from './test-counts.mjs';

test('the reports of both runners are counted alike', () => {
  const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  expect(countVitest(vitest)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  const playwright = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 } };
  expect(countPlaywright(playwright)).toEqual({ passed: 4, failed: 2, skipped: 1 });
});

test('counts add up and are said in one line', () => {
  const sum = addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 });
  expect(sayCounts(sum)).toBe('11 passed, 22 failed, 33 skipped');
});

test('a part that ran nothing, or failed without a failed test, is one failure', () => {
  const passed = { passed: 3, failed: 0, skipped: 0 };
  expect(settleCounts({ ok: true, counts: passed })).toEqual(passed);
  expect(settleCounts({ ok: false, counts: passed })).toEqual({ ...passed, failed: 1 });
  expect(settleCounts({ ok: true, counts: noTests })).toEqual({ ...noTests, failed: 1 });
  expect(settleCounts({ ok: true, counts: { ...noTests, skipped: 2 } })).toEqual({
    passed: 0,
    failed: 1,
    skipped: 2,
  });
  expect(settleCounts({ ok: false, counts: { ...passed, failed: 2 } })).toEqual({ ...passed, failed: 2 });
});

test('what a program says in its last line is counted, and nothing else', () => {
  expect(countLastLine('seed 1\n13 passed, 1 failed, 0 skipped\n')).toEqual({
    passed: 13,
    failed: 1,
    skipped: 0,
  });
  expect(countLastLine('3 passed, 0 failed, 0 skipped\nand then it broke\n')).toEqual(noTests);
});
