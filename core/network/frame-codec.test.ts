import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../base/base.ts';
import { createByteQueue } from './byte-queue.ts';
import { createFrameReader, endHeader, FrameError, frameHeader } from './frame-codec.ts';

/** Feeds `bytes` in chunks cut at `cuts` and collects what is read. */
function readAll(bytes: Uint8Array, cuts: readonly number[], maxBytes: number): (Uint8Array | 'end')[] {
  const queue = createByteQueue();
  const reader = createFrameReader(maxBytes);
  const read: (Uint8Array | 'end')[] = [];
  let at = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    queue.push(bytes.subarray(at, cut));
    at = cut;
    for (let next = reader.next(queue); next !== undefined; next = reader.next(queue)) read.push(next);
  }
  expect(queue.length).toBe(0);
  return read;
}

test('[NW4] whatever way the bytes are cut, the same frames come out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 20_000 }), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (frames, cuts) => {
        const wire = concatBytes([
          ...frames.flatMap((frame) => [frameHeader(frame.length), frame]),
          endHeader,
        ]);
        expect(readAll(wire, cuts, 20_000)).toEqual([...frames, 'end']);
      },
    ),
  );
});

test('[NW4] a frame is the reader’s own', () => {
  const wire = concatBytes([frameHeader(5_000), new Uint8Array(5_000)]);
  const [frame] = readAll(wire, [], 5_000) as [Uint8Array];
  wire.fill(9);
  expect(frame.every((byte) => byte === 0)).toBe(true);
  expect(frame.buffer.byteLength).toBe(5_000);
});

test.each([
  { says: 'one byte over the limit', wire: frameHeader(101) },
  { says: 'the largest that can be written', wire: Uint8Array.of(0xff, 0xff, 0xff, 0x7f) },
  { says: 'a length that never ends', wire: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff) },
  { says: 'a length in more bytes than it needs', wire: Uint8Array.of(0x85, 0x00) },
])('[NW10] refused before any of it is kept: $says', ({ wire }) => {
  expect(() => readAll(wire, [], 100)).toThrow(FrameError);
});

test('[NW6] a million chunks of one byte do not each keep the block they came in', () => {
  const queue = createByteQueue();
  const block = new Uint8Array(65_536);
  const before = process.memoryUsage();
  for (let index = 0; index < 1_000_000; index++)
    queue.push(block.subarray(index % 65_536, (index % 65_536) + 1));
  const after = process.memoryUsage();
  expect(queue.length).toBe(1_000_000);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * 1024 * 1024);
});
