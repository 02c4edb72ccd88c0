import { expect, test } from 'vitest';
import { createFormat, readableAddress, shownLine, visibleText } from './format.ts';

const format = createFormat('en-GB', 'UTC');

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_500, '1.5 kB'],
  [82_000_000, '82 MB'],
  [999_600, '1 MB'],
  [1.25e12, '1.3 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(format.size(bytes)).toBe(text);
});

test.each([
  [1, '5 seconds'],
  [42, '45 seconds'],
  [60, '1 minute'],
  [3_500, '1 hour'],
  [5_400, '1.5 hours'],
  [200_000, '2 days'],
])('%d seconds to come are %s', (seconds, text) => {
  expect(format.span(seconds)).toBe(text);
});

test.each([
  ['2026-03-05T12:59:50.000Z', 'now'],
  ['2026-03-05T12:57:00.000Z', '3 minutes ago'],
  ['2026-03-04T12:00:00.000Z', 'yesterday'],
  ['2026-03-06T00:00:00.000Z', 'now'],
])('%s is told as %s', (iso, text) => {
  expect(format.ago(iso, Date.parse('2026-03-05T13:00:00.000Z'))).toBe(text);
});

test.each([
  ['2026-03-05T09:12:00.000Z', 'today 09:12'],
  ['2026-03-04T09:10:00.000Z', 'yesterday 09:10'],
  ['2026-01-12T10:40:00.000Z', '12 Jan, 10:40'],
  ['2024-11-12T10:40:00.000Z', '12 Nov 2024, 10:40'],
])('the moment %s is told as %s', (iso, text) => {
  expect(format.moment(iso, Date.parse('2026-03-05T13:00:00.000Z'))).toBe(text);
});

test('plurals, lists and times are written as the language has them', () => {
  const files = { one: 'file', other: 'files' };
  expect([0, 1, 1_204].map((n) => format.count(n, files))).toEqual(['0 files', '1 file', '1,204 files']);
  expect(format.list(['A', 'B', 'C'])).toBe('A, B and C');
  expect(format.time(Date.parse('2026-03-05T15:04:00.000Z'))).toBe('15:04');
});

test('what could hide or turn a name is made visible', () => {
  expect(visibleText('exe.\u202egnp')).toBe('exe.⟨202E⟩gnp');
  expect(visibleText('line\nbreak')).toBe('line⟨000A⟩break');
  expect(visibleText('Ünïcode 文件')).toBe('Ünïcode 文件');
});

test.each([
  ['/ip4/192.168.1.7/tcp/4001', '192.168.1.7:4001'],
  ['/ip6/fe80::1/tcp/4001', '[fe80::1]:4001'],
  ['/dns4/nas.local/tcp/4001', 'nas.local:4001'],
  ['/unix/x', '/unix/x'],
])('%s is written %s', (address, text) => {
  expect(readableAddress(address)).toBe(text);
});

test('a name from right to left keeps the sentence around it in order; any other is as it is', () => {
  expect(visibleText('תמונות')).toBe('\u2068תמונות\u2069');
  expect(visibleText('صور 2026')).toBe('\u2068صور 2026\u2069');
  expect(visibleText('Fotos')).toBe('Fotos');
  expect(shownLine('שלום\tx')).toBe('שלום\tx');
});

test('German and Chinese write numbers, sizes, times and lists in their own way', () => {
  const [de, zh] = [createFormat('de-DE', 'UTC'), createFormat('zh-CN', 'UTC')];
  const now = Date.parse('2026-03-05T13:00:00.000Z');
  expect([de, zh].map((each) => each.size(1_500_000))).toEqual(['1,5 MB', '1.5 MB']);
  expect([de, zh].map((each) => each.number(1_204_000))).toEqual(['1.204.000', '1,204,000']);
  expect([de, zh].map((each) => each.moment('2026-03-04T09:10:00.000Z', now))).toEqual([
    'gestern 09:10',
    '昨天 09:10',
  ]);
  expect([de, zh].map((each) => each.moment('2024-11-12T10:40:00.000Z', now))).toEqual([
    '12. Nov. 2024, 10:40',
    '2024年11月12日 10:40',
  ]);
  expect([de, zh].map((each) => each.list(['A', 'B', 'C']))).toEqual(['A, B und C', 'A、B和C']);
  expect([de, zh].map((each) => each.ago('2026-03-05T12:57:00.000Z', now))).toEqual([
    'vor 3 Minuten',
    '3分钟前',
  ]);
});

test('a clock shows a time as the language writes it', () => {
  expect(createFormat('en-US').clockTime('08:05')).toMatch(/^8:05\sAM$/);
  expect(['08:05', '24:00'].map(createFormat('de').clockTime)).toEqual(['08:05', '00:00']);
});

test('a day has the name of the language', () => {
  expect([0, 6].map(createFormat('en').weekday)).toEqual(['Monday', 'Sunday']);
  expect([0, 6].map(createFormat('de').weekday)).toEqual(['Montag', 'Sonntag']);
});
