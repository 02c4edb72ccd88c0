import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes } from '../base/pure.ts';
import type { Entry } from '../model/entry.ts';
import { SyncError } from '../model/errors.ts';
import { deviceKey, hash, hashPrefix, incarnationId } from '../model/ids.ts';
import { emptyPast } from '../model/past.ts';
import { relativePath } from '../model/path.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { decodeEntry, encodeEntry, entryHash } from './entry-codec.ts';
import { entry } from './testing/arbitrary-entries.ts';

const author = deviceKey('a1'.repeat(32));
const other = deviceKey('b2'.repeat(32));
const fuzzRuns = Number(process.env.LOCKSTEP_FUZZ ?? 2000);
const timeout = 30_000 + fuzzRuns * 5;

const plain: Entry = {
  kind: 'file',
  path: relativePath('docs/a.txt'),
  dot: { incarnation: incarnationId('0102030405060708'), counter: 7 },
  past: { vector: [{ incarnation: incarnationId('0102030405060708'), counter: 7 }], except: [] },
  changedAt: 1_700_000_000_000,
  from: [hashPrefix('1111111111111111')],
  found: false,
  file: { sizeBytes: 5, executable: true, modifiedAtNs: -1n, content: hash('cc'.repeat(32)) },
};
const limits = { maxBytes: 64 * 1024, maxItems: 4096 };
const fieldsOf = (of: Entry): CborValue[] => [...(decodeCanonical(encodeEntry(of), limits) as CborValue[])];
const withField = (place: number, value: CborValue, of: Entry = plain): Uint8Array => {
  const fields = fieldsOf(of);
  fields[place] = value;
  return encodeCanonical(fields);
};
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function verdict(bytes: Uint8Array): string {
  try {
    decodeEntry(bytes, author);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return error.code === 'peer-misbehaved' ? String(error.facts.what) : error.code;
  }
}

