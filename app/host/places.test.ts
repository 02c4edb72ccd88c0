import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

test('a token stands for its path once', () => {
  const places = createPlaces();
  places.keep('a', '/home/ana/Photos');
  expect(places.take('a')).toBe('/home/ana/Photos');
  expect(() => places.take('a')).toThrow('not-found');
});

test('too many unused places push out the oldest', () => {
  const places = createPlaces();
  for (let n = 0; n < 17; n += 1) places.keep(String(n), `/${n}`);
  expect(() => places.take('0')).toThrow('not-found');
  expect(places.take('16')).toBe('/16');
});
