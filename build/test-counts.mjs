/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** @type {Counts} */
export const noTests = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * Counts of vitest's JSON report.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} report
 * @returns {Counts}
 */
export function countVitest(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Counts of Playwright's JSON report. A test that passed only when tried again counts as failed.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} report
 * @returns {Counts}
 */
export function countPlaywright({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

/**
 * Counts of a program that ends as {@link sayCounts} does.
 * @param {string} output
 * @returns {Counts}
 */
export function countLastLine(output) {
  const found = /(?:^|\n)(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output);
  if (found === null) return noTests;
  const [passed = 0, failed = 0, skipped = 0] = found.slice(1).map(Number);
  return { passed, failed, skipped };
}

/**
 * What a part of the test run counts for: a part that failed without a failed test (it did not start, a file did not
 * load) or that ran no test at all counts as one failure.
 * @param {{ ok: boolean, counts: Counts }} part
 * @returns {Counts}
 */
export function settleCounts({ ok, counts }) {
  const ran = counts.passed + counts.failed > 0;
  return counts.failed === 0 && (!ok || !ran) ? { ...counts, failed: 1 } : counts;
}

/** @param {Counts} counts */
export function sayCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
