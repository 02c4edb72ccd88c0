import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareText } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { TrieNode } from './folder-index.ts';
import { toBlob } from './hex.ts';
import { sampleHash } from './testing/samples.ts';
import { itemBytes, writeItem } from './trie-items.ts';
import { createMerkleTrie, type MerkleTrie } from './trie.ts';

type Items = ReadonlyMap<string, Hash>;

const under = (items: Items, prefix: string): Map<string, Hash> =>
  new Map([...items].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => compareText(a, b)));

/** The definition, word for word, with nothing remembered and nothing packed. */
function definedNode(items: Items, prefix: string): TrieNode | undefined {
  const covered = under(items, prefix);
  if (covered.size === 0) return undefined;
  if (covered.size <= 64) {
    return { kind: 'leaf', prefix, items: [...covered].map(([key, digest]) => ({ key, digest })) };
  }
  const keys = [...covered.keys()];
  let shared = keys[0] as string;
  while (keys.some((key) => !key.startsWith(shared))) shared = shared.slice(0, -1);
  const children = Array.from('0123456789abcdef').flatMap((digit) => {
    const part = under(covered, shared + digit);
    if (part.size === 0) return [];
    return [{ prefix: shared + digit, hash: definedHash(part, shared + digit) as Hash, paths: part.size }];
  });
  return { kind: 'inner', prefix: shared, children };
}

function definedHash(items: Items, prefix: string): Hash | undefined {
  const node = definedNode(items, prefix);
  if (node?.kind === 'inner') {
    const children = node.children.map((child) => child.prefix.slice(-1) + child.hash);
    return sampleHash(`\x01${node.prefix}\n${children.join('')}`);
  }
  if (node === undefined && prefix !== '') return undefined;
  const packed = (node?.items ?? []).map((item) => item.key + item.digest).join('');
  return hash('sha256', Buffer.from(`00${packed}`, 'hex'), 'hex') as Hash;
}

/** Keys that crowd: long shared prefixes, so that chains are compressed and split again. */
const key = fc
  .tuple(fc.constantFrom('', '0', '00000000', '0000000000000000', 'abc', 'abd', 'f'.repeat(38)), fc.nat(400))
  .map(([prefix, n]) => (prefix + sampleHash(String(n))).slice(0, 40));
const digest = fc.nat(2).map((n) => sampleHash(`digest ${n}`));
const change = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), key, digest }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), key }) },
);
const changes = fc.array(change, { maxLength: 600, size: 'max' });

/** Any number that tells keys apart, up to the greatest there may be. */
const rowOf = (key: string): number => 2 ** 32 - 1 - Number.parseInt(key.slice(32), 16);

type Change = { kind: 'set'; key: string; digest: Hash } | { kind: 'remove'; key: string };

/** Makes the same changes in both, and expects the trie to tell what was there before. */
function apply(
  trie: MerkleTrie,
  steps: readonly Change[],
  items = new Map<string, Hash>(),
): Map<string, Hash> {
  for (const step of steps) {
    const before =
      step.kind === 'set'
        ? trie.set(step.key, { digest: step.digest, row: rowOf(step.key) })
        : trie.remove(step.key);
    const known = items.get(step.key);
    expect(before).toEqual(known && { digest: known, row: rowOf(step.key) });
    if (step.kind === 'set') items.set(step.key, step.digest);
    else items.delete(step.key);
  }
  return items;
}

function packed(items: Items): Uint8Array {
  const whole = new Uint8Array(items.size * itemBytes);
  for (const [i, [key, digest]] of [...under(items, '')].entries()) {
    writeItem(whole, i, toBlob(key), toBlob(digest), rowOf(key));
  }
  return whole;
}

