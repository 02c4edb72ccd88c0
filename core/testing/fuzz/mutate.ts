import { type CborValue, decodeCanonical, encodeCanonical } from '../../protocol/protocol.ts';
import type { FuzzRandom } from './fuzz-random.ts';

const limits = { maxBytes: 16 * 1024 * 1024, maxItems: 1 << 20 };
/** Bytes at which decoders branch: heads of every kind, the ends of lengths and varints. */
const pointed = [
  0x00, 0x01, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x5b, 0x5f, 0x7f, 0x80, 0x81, 0x98,
  0x9b, 0x9f, 0xa0, 0xc0, 0xf5, 0xf6, 0xf9, 0xfb, 0xff,
];
/** Numbers at which readers branch. */
const pointedNumbers = [
  0,
  1,
  2,
  -1,
  23,
  24,
  255,
  256,
  1023,
  1024,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
];
/** LIMIT: bytes of an input; a little over the largest frame of a control stream would only slow the run down. */
const maxInputBytes = 256 * 1024;

/** A real message with something wrong in it: damaged as bytes, or put together wrongly and encoded well. `other` is another real message. */
export function mutate(random: FuzzRandom, message: Uint8Array, other: Uint8Array): Uint8Array {
  // What is damaged as bytes is mostly no canonical CBOR any more; the other half gets past that.
  const start = random.below(2) === 0 ? reshaped(random, message, other) : message;
  if (start !== message && random.below(4) > 0) return start.subarray(0, maxInputBytes);
  let bytes = start;
  for (let times = 1 + random.below(4); times > 0; times--) bytes = damaged(random, bytes, other);
  return bytes.subarray(0, maxInputBytes);
}

function damaged(random: FuzzRandom, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  switch (random.below(9)) {
    case 0:
      return set(bytes, at, (byte) => byte ^ (1 << random.below(8)));
    case 1:
      return set(bytes, at, () => random.below(256));
    case 2:
      return set(bytes, at, () => random.pick(pointed));
    case 3:
      return join(bytes.subarray(0, at), Uint8Array.of(random.pick(pointed)), bytes.subarray(at));
    case 4:
      return join(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.below(8))));
    case 5:
      return bytes.subarray(0, at);
    case 6:
      return join(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)));
    case 7:
      // A head that claims as much as a head can.
      return join(
        bytes.subarray(0, at),
        Uint8Array.of(random.pick([0x1b, 0x3b, 0x5b, 0x9b]), ...eight(random)),
        bytes.subarray(at),
      );
    default: {
      const end = Math.min(bytes.length, at + 1 + random.below(64));
      return join(bytes.subarray(0, end), bytes.subarray(at));
    }
  }
}

function eight(random: FuzzRandom): number[] {
  const length = random.below(9);
  return Array.from({ length: 8 }, (_, place) => (place < 8 - length ? 0 : random.below(256)));
}

function set(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(change(0) & 0xff);
  const copy = bytes.slice();
  const place = at % copy.length;
  copy[place] = change(copy[place] as number);
  return copy;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** The message with one of its values another one; the message itself if it is no CBOR. */
function reshaped(random: FuzzRandom, message: Uint8Array, other: Uint8Array): Uint8Array {
  const value = valueOf(message);
  if (value === undefined) return message;
  let left = random.below(countOf(value));
  const change = (of: CborValue): CborValue => {
    if (left-- === 0) return changed(random, of, other);
    return isList(of) ? of.map(change) : of;
  };
  return encodeCanonical(change(value));
}

function changed(random: FuzzRandom, value: CborValue, other: Uint8Array): CborValue {
  switch (random.below(8)) {
    case 0:
      return random.pick(pointedNumbers);
    case 1:
      return new Uint8Array(random.pick([0, 1, 16, 20, 31, 32, 33, 64, 65, 4096]));
    case 2:
      return [];
    case 3:
      return isList(value) ? [...value, ...value].slice(0, 20_000) : [value, value];
    case 4:
      return isList(value) && value.length > 0 ? value.toSpliced(random.below(value.length), 1) : [value];
    case 5:
      return isList(value) ? value.toReversed() : nested(1 + random.below(20));
    case 6:
      return value instanceof Uint8Array ? damaged(random, value, other) : (valueOf(other) ?? value);
    default:
      return typeof value === 'number' && Math.abs(value) < 2 ** 52
        ? value + random.pick([-1, 1])
        : random.below(300);
  }
}

function nested(depth: number): CborValue {
  let value: CborValue = 0;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

const isList = (value: CborValue): value is readonly CborValue[] => Array.isArray(value);

function countOf(value: CborValue): number {
  return isList(value) ? value.reduce<number>((sum, item) => sum + countOf(item), 1) : 1;
}

const values = new WeakMap<Uint8Array, { readonly value: CborValue | undefined }>();

/** What a message says, kept for the messages that come again and again. */
function valueOf(message: Uint8Array): CborValue | undefined {
  let known = values.get(message);
  if (known === undefined) {
    known = { value: decoded(message) };
    values.set(message, known);
  }
  return known.value;
}

function decoded(message: Uint8Array): CborValue | undefined {
  try {
    return decodeCanonical(message, limits);
  } catch {
    return undefined;
  }
}
