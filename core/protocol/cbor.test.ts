import { decode as cborgDecode, encode as cborgEncode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, equalBytes, hexToBytes } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';

const limits = { maxBytes: 1 << 20, maxItems: 1 << 16 };
const biggest = Number.MAX_SAFE_INTEGER;

function faultOf(bytes: Uint8Array, given = limits): string {
  try {
    decodeCanonical(bytes, given);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'peer-misbehaved') return String(error.facts.what);
    throw error;
  }
  return 'accepted';
}

const anyNumber = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.maxSafeInteger(),
  fc.constantFrom(
    23,
    24,
    255,
    256,
    65535,
    65536,
    2 ** 32 - 1,
    2 ** 32,
    biggest,
    -biggest,
    -24,
    -25,
    -256,
    -257,
  ),
);
const { anyValue } = fc.letrec<{ anyValue: CborValue }>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: 'small', maxDepth: 8 },
    anyNumber,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('anyValue'), { maxLength: 30 }),
  ),
}));

describe('canonical CBOR', () => {
  test.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65536, '1a00010000'],
    [2 ** 32, '1b0000000100000000'],
    [biggest, '1b001fffffffffffff'],
    [-1, '20'],
    [-25, '3818'],
    [-biggest, '3b001ffffffffffffe'],
    [[], '80'],
    [new Uint8Array(0), '40'],
    [[1, [hexToBytes('00ff'), -500]], '8201824200ff3901f3'],
  ] satisfies [CborValue, string][])('[PR1] %j is %s and back', (value, hex) => {
    expect(bytesToHex(encodeCanonical(value))).toBe(hex);
    expect(decodeCanonical(hexToBytes(hex), limits)).toEqual(value);
  });

  test.each([
    ['a longer head than needed, 1 byte', '1817', 'cbor-not-canonical'],
    ['a longer head than needed, 2 bytes', '1900ff', 'cbor-not-canonical'],
    ['a longer head than needed, 4 bytes', '1a0000ffff', 'cbor-not-canonical'],
    ['a longer head than needed, 8 bytes', '1b00000000ffffffff', 'cbor-not-canonical'],
    ['a byte string with a longer head', '580100', 'cbor-not-canonical'],
    ['an array with a longer head', '980100', 'cbor-not-canonical'],
    ['an indefinite array', '9f00ff', 'cbor-not-canonical'],
    ['an indefinite byte string', '5f4100ff', 'cbor-not-canonical'],
    ['a reserved head', '1c', 'cbor-not-canonical'],
    ['text', '6161', 'cbor-foreign-type'],
    ['text that is not UTF-8', '61ff', 'cbor-foreign-type'],
    ['a map', 'a10000', 'cbor-foreign-type'],
    ['a map with the same key twice', 'a200000000', 'cbor-foreign-type'],
    ['a tag', 'c100', 'cbor-foreign-type'],
    ['a float', 'f93c00', 'cbor-foreign-type'],
    ['null', 'f6', 'cbor-foreign-type'],
    ['true', 'f5', 'cbor-foreign-type'],
    ['undefined', 'f7', 'cbor-foreign-type'],
    ['a lone break', 'ff', 'cbor-foreign-type'],
    ['2^53', '1b0020000000000000', 'cbor-number-too-big'],
    ['2^64-1', '1bffffffffffffffff', 'cbor-number-too-big'],
    ['-2^53', '3b001fffffffffffff', 'cbor-number-too-big'],
    ['nothing', '', 'cbor-cut-short'],
    ['half a head', '1901', 'cbor-cut-short'],
    ['a byte string cut short', '4300', 'cbor-cut-short'],
    ['an array cut short', '820000'.slice(0, 4), 'cbor-cut-short'],
    ['trailing bytes', '0000', 'cbor-trailing-bytes'],
    ['a 4 GiB byte string', '5affffffff00', 'cbor-cut-short'],
    ['a 2^53 byte string', '5b001fffffffffffff00', 'cbor-cut-short'],
    ['an array of 2^32', '9b000000010000000000', 'cbor-cut-short'],
  ])('[PR1] refuses %s', (_says, hex, fault) => {
    expect(faultOf(hexToBytes(hex))).toBe(fault);
  });

  test('[PR2] counts bytes, depth and values before it takes them', () => {
    const nested = (depth: number): Uint8Array => new Uint8Array(depth + 1).fill(0x81, 0, depth);
    expect(faultOf(nested(16))).toBe('accepted');
    expect(faultOf(nested(17))).toBe('cbor-too-deep');
    expect(faultOf(nested(20_000))).toBe('cbor-too-deep');
    expect(faultOf(encodeCanonical([1, [2, 3]]), { maxBytes: 5, maxItems: 5 })).toBe('accepted');
    expect(faultOf(encodeCanonical([1, [2, 3]]), { maxBytes: 5, maxItems: 4 })).toBe('cbor-too-many-items');
    expect(faultOf(encodeCanonical([1, [2, 3]]), { maxBytes: 4, maxItems: 5 })).toBe('cbor-too-long');
  });

  test('[PR2] hands out byte strings of their own, from a Buffer too', () => {
    const frame = Buffer.from('4200ff', 'hex');
    const value = decodeCanonical(frame, limits) as Uint8Array;
    frame.fill(7);
    expect(value).toEqual(hexToBytes('00ff'));
    expect(value.buffer.byteLength).toBe(2);
  });

  test('[PR1] every value comes back, in the bytes an independent encoder makes', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = encodeCanonical(value);
        expect(bytes).toEqual(Uint8Array.from(cborgEncode(value)));
        expect(decodeCanonical(bytes, limits)).toEqual(value);
      }),
    );
  });

  test('[PR1] accepts exactly what decodes and encodes back to the same bytes', () => {
    let accepted = 0;
    const check = (bytes: Uint8Array): void => {
      const mine = faultOf(bytes) === 'accepted';
      if (mine) accepted += 1;
      expect({ bytes: bytesToHex(bytes), accepted: mine }).toEqual({
        bytes: bytesToHex(bytes),
        accepted: isCanonicalByReencoding(bytes),
      });
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), check), { numRuns: 3000 });
    const damage = fc.record({ value: anyValue, at: fc.nat(), byte: fc.nat(255), cut: fc.nat(3) });
    fc.assert(
      fc.property(damage, ({ value, at, byte, cut }) => {
        const bytes = encodeCanonical(value).slice();
        bytes[at % bytes.length] = byte;
        check(bytes.subarray(0, bytes.length - (cut === 0 ? 1 : 0)));
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

/** The rule as the format states it: an ordinary decoder reads it, only allowed values are in it, and encoding gives the bytes back. */
function isCanonicalByReencoding(bytes: Uint8Array): boolean {
  const allowed = (value: unknown): boolean =>
    Number.isSafeInteger(value) ||
    value instanceof Uint8Array ||
    (Array.isArray(value) && value.every(allowed));
  const depth = (value: unknown): number => (Array.isArray(value) ? 1 + Math.max(0, ...value.map(depth)) : 0);
  try {
    const value: unknown = cborgDecode(bytes);
    return allowed(value) && depth(value) <= 16 && equalBytes(cborgEncode(value), bytes);
  } catch {
    return false;
  }
}
