import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  parseCursor,
  parseDescriptor,
  parseLimit,
  parseMoment,
  parsePath,
  parseSeconds,
  parseSpan,
  parseTime,
  parseUntil,
} from './parse.ts';

const badArgument = expect.objectContaining({ code: 'bad-argument' });

describe('a span', () => {
  test.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['3d', 259_200],
    ['1.5h', 5400],
    [' 2h ', 7200],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseSpan(text)).toBe(seconds);
  });
  test.each(['', '2', 'h', '2x', '-2h', '0s', '2h30m', '1e9d', '99999999d', '２h'])('%j is none', (text) => {
    expect(() => parseSpan(text)).toThrow(badArgument);
  });
});

describe('a descriptor', () => {
  test('is a small number', () => {
    expect(['0', '3', '255'].map(parseDescriptor)).toEqual([0, 3, 255]);
  });
  test.each(['', '-1', '256', '3x', '1e1', '99999'])('%j is none', (text) => {
    expect(() => parseDescriptor(text)).toThrow(badArgument);
  });
});

describe('a time', () => {
  test.each([
    ['2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
    ['2026-03-01T08:00:00.123Z', '2026-03-01T08:00:00.123Z'],
    ['2026-03-01T08:00+02:00', '2026-03-01T06:00:00.000Z'],
    ['2026-03-01 08:00Z', '2026-03-01T08:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseTime(text)).toBe(iso);
  });
  test('without a zone is the time of this machine', () => {
    expect(parseTime('2026-03-01T08:00')).toBe(new Date(2026, 2, 1, 8).toISOString());
    expect(parseTime('2026-03-01')).toBe(new Date(2026, 2, 1).toISOString());
  });
  test.each(['', 'tomorrow', '2026', '08:00', '2026-13-01T00:00Z', '2026-03-01T25:00Z', '2h'])(
    '%j is none',
    (text) => {
      expect(() => parseTime(text)).toThrow(badArgument);
    },
  );
});

describe('until when', () => {
  const now = Date.UTC(2026, 2, 1, 8);
  test('a span counts from now', () => {
    expect(parseUntil({ for: '2h' }, now)).toBe('2026-03-01T10:00:00.000Z');
  });
  test('a time stands as given', () => {
    expect(parseUntil({ until: '2026-03-02T00:00:00Z' }, now)).toBe('2026-03-02T00:00:00.000Z');
  });
  test('nothing means no end', () => {
    expect(parseUntil({}, now)).toBeUndefined();
  });
  test('both, or a time that is over, make no sense', () => {
    expect(() => parseUntil({ for: '2h', until: '2026-03-02T00:00:00Z' }, now)).toThrow(badArgument);
    expect(() => parseUntil({ until: '2026-03-01T07:00:00Z' }, now)).toThrow(badArgument);
  });
});

test('seconds to wait are a plain number or a span', () => {
  expect(parseSeconds('20')).toBe(20);
  expect(parseSeconds('0.5')).toBe(0.5);
  expect(parseSeconds('2m')).toBe(120);
  for (const text of ['0', '-1', 'soon', '']) expect(() => parseSeconds(text)).toThrow(badArgument);
});

test('a cursor is a whole number', () => {
  expect(parseCursor('0')).toBe(0);
  expect(parseCursor('1204')).toBe(1204);
  for (const text of ['', '-1', '1.5', 'x', '9'.repeat(16)])
    expect(() => parseCursor(text)).toThrow(badArgument);
});

test.each([
  ['2h', '2026-02-28T22:00:00.000Z'],
  ['3d', '2026-02-26T00:00:00.000Z'],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
])('%s as a moment', (text, moment) => {
  expect(parseMoment(text, Date.UTC(2026, 2, 1))).toBe(moment);
});

test('a moment that is none is refused', () => {
  expect(() => parseMoment('yesterday', 0)).toThrow(badArgument);
});

test.each([
  ['Work:a/b.txt', 'Work:a/b.txt'],
  ['My Files:', 'My Files:'],
  ['/w/a:b', '/w/a:b'],
  ['a/b', path.resolve('a/b')],
  ['./a:b', path.resolve('a:b')],
  ['.', process.cwd()],
])('%s as a path', (text, asked) => {
  expect(parsePath(text)).toBe(asked);
});

test.each(['0', '-1', 'all', '1.5', ''])('%j is no number of lines', (text) => {
  expect(() => parseLimit(text)).toThrow(badArgument);
});