describe('Merkle trie', () => {
  test('[FI1] is what the definition says after any changes, asked at any moment', () => {
    fc.assert(
      fc.property(changes, changes, (first, second) => {
        const trie = createMerkleTrie();
        const items = new Map<string, Hash>();
        apply(trie, first, items);
        expect([trie.root(), trie.size()]).toEqual([definedHash(items, ''), items.size]);
        apply(trie, second, items);
        expect([trie.root(), trie.size()]).toEqual([definedHash(items, ''), items.size]);
      }),
      { numRuns: 60 },
    );
  });

  test('[FI1] does not depend on the order of changes, nor on being loaded whole', () => {
    fc.assert(
      fc.property(changes, fc.infiniteStream(fc.nat()), (steps, order) => {
        const grown = createMerkleTrie();
        const items = apply(grown, steps);
        const shuffled = [...items].map((item) => ({ item, at: order.next().value as number }));
        shuffled.sort((a, b) => a.at - b.at);
        const again = createMerkleTrie();
        for (const { item } of shuffled) again.set(item[0], { digest: item[1], row: 0 });
        const loaded = createMerkleTrie();
        loaded.load(packed(items));
        expect([again.root(), loaded.root()]).toEqual([grown.root(), grown.root()]);
      }),
      { numRuns: 60 },
    );
  });

  test('[FI1] splits above 64 paths and collapses at 64', () => {
    const trie = createMerkleTrie();
    const x = { digest: sampleHash('x'), row: 0 };
    for (let i = 0; i < 64; i++) trie.set(sampleHash(String(i)).slice(0, 40), x);
    const full = trie.root();
    expect(trie.node('')?.kind).toBe('leaf');
    trie.set(sampleHash('one more').slice(0, 40), x);
    expect(trie.node('')?.kind).toBe('inner');
    trie.remove(sampleHash('one more').slice(0, 40));
    expect(trie.node('')?.kind).toBe('leaf');
    expect(trie.root()).toBe(full);
  });

  test('[FI2] node and hashUnder tell of exactly the paths under a prefix', () => {
    const prefix = fc.tuple(key, fc.nat(40)).map(([text, length]) => text.slice(0, length));
    fc.assert(
      fc.property(changes, fc.array(prefix, { minLength: 1, maxLength: 20 }), (steps, prefixes) => {
        const trie = createMerkleTrie();
        const items = apply(trie, steps);
        for (const asked of ['', ...prefixes]) {
          expect(trie.node(asked)).toEqual(definedNode(items, asked));
          expect(trie.hashUnder(asked)).toBe(trie.size() === 0 ? undefined : definedHash(items, asked));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('[FI2] rootWithout is the root of a trie without what lies under some prefixes, and changes nothing', () => {
    const prefix = fc
      .tuple(key, fc.integer({ min: 0, max: 9 }))
      .map(([text, length]) => text.slice(0, length));
    fc.assert(
      fc.property(changes, fc.array(prefix, { maxLength: 4 }), (steps, prefixes) => {
        const trie = createMerkleTrie();
        const items = apply(trie, steps);
        const root = trie.root();
        const left = new Map(
          [...items].filter(([at]) => !prefixes.some((leftOut) => at.startsWith(leftOut))),
        );
        expect(trie.rootWithout(prefixes)).toBe(definedHash(left, ''));
        expect([trie.root(), trie.size()]).toEqual([root, items.size]);
      }),
      { numRuns: 100 },
    );
  });

  test('[FI2] keysUnder gives pages of the keys under a prefix, in order', () => {
    fc.assert(
      fc.property(
        changes,
        key,
        fc.nat(40),
        fc.integer({ min: 1, max: 300 }),
        (steps, some, length, limit) => {
          const trie = createMerkleTrie();
          const prefix = some.slice(0, length);
          const expected = [...under(apply(trie, steps), prefix).keys()].map((k) => ({
            key: k,
            row: rowOf(k),
          }));
          const found: { readonly key: string; readonly row: number }[] = [];
          for (let after = ''; ; after = found.at(-1)?.key ?? '') {
            const page = trie.keysUnder(prefix, after, limit);
            found.push(...page);
            if (page.length < limit) break;
          }
          expect(found).toEqual(expected);
          expect(trie.keysUnder(prefix, 'f'.repeat(40), limit)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('[FI2] an empty trie has a root and no nodes', () => {
    const trie = createMerkleTrie();
    expect(trie.root()).toBe(definedHash(new Map(), ''));
    expect([trie.size(), trie.node(''), trie.hashUnder('')]).toEqual([0, undefined, undefined]);
  });

  test('[FI2] what is no prefix is refused', () => {
    const trie = createMerkleTrie();
    expect(() => trie.node('x')).toThrow(RangeError);
    expect(() => trie.hashUnder('0'.repeat(41))).toThrow(RangeError);
    expect(() => trie.load(new Uint8Array(2 * itemBytes))).toThrow('ascend');
  });
});
