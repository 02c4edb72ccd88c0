/** Any message about folders and blocks that an honest device could send. */
import fc from 'fast-check';
import { bytesToHex } from '../../base/pure.ts';
import { deviceKey, folderId, hash, incarnationId } from '../../model/ids.ts';
import { joinVectors } from '../../model/past.ts';
import { relativePath } from '../../model/path.ts';
import type { BlockAnswer, BlockRequest } from '../block-messages.ts';
import type { IndexMessage, WireEntry } from '../index-messages.ts';
import type { WireTrieNode } from '../trie-codec.ts';

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
export const node: fc.Arbitrary<WireTrieNode | undefined> = fc.oneof(
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
const wireEntry: fc.Arbitrary<WireEntry> = fc.record({
  set: fc.constant(0),
  position: fc.constant(0),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 99 }),
  proof: fc.option(bytes(64), { nil: undefined }),
});
export const message: fc.Arbitrary<IndexMessage> = fc.oneof(
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
  fc.integer({ min: 0, max: 20 }).chain((chunks) =>
    fc.record({
      type: fc.constant('ahead' as const),
      chunks: fc.record({
        folderId: anyFolder,
        reading: anyHash,
        path: fc.constantFrom(relativePath('film'), relativePath('films/a b.mkv')),
        sizeBytes: count,
        firstChunk: fc.nat({ max: 1_000_000 }),
        hashes: bytes(chunks * 32),
        sizes: fc
          .array(fc.nat(0xff_ff_ff_ff), { minLength: chunks, maxLength: chunks })
          .map((sizes) => Uint32Array.from(sizes)),
      }),
    }),
  ),
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
    // A few different ones, or many that are alike: those go packed.
    entries: fc.oneof(
      fc.array(wireEntry, { maxLength: 5 }),
      fc.tuple(wireEntry, fc.nat({ max: 60 })).map(([entry, times]) => Array(times).fill(entry)),
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
export const blockRequest: fc.Arbitrary<BlockRequest> = fc.record({
  want: fc.constantFrom('blocks' as const, 'pieces' as const),
  id,
  folderId: anyFolder,
  items: fc.array(
    fc.record({ hash: anyHash, sizeBytes: fc.nat({ max: 16384 }), content: anyHash, offset: count }),
    { minLength: 1, maxLength: 64 },
  ),
});

const spans = fc
  .uniqueArray(count, { maxLength: 16 })
  .map((bounds) => bounds.toSorted((a, b) => a - b))
  .map((bounds) =>
    Array.from({ length: Math.floor(bounds.length / 2) }, (_, i) => ({
      start: bounds[2 * i] as number,
      end: bounds[2 * i + 1] as number,
    })),
  );
export const blockAnswer: fc.Arbitrary<BlockAnswer> = fc.record({
  id,
  statuses: fc.array(
    fc.constantFrom(
      'here' as const,
      'not-here' as const,
      'busy' as const,
      'not-allowed' as const,
      'not-yet' as const,
    ),
    { minLength: 1, maxLength: 64 },
  ),
  parts: fc.array(fc.record({ content: anyHash, spans }), { maxLength: 8 }),
});
