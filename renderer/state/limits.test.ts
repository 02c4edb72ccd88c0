import { expect, test } from 'vitest';
import { bpsOfText, choiceOf, dayChoices, entryOf, textOfBps } from './limits.ts';

test('a rate is typed in kB/s, and nothing typed is no limit', () => {
  expect(['', ' ', '10', ' 250 '].map(bpsOfText)).toEqual([null, null, 10_000, 250_000]);
  expect(['9', '0', '-5', '1.5', '1e3', 'fast', '1000000001'].map(bpsOfText)).toEqual(
    Array.from({ length: 7 }, () => undefined),
  );
  expect([null, 250_000, 10_240].map(textOfBps)).toEqual(['', '250', '11']);
});

test('days that can be chosen at one go are known again', () => {
  expect(Object.values(dayChoices).map((days) => choiceOf(days.toReversed()))).toEqual([
    'all',
    'work',
    'end',
  ]);
  expect(choiceOf(['mon', 'sat'])).toBeUndefined();
});

test('a time of the week is what the engine takes, or none', () => {
  const typed = {
    days: dayChoices.work,
    from: '08:00',
    to: '18:00',
    does: 'pause',
    up: '',
    down: '',
  } as const;
  expect(entryOf(typed)).toEqual({ days: dayChoices.work, from: '08:00', to: '18:00', does: 'pause' });
  expect(entryOf({ ...typed, to: '00:00' })).toMatchObject({ to: '24:00' });
  expect(entryOf({ ...typed, from: '00:00', to: '00:00' })).toMatchObject({ from: '00:00', to: '24:00' });
  expect(entryOf({ ...typed, does: 'limit', up: '100' })).toMatchObject({
    sendBps: 100_000,
    receiveBps: null,
  });
  for (const wrong of [
    { to: '08:00' },
    { from: '' },
    { days: [] },
    { does: 'limit' },
    { does: 'limit', up: '1' },
  ] as const)
    expect(entryOf({ ...typed, ...wrong })).toBeUndefined();
});
