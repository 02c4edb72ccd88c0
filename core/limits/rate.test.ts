import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRate, leastRateBps, parseRate } from './limits.ts';

describe('a rate', () => {
  test.each([
    ['500000', 500_000],
    ['500k', 512_000],
    ['500KiB', 512_000],
    ['500 kB/s', 500_000],
    ['1.5MiB', 1_572_864],
    ['2MB', 2_000_000],
    ['1G', 1024 ** 3],
    ['0', null],
    ['none', null],
    ['0 MiB/s', null],
  ])('%s is %s', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });

  test.each(['', 'fast', '-1', '1e9', '10 Mbit', '5 000', 'NaN', '0x10', '1TiB', 'none/s', 'constructor'])(
    '`%s` is none',
    (text) => {
      expect(parseRate(text)).toBeUndefined();
    },
  );

  test('[LM4] is 10,000 bytes a second at least', () => {
    expect([parseRate('9999'), parseRate('10000'), leastRateBps]).toEqual([undefined, 10_000, 10_000]);
    expect([parseRate('1000000000000'), parseRate('1000000000001')]).toEqual([1e12, undefined]);
  });

  test('[LM13] is read as it was written', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: leastRateBps, max: 1e12 })), (rate) => {
        expect(parseRate(formatRate(rate))).toBe(rate);
      }),
    );
    expect([formatRate(512_000), formatRate(1024 ** 2), formatRate(500_001)]).toEqual([
      '500KiB',
      '1MiB',
      '500001',
    ]);
  });
});
