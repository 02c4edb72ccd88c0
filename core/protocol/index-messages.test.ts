import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import { deviceKey, folderId, hash, incarnationId } from '../model/ids.ts';
import { joinVectors } from '../model/past.ts';
import {
  type BlockRequest,
  decodeBlockAnswer,
  decodeBlockRequest,
  encodeBlockAnswer,
  encodeBlockRequest,
} from './block-messages.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from './cbor.ts';
import { maxFrameBytes } from './frame-stream.ts';
import { decodeIndexMessage, encodeIndexMessage, type IndexMessage } from './index-messages.ts';
import type { WireTrieNode } from './trie-codec.ts';

const fuzzRuns = Number(process.env.LOCKSTEP_FUZZ ?? 2000);
const timeout = 30_000 + fuzzRuns * 5;
const limits = { maxBytes: 1 << 20, maxItems: 1 << 16 };

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hexId = (length: number) => bytes(length).map(bytesToHex);
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyHash = hexId(32).map(hash);
const anyFolder = hexId(16).map(folderId);
const hexDigits = Array.from('0123456789abcdef');
const prefix = fc.string({ unit: fc.constantFrom(...hexDigits), maxLength: 40 });
const key = hexId(20);
const vector = fc
  .array(fc.record({ incarnation: hexId(8).map(incarnationId), counter: id }), { maxLength: 5 })
  .map((items) => joinVectors(items, []));
const reason = fc.constantFrom(
  'ignored',
  'unselected',
  'name',
  'space',
  'kind',
  'implied',
  'lingering',
  'waiting',
  'local-change',
  'other',
);
const node: fc.Arbitrary<WireTrieNode | undefined> = fc.oneof(
  fc.constant(undefined),
  fc
    .record({ keys: fc.uniqueArray(key, { minLength: 1, maxLength: 64 }), digest: anyHash })
    .map(({ keys, digest }) => ({
      kind: 'leaf' as const,
      prefix: '',
      items: keys.toSorted().map((k) => ({ key: k, digest })),
    })),
  fc
    .record({
      at: prefix.filter((p) => p.length < 39),
      digits: fc.subarray(hexDigits, { minLength: 1 }),
      hash: anyHash,
      paths: id,
    })
    .map(({ at, digits, hash: childHash, paths }) => ({
      kind: 'inner' as const,
      prefix: at,
      children: digits.map((digit) => ({ prefix: at + digit, hash: childHash, paths })),
    })),
);
const set = fc
  .record({
    author: hexId(32).map(deviceKey),
    count: fc.integer({ min: 1, max: 8 }),
    root: anyHash,
    signature: bytes(64),
    listed: fc.boolean(),
  })
  .map(({ listed, ...rest }) => ({
    ...rest,
    hashes: listed ? new Uint8Array(rest.count * 32).fill(3) : undefined,
  }));
