import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './lines.ts';

const tooLong = '<too long>';

/** What is read of `bytes` when they come in pieces cut at `cuts`. */
function linesOf(bytes: Buffer, cuts: readonly number[], maxBytes: number): string[] {
  const seen: string[] = [];
  const stream = new PassThrough();
  readLines(
    stream,
    maxBytes,
    (line) => seen.push(line),
    () => seen.push(tooLong),
  );
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  places.forEach((from, index) => stream.emit('data', bytes.subarray(from, places[index + 1])));
  return seen;
}

test('lines come whole, however they were cut on the way', () => {
  const line = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
      const bytes = Buffer.from(`${lines.map((each) => `${each}\n`).join('')}a last one without an end`);
      expect(linesOf(bytes, cuts, 10_000)).toEqual(lines.map((each) => each));
    }),
  );
});

test('a line over the limit is told of once, as soon as it is over, and nothing after it is read', () => {
  expect(linesOf(Buffer.from('12345\n123456'), [], 5)).toEqual(['12345', tooLong]);
  expect(linesOf(Buffer.from('12345\n123456\n1\n1234567\n'), [2, 7, 9], 5)).toEqual(['12345', tooLong]);
});
