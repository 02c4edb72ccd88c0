import type { FuzzTarget } from './fuzz-target.ts';

const faulty = (
  name: string,
  decode: (bytes: Uint8Array) => unknown,
  more: Partial<FuzzTarget> = {},
): FuzzTarget => ({
  name,
  samples: () => [Uint8Array.of(0x83, 0x01, 0x02, 0x03), Uint8Array.of(0x81, 0x81, 0x07)],
  decode,
  ...more,
});

/** Decoders with one fault each, by which it is seen whether the run finds faults. */
export const fuzzTargets: readonly FuzzTarget[] = [
  faulty('breaks', (bytes) => (bytes[0] as number).toString()),
  faulty('hangs', (bytes) => {
    while (bytes[0] === 0xff);
    return undefined;
  }),
  faulty('reserves', (bytes) => new Uint8Array((bytes[0] ?? 0) * 1024 * 1024).length),
  faulty('gathers', (bytes) => {
    const all: string[][] = [];
    while (bytes[0] === 0xff) all.push([`${all.length}`]);
    return undefined;
  }),
  faulty('is not exact', (bytes) => bytes.length, { isExact: true, encode: () => Uint8Array.of(0) }),
  faulty('reads otherwise', (bytes) => bytes[0], { encode: () => Uint8Array.of(1) }),
];
