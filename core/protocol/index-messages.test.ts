import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SyncError } from '../model/errors.ts';
import { deviceKey, folderId, hash, incarnationId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import {
  type BlockAnswer,
  type BlockRequest,
  decodeBlockAnswer,
  decodeBlockRequest,
  encodeBlockAnswer,
  encodeBlockRequest,
} from './block-messages.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { maxFrameBytes } from './frame-stream.ts';
import { decodeIndexMessage, encodeIndexMessage, type IndexMessage } from './index-messages.ts';
import { blockAnswer, blockRequest, message } from './testing/arbitrary-messages.ts';
import type { WireTrieNode } from './trie-codec.ts';

const fuzzRuns = Number(process.env.LOCKSTEP_FUZZ ?? 2000);
const timeout = 30_000 + fuzzRuns * 5;
const limits = { maxBytes: 1 << 20, maxItems: 1 << 16 };

function verdict(decode: () => unknown): string {
  try {
    return decode() === undefined ? 'ignored' : 'accepted';
  } catch (error) {
    if (error instanceof SyncError && error.code === 'peer-misbehaved') return String(error.facts.what);
    throw error;
  }
}
const verdictOf = (fields: CborValue): string => verdict(() => decodeIndexMessage(encodeCanonical(fields)));
const sample = (type: IndexMessage['type']): CborValue[] => {
  const [found] = fc.sample(
    message.filter((m) => m.type === type),
    { numRuns: 1, seed: 7 },
  );
  return [...(decodeCanonical(encodeIndexMessage(found as IndexMessage), limits) as CborValue[])];
};
const hash32 = new Uint8Array(32);

describe('messages about folders', () => {
  test('[PR15] come back as they were, with fields of later versions passed over', () => {
    fc.assert(
      fc.property(message, (written) => {
        const frame = encodeIndexMessage(written);
        expect(decodeIndexMessage(frame)).toEqual(written);
        const longer = [...(decodeCanonical(frame, limits) as CborValue[]), [1, 2]];
        expect(decodeIndexMessage(encodeCanonical(longer))).toEqual(written);
      }),
      { numRuns: 500 },
    );
  });

  test('[PR15] unknown types are ignored', () => {
    expect(verdictOf([13])).toBe('ignored');
    expect(verdictOf([99, 1, new Uint8Array(3)])).toBe('ignored');
    expect(verdictOf([])).toBe('message');
    expect(verdictOf([-1])).toBe('message-type');
  });

  test('[PR22] chunks told ahead have a path, and a size for each hash, of both no more than fit a frame', () => {
    const ahead = (change: Readonly<Record<number, CborValue>>): CborValue => {
      const sizes = new Uint8Array(8);
      const fields = [12, new Uint8Array(16), hash32, Uint8Array.of(0x61), 9, 0, new Uint8Array(64), sizes];
      return fields.map((value, at) => change[at] ?? value);
    };
    expect(verdictOf(ahead({}))).toBe('accepted');
    const wrong = [
      { 2: new Uint8Array(31) },
      { 3: new TextEncoder().encode('../a') },
      { 3: Uint8Array.of(0xff) },
      { 4: -1 },
      { 5: 2 ** 40 },
      { 6: new Uint8Array(32) },
      { 7: new Uint8Array(7) },
      { 6: new Uint8Array(32 * 7001), 7: new Uint8Array(4 * 7001) },
    ];
    expect(wrong.map((change) => verdictOf(ahead(change)))).toEqual(wrong.map(() => 'ahead'));
  });

  test('[PR15] a reason of a later version is another reason', () => {
    const fields = sample('announce');
    fields[8] = [[77, 3]];
    const read = decodeIndexMessage(encodeCanonical(fields));
    expect(read).toMatchObject({ announcement: { notHeld: [{ reason: 'other', paths: 3 }] } });
  });

  test.each<[string, CborValue[], string]>([
    ['a prefix with digits left over', [2, 1, new Uint8Array(16), 0, [Uint8Array.of(1, 0x12)]], 'prefix'],
    ['a prefix of more digits than bytes', [2, 1, new Uint8Array(16), 0, [Uint8Array.of(4, 0x12)]], 'prefix'],
    [
      'too many prefixes',
      [2, 1, new Uint8Array(16), 0, Array.from({ length: 65 }, () => Uint8Array.of(0))],
      'prefixes',
    ],
    ['a third trie', [2, 1, new Uint8Array(16), 2, [Uint8Array.of(0)]], 'trie'],
    ['a question without an id', [2, 0, new Uint8Array(16), 0, [Uint8Array.of(0)]], 'message-id'],
    ['a short folder id', [9, new Uint8Array(15)], 'folder-id'],
    ['keys cut short', [4, 1, new Uint8Array(16), [], new Uint8Array(30)], 'keys'],
    ['too many keys', [4, 1, new Uint8Array(16), [], new Uint8Array(1025 * 20)], 'keys'],
    ['a leaf that is too full', [3, 1, [[Uint8Array.of(0), new Uint8Array(65 * 52)]]], 'node'],
    ['a leaf out of order', [3, 1, [[Uint8Array.of(0), new Uint8Array(2 * 52)]]], 'node'],
    ['a leaf of other keys', [3, 1, [[Uint8Array.of(2, 0xff), new Uint8Array(52)]]], 'node'],
    [
      'a child that is not below',
      [3, 1, [[Uint8Array.of(2, 0xab), [[Uint8Array.of(2, 0xab), hash32, 1]]]]],
      'node',
    ],
    [
      'two children with one digit',
      [
        3,
        1,
        [
          [
            Uint8Array.of(0),
            [
              [Uint8Array.of(2, 0xa1), hash32, 1],
              [Uint8Array.of(2, 0xa2), hash32, 1],
            ],
          ],
        ],
      ],
      'node',
    ],
    [
      'an entry of a set that is not there',
      [5, 1, new Uint8Array(16), [], [[0, 0, Uint8Array.of(1)]], 0],
      'entry-place',
    ],
    [
      'an entry beyond its set',
      [
        5,
        1,
        new Uint8Array(16),
        [[hash32, 1, hash32, new Uint8Array(64), new Uint8Array(0)]],
        [[0, 1, Uint8Array.of(1)]],
        0,
      ],
      'entry-place',
    ],
    [
      'a set that is too large',
      [5, 1, new Uint8Array(16), [[hash32, 1025, hash32, new Uint8Array(64), new Uint8Array(0)]], [], 0],
      'change-set',
    ],
    [
      'a hash list of another length',
      [5, 1, new Uint8Array(16), [[hash32, 2, hash32, new Uint8Array(64), new Uint8Array(32)]], [], 0],
      'change-set-hashes',
    ],
    [
      'an entry that is too long',
      [
        5,
        1,
        new Uint8Array(16),
        [[hash32, 1, hash32, new Uint8Array(64), new Uint8Array(0)]],
        [[0, 0, new Uint8Array(32769)]],
        0,
      ],
      'entry',
    ],
    [
      'too many entries',
      [
        5,
        1,
        new Uint8Array(16),
        [[hash32, 1, hash32, new Uint8Array(64), new Uint8Array(0)]],
        Array.from({ length: 1025 }, () => [0, 0, Uint8Array.of(1)]),
        0,
      ],
      'entries',
    ],
    ['an unknown ending', [5, 1, new Uint8Array(16), [], [], 3], 'ending'],
    ['chunks beyond the manifest', [7, 1, 0, 10, 1, 1, new Uint8Array(32), new Uint8Array(4)], 'manifest'],
    [
      'hashes that do not fit the sizes',
      [7, 1, 0, 10, 2, 0, new Uint8Array(32), new Uint8Array(8)],
      'manifest',
    ],
    [
      'a floor out of order',
      sample('announce').with(3, [
        [new Uint8Array(8).fill(2), 1],
        [new Uint8Array(8), 1],
      ]),
      'floor',
    ],
    [
      'a context with an incarnation twice',
      sample('announce').with(5, [
        [new Uint8Array(8), 1],
        [new Uint8Array(8), 2],
      ]),
      'context',
    ],
    ['no words at all', sample('applied').with(2, []), 'applied'],
    [
      'a word with a serial of none',
      sample('applied').with(2, [[hash32, 0, 1, [], new Uint8Array(64)]]),
      'applied',
    ],
    [
      'a word on a folder that is not kept, and yet shown',
      sample('applied').with(2, [[hash32, 1, 0, [[new Uint8Array(8), 1]], new Uint8Array(64)]]),
      'applied',
    ],
    [
      'a word with half a signature',
      sample('applied').with(2, [[hash32, 1, 1, [], new Uint8Array(32)]]),
      'applied',
    ],
  ])('[PR16] refuses %s', (_says, fields, fault) => {
    expect(verdictOf(fields)).toBe(fault);
  });

  test('[PR2] damaged messages are read as something else, ignored or refused, never more', {
    timeout,
  }, () => {
    fc.assert(
      fc.property(
        message,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (written, damages) => {
          const frame = encodeIndexMessage(written).slice();
          for (const [at, byte] of damages) frame[at % frame.length] = byte;
          expect(typeof verdict(() => decodeIndexMessage(frame))).toBe('string');
        },
      ),
      { numRuns: fuzzRuns },
    );
  });

  test('[PR2] random bytes are refused or ignored', { timeout }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (frame) => {
        for (const decode of [decodeIndexMessage, decodeBlockRequest, decodeBlockAnswer])
          expect(typeof verdict(() => decode(frame))).toBe('string');
      }),
      { numRuns: fuzzRuns },
    );
  });

  test('[PR16] [A36] the fullest messages an honest device sends fit a frame', () => {
    const leaf = (prefixOfLeaf: string): WireTrieNode => ({
      kind: 'leaf',
      prefix: prefixOfLeaf,
      items: Array.from({ length: 64 }, (_, i) => ({
        key: prefixOfLeaf + i.toString(16).padStart(38, '0'),
        digest: hash('dd'.repeat(32)),
      })),
    });
    const nodes = Array.from({ length: 64 }, (_, i) => leaf(i.toString(16).padStart(2, '0')));
    expect(encodeIndexMessage({ type: 'nodes', id: 1, nodes }).length).toBeLessThan(256 * 1024);
    const long = Array.from({ length: 4096 }, (_, i) => ({
      incarnation: incarnationId(i.toString(16).padStart(16, '0')),
      counter: 2 ** 52,
    }));
    const announcement = {
      folderId: folderId('00'.repeat(16)),
      stateRoot: hash('dd'.repeat(32)),
      floor: long,
      quarantine: undefined,
      context: long,
      materialisedRoot: hash('dd'.repeat(32)),
      heldPaths: 1,
      needPaths: 1,
      needBytes: 1,
      notHeld: [],
      busy: true,
      approvals: long.slice(0, 256).map((dot) => ({ ...dot, author: deviceKey('ee'.repeat(32)) })),
      applied: hash('dd'.repeat(32)),
      runs: long
        .slice(0, 1024)
        .map(({ incarnation }) => ({ incarnation, generation: 2 ** 52, run: 'ab'.repeat(8) })),
      leftOut: Array.from({ length: 4096 }, () => 'ffffffff'),
      commonRoot: hash('dd'.repeat(32)),
    };
    expect(() =>
      decodeIndexMessage(
        encodeIndexMessage({ type: 'announce', announcement: { ...announcement, leftOut: ['ffffff'] } }),
      ),
    ).toThrow(expect.objectContaining({ code: 'peer-misbehaved' }));
    const frame = encodeIndexMessage({ type: 'announce', announcement });
    expect(frame.length).toBeLessThan(maxFrameBytes['/lockstep/ctl/1']);
    expect(decodeIndexMessage(frame)).toEqual({ type: 'announce', announcement });
  });
});

