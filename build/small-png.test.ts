import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { drawPng } from '../e2e/app/draw-png.ts';
import { smallPng } from './small-png.mjs';

test('a picture of few colours keeps each of them', () => {
  const png = drawPng(40, 30, (x, y) => (x < 20 ? [200, 10, 20] : [y, 0, 255]));
  const small = smallPng(png);
  const palette = small.indexOf('PLTE');
  expect(small.readUInt32BE(palette - 4)).toBe(31 * 3);
  const data = small.indexOf('IDAT');
  const pixels = zlib.inflateSync(small.subarray(data + 4, data + 4 + small.readUInt32BE(data - 4)));
  const colourAt = (x: number, y: number): readonly number[] => {
    const index = pixels[y * 41 + 1 + x] ?? 0;
    return [...small.subarray(palette + 4 + index * 3, palette + 7 + index * 3)];
  };
  expect([colourAt(3, 7), colourAt(30, 7), colourAt(39, 29)]).toEqual([
    [200, 10, 20],
    [7, 0, 255],
    [29, 0, 255],
  ]);
});

test('what is no such picture is refused', () => {
  expect(() => smallPng(Buffer.from('no picture'))).toThrow(RangeError);
});