const message: fc.Arbitrary<IndexMessage> = fc.oneof(
  fc
    .record({
      folderId: anyFolder,
      stateRoot: anyHash,
      floor: vector,
      quarantine: fc.option(anyHash, { nil: undefined }),
      context: vector,
      materialisedRoot: anyHash,
      heldPaths: count,
      needPaths: count,
      needBytes: count,
      notHeld: fc.array(fc.record({ reason, paths: count }), { maxLength: 10 }),
      busy: fc.boolean(),
      approvals: fc.array(
        fc.record({
          author: hexId(32).map(deviceKey),
          incarnation: hexId(8).map(incarnationId),
          counter: id,
        }),
        { maxLength: 5 },
      ),
      applied: fc.option(anyHash, { nil: undefined }),
      runs: fc.array(fc.record({ incarnation: hexId(8).map(incarnationId), generation: id, run: hexId(8) }), {
        maxLength: 4,
      }),
      leftOut: fc.array(hexId(4), { maxLength: 3 }),
      commonRoot: fc.option(anyHash, { nil: undefined }),
    })
    .map((announcement) => ({ type: 'announce' as const, announcement })),
  fc.record({ type: fc.constant('withdraw' as const), folderId: anyFolder }),
  fc.record({
    type: fc.constant('applied' as const),
    folderId: anyFolder,
    statements: fc.array(
      fc.record({
        device: hexId(32).map(deviceKey),
        serial: id,
        applied: fc.option(vector, { nil: undefined }),
        signature: bytes(64),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  fc.record({
    type: fc.constant('get-nodes' as const),
    id,
    folderId: anyFolder,
    trie: fc.constantFrom('state' as const, 'materialised' as const),
    prefixes: fc.array(prefix, { minLength: 1, maxLength: 64 }),
  }),
  fc.record({ type: fc.constant('nodes' as const), id, nodes: fc.array(node, { maxLength: 8 }) }),
  fc.record({
    type: fc.constant('get-entries' as const),
    id,
    folderId: anyFolder,
    prefixes: fc.array(prefix, { maxLength: 64 }),
    keys: fc.array(key, { maxLength: 100 }),
  }),
  fc.record({
    type: fc.constant('entries' as const),
    id: fc.nat(),
    folderId: anyFolder,
    sets: fc.array(set, { minLength: 1, maxLength: 4 }),
    entries: fc.array(
      fc.record({
        set: fc.constant(0),
        position: fc.constant(0),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 99 }),
        proof: fc.option(bytes(64), { nil: undefined }),
      }),
      { maxLength: 5 },
    ),
    ending: fc.constantFrom('more' as const, 'end' as const, 'refused' as const),
  }),
  fc.record({ type: fc.constant('get-manifest' as const), id, folderId: anyFolder, content: anyHash }),
  fc
    .record({
      id,
      status: fc.constantFrom('here' as const, 'not-here' as const, 'not-allowed' as const),
      sizeBytes: count,
      sizes: fc.uint32Array({ maxLength: 20 }),
      first: fc.nat({ max: 100 }),
    })
    .map(({ first, sizes, ...rest }) => ({
      type: 'manifest' as const,
      ...rest,
      totalChunks: first + sizes.length + 1,
      firstChunk: first,
      hashes: new Uint8Array(sizes.length * 32).fill(9),
      sizes,
    })),
  fc.record({
    type: fc.constant('bye' as const),
    reason: fc.constantFrom(
      'stopping' as const,
      'replaced' as const,
      'not-allowed' as const,
      'misbehaved' as const,
      'other' as const,
    ),
  }),
);
const blockRequest: fc.Arbitrary<BlockRequest> = fc.record({
  id,
  folderId: anyFolder,
  items: fc.array(
    fc.record({ hash: anyHash, sizeBytes: fc.nat({ max: 16384 }), content: anyHash, offset: count }),
    { minLength: 1, maxLength: 64 },
  ),
});

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
    expect(verdictOf([11])).toBe('ignored');
    expect(verdictOf([99, 1, new Uint8Array(3)])).toBe('ignored');
    expect(verdictOf([])).toBe('message');
    expect(verdictOf([-1])).toBe('message-type');
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

  test('[PR16] the fullest messages an honest device sends fit a frame', () => {
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
    const frame = encodeIndexMessage({ type: 'announce', announcement });
    expect(frame.length).toBeLessThan(maxFrameBytes['/lockstep/ctl/1']);
    expect(decodeIndexMessage(frame)).toEqual({ type: 'announce', announcement });
  });
});

describe('messages about blocks', () => {
  test('[PR17] come back as they were', () => {
    fc.assert(
      fc.property(blockRequest, (written) => {
        expect(decodeBlockRequest(encodeBlockRequest(written))).toEqual(written);
      }),
    );
    const answer = { id: 3, statuses: ['here', 'not-here', 'busy', 'not-allowed'] as const };
    expect(decodeBlockAnswer(encodeBlockAnswer(answer))).toEqual(answer);
    expect(
      decodeBlockAnswer(encodeBlockRequest(fc.sample(blockRequest, 1)[0] as BlockRequest)),
    ).toBeUndefined();
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
          encodeBlockRequest({ id: 1, folderId: folderId('00'.repeat(16)), items: sizes.map(item) }),
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