describe('entries', () => {
  test('[PR10] have one fixed form', () => {
    expect(bytesToHex(encodeEntry(plain))).toBe(
      `8a01004a646f63732f612e74787448010203040506070807828182480102030405060708${'07'}80` +
        `1b0000018bcfe5680048111111111111111100840501${'82201a3b9ac9ff'}5820${'cc'.repeat(32)}`,
    );
    expect(entryHash(encodeEntry(plain), author)).toBe(
      'd0d791205824736a9f91d1574bb569303c2f422d80a904bd88888c3302c48c99',
    );
  });

  test('[PR10] come back as they were', () => {
    fc.assert(
      fc.property(entry, (written) => {
        const member = decodeEntry(encodeEntry(written), author);
        expect(member.entry).toEqual(written);
        expect(member.author).toBe(author);
      }),
      { numRuns: 500 },
    );
  });

  test('[PR11] the same bytes by another author are another entry', () => {
    const bytes = encodeEntry(plain);
    expect(decodeEntry(bytes, author).hash).not.toBe(decodeEntry(bytes, other).hash);
    expect(decodeEntry(bytes, author).hash).toBe(entryHash(bytes, author));
  });

  test('[PR12] unknown fields at the end are passed over and belong to the hash', () => {
    const body = [...(fieldsOf(plain)[9] as CborValue[]), [1, utf8('later')]];
    const bytes = encodeCanonical([...fieldsOf(plain).slice(0, 9), body, 42]);
    const member = decodeEntry(bytes, author);
    expect(member.entry).toEqual(plain);
    expect(member.hash).not.toBe(entryHash(encodeEntry(plain), author));
  });

  test('[PR12] another version is no misbehaviour', () => {
    expect(verdict(withField(0, 2))).toBe('version-unsupported');
    expect(verdict(encodeCanonical([2]))).toBe('version-unsupported');
    expect(verdict(withField(0, 0))).toBe('entry-version');
  });

  const ownDot = [hexToBytes('0102030405060708'), 7];
  const many = (count: number): CborValue => [
    Array.from({ length: count }, (_, i) => [
      hexToBytes(`01020304050607${(8 + i).toString(16).padStart(4, '0').slice(2)}`),
      9,
    ]),
    [],
  ];
  test.each<[string, Uint8Array, string]>([
    ['an absolute path', withField(2, utf8('/etc/passwd')), 'entry-path'],
    ['a path that leaves the folder', withField(2, utf8('a/../../b')), 'entry-path'],
    ['a private path', withField(2, utf8('a/.LockStep/x')), 'entry-path'],
    ['a path not in NFC', withField(2, utf8('e\u0301')), 'entry-path'],
    ['a path with NUL', withField(2, utf8('a\0b')), 'entry-path'],
    ['a path that is not UTF-8', withField(2, Uint8Array.of(0xc0, 0x80)), 'entry-path'],
    ['a path with a lone surrogate', withField(2, Uint8Array.of(0xed, 0xa0, 0x80)), 'entry-path'],
    ['a path that is too long', withField(2, utf8('a/'.repeat(2048) + 'a')), 'entry-path'],
    ['an unknown kind', withField(1, 4), 'entry-kind'],
    ['a short incarnation', withField(3, new Uint8Array(7)), 'dot'],
    ['a counter of nothing', withField(4, 0), 'dot'],
    ['a past without the write itself', withField(4, 8), 'entry-past-without-dot'],
    ['a past that excepts the write itself', withField(5, [[ownDot], [ownDot]]), 'entry-past-without-dot'],
    ['a past out of order', withField(5, [[ownDot, [new Uint8Array(8), 1]], []]), 'entry-past'],
    [
      'a past that names an incarnation twice',
      withField(5, [[[hexToBytes('0102030405060708'), 6], ownDot], []]),
      'entry-past',
    ],
    [
      'an exception outside the vector',
      withField(5, [[ownDot], [[hexToBytes('0102030405060708'), 8]]]),
      'entry-past',
    ],
    [
      'too many exceptions',
      withField(5, [
        [[hexToBytes('0102030405060708'), 99]],
        Array.from({ length: 65 }, (_, i) => [hexToBytes('0102030405060708'), i + 8]),
      ]),
      'entry-past',
    ],
    ['too many incarnations', withField(5, many(257)), 'entry-past'],
    ['a time before the first', withField(6, -1), 'entry-changed-at'],
    ['a from that is no whole number of prefixes', withField(7, new Uint8Array(9)), 'entry-from'],
    ['a from that is too long', withField(7, new Uint8Array(17 * 8)), 'entry-from'],
    ['a flag that is no flag', withField(8, 2), 'entry-found'],
    ['a negative size', withField(9, [-1, 0, [0, 0], new Uint8Array(32)]), 'entry-size'],
    [
      'nanoseconds beyond a second',
      withField(9, [1, 0, [0, 1_000_000_000], new Uint8Array(32)]),
      'entry-modified-at',
    ],
    [
      'seconds beyond 64 bits of nanoseconds',
      withField(9, [1, 0, [9_223_372_036, 0], new Uint8Array(32)]),
      'entry-modified-at',
    ],
    ['a content that is no hash', withField(9, [1, 0, [0, 0], new Uint8Array(31)]), 'entry-content'],
    ['a file without a body', withField(9, []), 'entry-file'],
    [
      'an entry that is too long',
      encodeCanonical([...fieldsOf(plain), new Uint8Array(32 * 1024)]),
      'cbor-too-long',
    ],
    ['an entry cut short', encodeCanonical(fieldsOf(plain).slice(0, 9)), 'entry'],
    ['a number', encodeCanonical(1), 'entry'],
  ])('[PR12] refuses %s', (_says, bytes, fault) => {
    expect(verdict(bytes)).toBe(fault);
  });

  const link: Entry = { ...plain, kind: 'symlink', symlink: { target: 'x' } };
  test.each<[string, Uint8Array, string]>([
    ['an empty target', withField(9, [new Uint8Array(0)], link), 'entry-target'],
    ['a target with NUL', withField(9, [utf8('a\0')], link), 'entry-target'],
    ['a target that is too long', withField(9, [new Uint8Array(4097).fill(65)], link), 'entry-target'],
    ['a target that is not UTF-8', withField(9, [Uint8Array.of(0xff)], link), 'entry-target'],
  ])('[PR12] refuses %s', (_says, bytes, fault) => {
    expect(verdict(bytes)).toBe(fault);
  });

  test('[PR12] an author cannot write what a reader would refuse', () => {
    expect(() => encodeEntry({ ...plain, past: emptyPast })).toThrow('entry-past-without-dot');
  });

  test('[PR10] a byte order mark is part of a name', () => {
    const marked = { ...plain, path: relativePath('\ufeffa') };
    expect(decodeEntry(encodeEntry(marked), author).entry.path).toBe('\ufeffa');
  });

  test('[PR10] times beyond 64 bits of nanoseconds are cut to the edge', () => {
    const at = (modifiedAtNs: bigint): bigint => {
      const written = { ...plain, file: { ...plain.file, modifiedAtNs } } as Entry;
      const { entry: read } = decodeEntry(encodeEntry(written), author);
      return read.kind === 'file' ? read.file.modifiedAtNs : 0n;
    };
    expect(at(10n ** 20n)).toBe(9_223_372_035_999_999_999n);
    expect(at(-(10n ** 20n))).toBe(-9_223_372_035_000_000_000n);
  });

  test('[PR2] damaged bytes are read as something else or refused, never more', { timeout }, () => {
    fc.assert(
      fc.property(entry, fc.nat(), fc.nat(255), fc.nat(), (written, at, byte, cut) => {
        const bytes = encodeEntry(written).slice();
        bytes[at % bytes.length] = byte;
        expect(typeof verdict(bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length))).toBe(
          'string',
        );
      }),
      { numRuns: fuzzRuns },
    );
  });
});
