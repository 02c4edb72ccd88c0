import { expect, test } from 'vitest';
import { createLateErrors } from './late-errors.ts';

function thrownAt(...places: readonly string[]): Error {
  const error = new Error('late');
  error.stack = ['Error: late', ...places.map((place) => `    at run (${place})`)].join('\n');
  return error;
}

const late = thrownAt('node:events:1:2', 'file:///x/node_modules/@libp2p/utils/dist/stream.js:3:4');

test('what the network library throws by itself is harmless', () => {
  const errors = createLateErrors();
  expect(errors.isHarmless(late, 0)).toBe(true);
  expect(errors.isHarmless(thrownAt('/x/node_modules/libp2p/dist/upgrader.js:1:1'), 0)).toBe(true);
  expect(errors.isHarmless(thrownAt('/x/node_modules/@chainsafe/libp2p-noise/dist/a.js:1:1'), 0)).toBe(true);
  expect(errors.isHarmless(Object.assign(thrownAt('node:net:1:1'), { code: 'ECONNRESET' }), 0)).toBe(true);
});

test('an error of ours is not, even when the library called us', () => {
  const errors = createLateErrors();
  expect(
    errors.isHarmless(thrownAt('/x/core/engine/a.ts:1:1', '/x/node_modules/@libp2p/tcp/a.js:1:1'), 0),
  ).toBe(false);
  expect(errors.isHarmless(thrownAt('/x/node_modules/other/a.js:1:1'), 0)).toBe(false);
  expect(errors.isHarmless('text', 0)).toBe(false);
});

test('too many of them in a minute are not', () => {
  const errors = createLateErrors();
  for (let count = 0; count < 20; count += 1) expect(errors.isHarmless(late, count)).toBe(true);
  expect(errors.isHarmless(late, 21)).toBe(false);
  expect(errors.isHarmless(late, 70_000)).toBe(true);
});
