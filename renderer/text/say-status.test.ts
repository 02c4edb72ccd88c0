import { expect, test } from 'vitest';
import { deviceOf, folderOf, pictureOf } from '../../app/testing/picture-of.ts';
import { createFormat } from './format.ts';
import { sayQuestion, sayStatus } from './say-status.ts';
import { createWords } from './words.ts';

const now = Date.parse('2026-03-05T13:00:00.000Z');
const words = createWords('en-GB');
const say = (facts: Parameters<typeof pictureOf>[0]): string => sayStatus(words, pictureOf(facts), now);

test('a pause says when it ends, in words that do not grow old', () => {
  const format = createFormat('en-GB', 'UTC');
  expect(format.until('2026-03-05T15:00:00.000Z', now)).toBe('15:00');
  expect(format.until('2026-03-06T06:00:00.000Z', now)).toBe('Fri 06:00');
  expect(format.until('2026-03-20T06:30:00.000Z', now)).toBe('20 Mar, 06:30');
  expect(say({ state: 'paused' })).toBe('Paused.');
  const { status, devices } = pictureOf({ state: 'paused', pausedUntil: '2026-03-20T06:30:00.000Z' });
  expect(sayStatus(words, { status: { ...status, pausedBy: 'schedule' }, devices }, now)).toMatch(
    /^Paused until .+ by schedule\.$/,
  );
});

test('whoever asks to join comes first', () => {
  expect(say({ state: 'idle' })).toBe('Up to date with 1 device.');
  expect(say({ state: 'idle', pending: ['NAS'] })).toBe('“NAS” asks to join.');
  expect(say({ state: 'idle', pending: ['NAS', 'Phone'] })).toBe('2 devices ask to join.');
});

test('a question names the folder and the device, and who noticed the loss', () => {
  const picture = {
    ...pictureOf({ state: 'attention' }),
    devices: [deviceOf({ key: 'NAS', name: 'Cellar NAS', state: 'connected' })],
    folders: [folderOf({ id: 'documents', name: 'Work' })],
  };
  const question = {
    id: 'q',
    kind: 'mass-change',
    folderId: 'documents',
    device: 'NAS',
    since: '2026-03-05T12:00:00.000Z',
    counts: { removed: 3, replaced: 1 },
    isReader: false,
    sentence: '',
    answers: [],
  } as const;
  expect(sayQuestion(words, question, picture)).toBe(
    'Changes made on Cellar NAS would remove 3 files and replace 1 file in Work here. Is that meant?',
  );
  expect(sayQuestion(words, { ...question, device: 'SELF' }, picture)).toBe(
    '3 files are gone from Work since Lockstep last looked. Shall the other devices delete them too?',
  );
});
