import { invariant } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { Trie, TrieNode } from './folder-index.ts';
import { toBlob } from './hex.ts';
import {
  countOf,
  digestAt,
  isAscending,
  itemBytes,
  keyAt,
  keyBytes,
  maxRow,
  type PackedItems,
  rangeUnder,
  rowAt,
  writeItem,
} from './trie-items.ts';
import {
  childPrefix,
  digitAt,
  foundIn,
  hashOf,
  hashOfItems,
  leavesAfter,
  pathsIn,
  type TreeNode,
  treeOf,
  withItem,
  withoutItem,
  withoutPrefixes,
} from './trie-node.ts';

/** What a trie holds for a key. */
export interface TrieItem {
  readonly digest: Hash;
  /** Where the owner stores it; a part of no hash. */
  readonly row: number;
}

/** A {@link Trie} that can be changed. Keys are 40 hexadecimal digits; changes cost no hashing until a hash is asked for. */
export interface MerkleTrie extends Trie {
  /** What is held for a key. */
  item(key: string): TrieItem | undefined;
  /** Holds `item` for `key`; returns what was held before. */
  set(key: string, item: TrieItem): TrieItem | undefined;
  /** Holds `key` no longer; returns what was held. */
  remove(key: string): TrieItem | undefined;
  /** Keys that begin with `prefix` and come after key `after`, in order, at most `limit`, with their rows. */
  keysUnder(
    prefix: string,
    after: string,
    limit: number,
  ): readonly { readonly key: string; readonly row: number }[];
  /** Replaces everything by packed items, strictly ascending by key; they are copied. */
  load(items: PackedItems): void;
}

/** An empty {@link MerkleTrie}. Its shape and hashes are a function of what it holds, never of how that came about. */
export function createMerkleTrie(): MerkleTrie {
  let top: TreeNode | undefined;
  const packed = new Uint8Array(itemBytes);

  const item = (key: string): TrieItem | undefined => {
    const found = foundIn(top, key, packedKeyOf(key));
    if (found === undefined) return undefined;
    return { digest: digestAt(found.items, found.place) as Hash, row: rowAt(found.items, found.place) };
  };
  return {
    root: () => (top === undefined ? hashOfItems(new Uint8Array(0)) : hashOf(top)),
    size: () => (top === undefined ? 0 : pathsIn(top)),
    node: (prefix) => {
      const part = partUnder(top, checkedPrefix(prefix));
      return part === undefined ? undefined : describe(part, prefix);
    },
    hashUnder: (prefix) => {
      const part = partUnder(top, checkedPrefix(prefix));
      if (part === undefined) return undefined;
      return part instanceof Uint8Array ? hashOfItems(part) : hashOf(part);
    },
    rootWithout: (prefixes) => {
      const part = top && withoutPrefixes(top, prefixes.map(checkedPrefix));
      return part === undefined ? hashOfItems(new Uint8Array(0)) : hashOf(part);
    },
    item,
    set(key, { digest, row }) {
      invariant(row >= 0 && row < maxRow, 'a row number fits four bytes');
      const before = item(key);
      writeItem(packed, 0, packedKeyOf(key), toBlob(digest), row);
      top = withItem(top, key, packed, before === undefined);
      return before;
    },
    remove(key) {
      const before = item(key);
      if (top !== undefined && before !== undefined) top = withoutItem(top, key, packedKeyOf(key));
      return before;
    },
    keysUnder(prefix, after, limit) {
      const part = partUnder(top, checkedPrefix(prefix));
      const found: { key: string; row: number }[] = [];
      if (part === undefined) return found;
      for (const items of part instanceof Uint8Array ? [part] : leavesAfter(part, after)) {
        for (let i = 0; i < countOf(items); i++) {
          if (found.length >= limit) return found;
          const key = keyAt(items, i);
          if (key > after) found.push({ key, row: rowAt(items, i) });
        }
      }
      return found;
    },
    load(items) {
      invariant(isAscending(items), 'packed trie items ascend by key');
      top = items.length === 0 ? undefined : treeOf(items);
    },
  };
}

/** What lies under `prefix`: a whole node, or the part of a leaf that begins with it; undefined if nothing does. */
function partUnder(node: TreeNode | undefined, prefix: string): TreeNode | PackedItems | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'inner') {
    if (node.prefix.startsWith(prefix)) return node;
    if (!prefix.startsWith(node.prefix)) return undefined;
    return partUnder(node.children[digitAt(prefix, node.prefix.length)], prefix);
  }
  const { start, end } = rangeUnder(node.items, prefix);
  if (start === end) return undefined;
  if (end - start === countOf(node.items)) return node;
  return node.items.subarray(start * itemBytes, end * itemBytes);
}

function describe(part: TreeNode | PackedItems, prefix: string): TrieNode {
  if (!(part instanceof Uint8Array) && part.kind === 'inner') {
    const children = part.children.flatMap((child, digit) =>
      child === undefined
        ? []
        : [{ prefix: childPrefix(part, digit), hash: hashOf(child), paths: pathsIn(child) }],
    );
    return { kind: 'inner', prefix: part.prefix, children };
  }
  const items = part instanceof Uint8Array ? part : part.items;
  return {
    kind: 'leaf',
    prefix,
    items: Array.from({ length: countOf(items) }, (_, i) => ({
      key: keyAt(items, i),
      digest: digestAt(items, i) as Hash,
    })),
  };
}

function packedKeyOf(key: string): Uint8Array {
  const packed = toBlob(key);
  invariant(packed.length === keyBytes, 'a trie key has 40 hexadecimal digits');
  return packed;
}

function checkedPrefix(prefix: string): string {
  if (!/^[0-9a-f]{0,40}$/.test(prefix))
    throw new RangeError('a trie prefix has at most 40 hexadecimal digits');
  return prefix;
}