describe('packed messages', () => {
  type Entries = Extract<IndexMessage, { type: 'entries' }>;
  const entriesOf = (bytes: readonly Uint8Array[]): Entries => ({
    type: 'entries',
    id: 0,
    folderId: folderId('ab'.repeat(16)),
    sets: [
      {
        author: deviceKey('ee'.repeat(32)),
        count: 1024,
        root: hash('dd'.repeat(32)),
        signature: new Uint8Array(64),
        hashes: undefined,
      },
    ],
    entries: bytes.map((each, position) => ({ set: 0, position, bytes: each, proof: undefined })),
    ending: 'end',
  });
  const text = new TextEncoder();
  const alike = entriesOf(Array.from({ length: 500 }, (_, i) => text.encode(`many/file ${i}.txt, deleted`)));
  const plainOf = (frame: Uint8Array): Uint8Array => {
    const [code, sizeBytes, packed] = decodeCanonical(frame, limits) as [number, number, Uint8Array];
    expect(code).toBe(11);
    const plain = brotliDecompressSync(packed);
    expect(plain.length).toBe(sizeBytes);
    return plain;
  };
  const packed = (plain: Uint8Array, sizeBytes = plain.length): CborValue[] => [
    11,
    sizeBytes,
    new Uint8Array(brotliCompressSync(plain)),
  ];

  test('[PR20] many entries that are alike take a fraction of the room and come back as they were', () => {
    const frame = encodeIndexMessage(alike);
    expect(decodeIndexMessage(frame)).toEqual(alike);
    const plain = plainOf(frame);
    expect(frame.length).toBeLessThan(plain.length / 5);
    expect(decodeIndexMessage(plain)).toEqual(alike);
    expect(decodeIndexMessage(encodeCanonical([...packed(plain), [1, 2]]))).toEqual(alike);
  });

  test('[PR20] a few entries, and such as nothing repeats in, go as they are', () => {
    const noise = Array.from(
      { length: 40 },
      (_, i) => new Uint8Array(createHash('sha512').update(`${i}`).digest()),
    );
    for (const message of [entriesOf(noise), entriesOf([text.encode('a'.repeat(500))])]) {
      const [code] = decodeCanonical(encodeIndexMessage(message), limits) as [number];
      expect(code).toBe(5);
    }
  });

  const bye = encodeCanonical([8, 1]);
  const frameLimit = maxFrameBytes['/lockstep/ctl/1'];
  const zeros = encodeCanonical([99, new Uint8Array(frameLimit - 8)]);
  const bomb = new Uint8Array(brotliCompressSync(new Uint8Array(64 << 20)));

  test('[PR20] anything may be packed, up to the largest frame; what is not known is ignored', () => {
    expect(decodeIndexMessage(encodeCanonical(packed(bye)))).toEqual({ type: 'bye', reason: 'stopping' });
    expect(verdictOf(packed(zeros))).toBe('ignored');
  });

  test.each<[string, CborValue[], string]>([
    ['a packed message in a packed one', packed(encodeCanonical(packed(bye))), 'packed'],
    ['more than was said', packed(bye, bye.length - 1), 'packed'],
    ['less than was said', packed(bye, bye.length + 1), 'packed'],
    ['a size beyond a frame', packed(new Uint8Array(frameLimit + 1)), 'packed'],
    ['a size of nothing', packed(new Uint8Array(0)), 'packed'],
    ['a bomb that claims a frame', [11, frameLimit, bomb], 'packed'],
    ['a bomb that says what it is', [11, 64 << 20, bomb], 'packed'],
    ['noise', [11, 100, new Uint8Array(100).fill(0xff)], 'packed'],
    ['no bytes', [11, 100, new Uint8Array(0)], 'packed'],
    ['no size', [11], 'packed'],
    ['bytes cut short', [11, zeros.length, (packed(zeros)[2] as Uint8Array).slice(0, -1)], 'packed'],
    ['bytes behind the end', [11, bye.length, Uint8Array.of(...(packed(bye)[2] as Uint8Array), 0)], 'packed'],
    ['what is no message', packed(new Uint8Array(100).fill(0xff)), 'cbor-foreign-type'],
    ['what is malformed', packed(encodeCanonical([2, 1])), 'folder-id'],
  ])('[PR20] [A35] refuses %s', (_says, fields, fault) => {
    expect(verdictOf(fields)).toBe(fault);
  });
});

