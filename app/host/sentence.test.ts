import { expect, test } from 'vitest';
import { deviceOf } from '../testing/picture-of.ts';
import { sentenceFor } from './sentence.ts';

const manner = { now: Date.parse('2026-03-05T13:00:00.000Z'), locale: 'en-GB', timeZone: 'UTC' };
const pausedUntil = (iso: string) =>
  ({ state: 'paused', pausedUntil: iso, pausedBy: 'person', sentence: `Paused until ${iso}.` }) as const;

test.each([
  ['2026-03-05T15:00:00.000Z', 'Paused until 15:00.'],
  ['2026-03-06T06:00:00.000Z', 'Paused until tomorrow, 06:00.'],
  ['2026-03-20T06:30:00.000Z', 'Paused until 20 Mar, 06:30.'],
])('a pause until %s is told as %s', (until, sentence) => {
  expect(sentenceFor(pausedUntil(until), [], manner)).toBe(sentence);
});

test('a pause by schedule says so', () => {
  const status = { ...pausedUntil('2026-03-05T18:00:00.000Z'), pausedBy: 'schedule' } as const;
  expect(sentenceFor(status, [], manner)).toBe('Paused until 18:00 by schedule.');
});

test('anything else is told in the words of the engine', () => {
  const status = {
    state: 'idle',
    pausedUntil: null,
    pausedBy: null,
    sentence: 'Up to date with 1 device.',
  } as const;
  expect(sentenceFor(status, [], manner)).toBe('Up to date with 1 device.');
});

test('whoever asks to join comes first', () => {
  const status = {
    state: 'idle',
    pausedUntil: null,
    pausedBy: null,
    sentence: 'Up to date with 1 device.',
  } as const;
  const asking = (name: string) => deviceOf({ key: name, name, state: 'pending' });
  expect(sentenceFor(status, [asking('NAS')], manner)).toBe('“NAS” asks to join.');
  expect(sentenceFor(status, [asking('NAS'), asking('Phone')], manner)).toBe('2 devices ask to join.');
});
