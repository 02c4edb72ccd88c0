import { expect, test } from 'vitest';
import type { Measured } from './record.ts';
import { pictureOf, reportOf } from './report.ts';
import { median, quantile } from './summary.ts';

function measured(row: string, tool: string, seconds: readonly number[], othersUsed = 0): Measured {
  return {
    row,
    tool,
    version: '1',
    scale: 1,
    at: '2026-01-02T03:04:05.000Z',
    loadAverage: 0,
    machine: {
      cores: 2,
      processor: 'P',
      memoryGiB: 8,
      kernel: 'Linux 6.1',
      node: 'v24.0.0',
      congestionControl: 'reno',
    },
    runs: seconds.map((time) => ({
      seconds: time,
      wireBytes: 1000,
      processorS: { near: 1, far: 2 },
      peakMiB: { near: 100, far: 200 },
      othersUsed,
    })),
  };
}

test('a median is the middle, or the mean of the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
});

test('a percentile is a figure that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(quantile(hundred, 0.95)).toBe(96);
  expect(quantile([1, 2], 0.95)).toBe(2);
});

test('the report sets times beside those of rsync at the same scale only', () => {
  const report = reportOf(
    [
      measured('big-file', 'rsync', [2, 1, 3]),
      measured('big-file', 'lockstep', [3]),
      { ...measured('big-file', 'unison', [4]), scale: 0.5 },
    ],
    'p.svg',
  );
  expect(report).toContain('| Lockstep | 3.00 s | 1.50 × |');
  expect(report).toContain('| rsync daemon | 2.00 s (1.00 s–3.00 s) | 1.00 × |');
  expect(report).toContain('| Unison | 4.00 s |  |');
  expect(report).not.toContain('while other programs ran');
});

test('the report says of times that were taken on a busy machine that they are none', () => {
  expect(reportOf([measured('edit', 'lockstep', [1], 0.5)], 'p.svg')).toContain('while other programs ran');
});

test('the picture has a bar for each program that can be compared', () => {
  const picture = pictureOf([
    measured('big-file', 'rsync', [2]),
    measured('big-file', 'lockstep', [3]),
    measured('idle', 'lockstep', [60]),
  ]);
  expect(picture.match(/<rect [^>]*height="11"/g)).toHaveLength(2);
  expect(picture).toContain('1.50 ×');
});