describe('messages about blocks', () => {
  test('[PR17] come back as they were', () => {
    fc.assert(
      fc.property(blockRequest, (written) => {
        expect(decodeBlockRequest(encodeBlockRequest(written))).toEqual(written);
      }),
    );
    fc.assert(
      fc.property(blockAnswer, (written) => {
        expect(decodeBlockAnswer(encodeBlockAnswer(written))).toEqual(written);
      }),
    );
    expect(
      decodeBlockAnswer(encodeBlockRequest(fc.sample(blockRequest, 1)[0] as BlockRequest)),
    ).toBeUndefined();
    expect(
      decodeBlockRequest(encodeBlockAnswer(fc.sample(blockAnswer, 1)[0] as BlockAnswer)),
    ).toBeUndefined();
  });

  test('[PR17] spans of an unfinished file neither touch nor overlap, and an answer with the most of them is no larger than its frame', () => {
    const answerWith = (...parts: { spans: Span[] }[]): BlockAnswer => ({
      id: 1,
      statuses: ['not-yet'],
      parts: parts.map(({ spans }) => ({ content: hash('22'.repeat(32)), spans })),
    });
    const verdictOn = (spans: Span[]): string =>
      verdict(() => decodeBlockAnswer(encodeBlockAnswer(answerWith({ spans }))));
    expect(verdictOn([])).toBe('accepted');
    expect(
      verdictOn([
        { start: 0, end: 5 },
        { start: 6, end: 7 },
      ]),
    ).toBe('accepted');
    expect(
      verdictOn([
        { start: 0, end: 5 },
        { start: 5, end: 7 },
      ]),
    ).toBe('spans');
    expect(
      verdictOn([
        { start: 3, end: 5 },
        { start: 1, end: 7 },
      ]),
    ).toBe('spans');
    expect(verdictOn([{ start: 3, end: 3 }])).toBe('spans');
    const most = Array.from({ length: 512 }, (_, i) => ({
      start: Number.MAX_SAFE_INTEGER - 5000 + 2 * i,
      end: Number.MAX_SAFE_INTEGER - 4999 + 2 * i,
    }));
    expect(verdictOn(most)).toBe('accepted');
    expect(verdictOn([{ start: 0, end: 1 }, ...most])).toBe('spans');
    const widest: BlockAnswer = {
      id: Number.MAX_SAFE_INTEGER,
      statuses: Array.from({ length: 64 }, () => 'not-yet'),
      parts: [
        ...answerWith({ spans: most }).parts,
        ...Array.from({ length: 63 }, () => ({ content: hash('33'.repeat(32)), spans: [] })),
      ],
    };
    expect(decodeBlockAnswer(encodeBlockAnswer(widest))).toEqual(widest);
  });

  test('[PR17] a request is at most 1 MiB, or one block of 8 MiB', () => {
    const item = (sizeBytes: number) => ({
      hash: hash('11'.repeat(32)),
      sizeBytes,
      content: hash('22'.repeat(32)),
      offset: 0,
    });
    const verdictOn = (sizes: readonly number[]): string =>
      verdict(() =>
        decodeBlockRequest(
          encodeBlockRequest({
            want: 'blocks',
            id: 1,
            folderId: folderId('00'.repeat(16)),
            items: sizes.map(item),
          }),
        ),
      );
    expect(verdictOn([8 << 20])).toBe('accepted');
    expect(verdictOn([(8 << 20) + 1])).toBe('block-item');
    expect(verdictOn([1 << 19, 1 << 19])).toBe('accepted');
    expect(verdictOn([1 << 19, 1 << 19, 1])).toBe('block-request');
    expect(verdictOn([])).toBe('block-request');
    expect(verdictOn(Array.from({ length: 65 }, () => 1))).toBe('block-request');
  });
});
