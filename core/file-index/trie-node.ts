import { hash } from 'node:crypto';
import type { Hash } from '../model/ids.ts';
import {
  countOf,
  hashedBytes,
  hasKeyAt,
  itemBytes,
  keyAt,
  keyBytes,
  type PackedItems,
  placeOf,
  rangeUnder,
  withItemAt,
  withoutItemAt,
} from './trie-items.ts';

/** LIMIT: more paths than this below a prefix make an inner node: small enough to send whole, large enough to keep the trie shallow. */
export const maxLeafPaths = 64;

/** At most {@link maxLeafPaths} paths; `hash` is undefined until asked for after a change. */
export interface LeafNode {
  readonly kind: 'leaf';
  items: PackedItems;
  hash: Hash | undefined;
}

/** More than {@link maxLeafPaths} paths: `prefix` is the longest all their keys share, the children go by the digit after it. */
export interface InnerNode {
  readonly kind: 'inner';
  readonly prefix: string;
  readonly children: (TreeNode | undefined)[];
  paths: number;
  hash: Hash | undefined;
}

/** A node of the trie in memory. */
export type TreeNode = LeafNode | InnerNode;

const digits = '0123456789abcdef';

/** The digit of `key` at `depth`, as a number. */
export const digitAt = (key: string, depth: number): number => Number.parseInt(key.charAt(depth), 16);

/** What a node with `paths` below prefix `inner.prefix` calls its child number `digit`. */
export const childPrefix = (inner: InnerNode, digit: number): string => inner.prefix + digits.charAt(digit);

/** How many paths lie below `node`. */
export const pathsIn = (node: TreeNode): number => (node.kind === 'leaf' ? countOf(node.items) : node.paths);

/** LIMIT: leaves built together share one buffer of at most this many items: buffers of their own would cost as much as what is in them, one for all would never be freed. */
const maxSharedItems = 4096;

/** The canonical tree of the items from `start` to `end`, none of them shared with `items`. */
export function treeOf(items: PackedItems, start = 0, end = countOf(items)): TreeNode {
  if (end - start <= maxSharedItems) return treeWithin(items.slice(start * itemBytes, end * itemBytes));
  return branched(items, (from, to) => treeOf(items, from, to), start, end);
}

/** The same, its leaves being windows into `items`. */
function treeWithin(items: PackedItems, start = 0, end = countOf(items)): TreeNode {
  if (end - start <= maxLeafPaths) return leafOf(items.subarray(start * itemBytes, end * itemBytes));
  return branched(items, (from, to) => treeWithin(items, from, to), start, end);
}

function branched(
  items: PackedItems,
  branch: (start: number, end: number) => TreeNode,
  start: number,
  end: number,
): InnerNode {
  const inner = innerOf(sharedPrefix(keyAt(items, start), keyAt(items, end - 1)), end - start);
  for (let digit = 0; digit < 16; digit++) {
    const range = rangeUnder(items, childPrefix(inner, digit), start, end);
    if (range.end > range.start) inner.children[digit] = branch(range.start, range.end);
  }
  return inner;
}

/** The hash of `node`; recomputed only where something below it changed since it was last asked. */
export function hashOf(node: TreeNode): Hash {
  node.hash ??= node.kind === 'leaf' ? hashOfItems(node.items) : hashOfInner(node);
  return node.hash;
}

/** The hash of a leaf that holds just `items`, row numbers left out. Its first byte is 0, an inner node's is 1: neither can be taken for the other. */
export function hashOfItems(items: PackedItems): Hash {
  let to = 1;
  for (let at = 0; at < items.length; at += itemBytes) {
    for (let byte = 0; byte < hashedBytes; byte++) scratch[to++] = items[at + byte] as number;
  }
  return hash('sha256', scratch.subarray(0, to), 'hex') as Hash;
}

const scratch = new Uint8Array(1 + maxLeafPaths * hashedBytes);

function hashOfInner(node: InnerNode): Hash {
  let text = `\x01${node.prefix}\n`;
  for (let digit = 0; digit < 16; digit++) {
    const child = node.children[digit];
    if (child !== undefined) text += digits.charAt(digit) + hashOf(child);
  }
  return hash('sha256', text, 'hex') as Hash;
}

/** `node` with `item` put in under `key`, in place of an item of that key or beside the others; `isNew` says which. */
export function withItem(
  node: TreeNode | undefined,
  key: string,
  item: Uint8Array,
  isNew: boolean,
): TreeNode {
  if (node === undefined) return leafOf(item.slice());
  node.hash = undefined;
  if (node.kind === 'leaf') {
    const place = placeOf(node.items, item);
    if (!isNew) node.items.set(item, place * itemBytes);
    else node.items = withItemAt(node.items, place, item);
    return countOf(node.items) > maxLeafPaths ? treeOf(node.items) : node;
  }
  const shared = sharedPrefix(node.prefix, key);
  if (shared.length < node.prefix.length) {
    const above = innerOf(shared, node.paths + 1);
    above.children[digitAt(node.prefix, shared.length)] = node;
    above.children[digitAt(key, shared.length)] = leafOf(item.slice());
    return above;
  }
  const digit = digitAt(key, node.prefix.length);
  node.children[digit] = withItem(node.children[digit], key, item, isNew);
  if (isNew) node.paths += 1;
  return node;
}

/** `node` without the item of `key`, which it holds; undefined when that was the last. */
export function withoutItem(node: TreeNode, key: string, packedKey: Uint8Array): TreeNode | undefined {
  node.hash = undefined;
  if (node.kind === 'leaf') {
    node.items = withoutItemAt(node.items, placeOf(node.items, packedKey));
    return node.items.length === 0 ? undefined : node;
  }
  const digit = digitAt(key, node.prefix.length);
  const child = node.children[digit];
  if (child === undefined) return node;
  node.children[digit] = withoutItem(child, key, packedKey);
  node.paths -= 1;
  if (node.paths <= maxLeafPaths) return leafOf(collected(node));
  const left = node.children.filter((other) => other !== undefined);
  return left.length === 1 ? left[0] : node;
}

/** The canonical tree of what `node` holds but for keys that begin with one of `prefixes`; shares with `node` what it can, and changes nothing of it. */
export function withoutPrefixes(node: TreeNode, prefixes: readonly string[]): TreeNode | undefined {
  if (node.kind === 'leaf') {
    const kept = Array.from({ length: countOf(node.items) }, (_, i) => i).filter(
      (i) => !prefixes.some((prefix) => keyAt(node.items, i).startsWith(prefix)),
    );
    if (kept.length === countOf(node.items)) return node;
    return kept.length === 0 ? undefined : leafOf(itemsAt(node.items, kept));
  }
  const concerned = prefixes.filter(
    (prefix) => prefix.startsWith(node.prefix) || node.prefix.startsWith(prefix),
  );
  if (concerned.length === 0) return node;
  if (concerned.some((prefix) => node.prefix.startsWith(prefix))) return undefined;
  const inner = innerOf(node.prefix, 0);
  for (const [digit, child] of node.children.entries()) {
    const kept = child && withoutPrefixes(child, concerned);
    inner.children[digit] = kept;
    if (kept !== undefined) inner.paths += pathsIn(kept);
  }
  if (inner.paths === 0) return undefined;
  if (inner.paths <= maxLeafPaths) return leafOf(collected(inner));
  const left = inner.children.filter((child) => child !== undefined);
  return left.length === 1 ? left[0] : inner;
}

/** The items and the place in them where `key` is, if it is held. */
export function foundIn(
  node: TreeNode | undefined,
  key: string,
  packedKey: Uint8Array,
): { readonly items: PackedItems; readonly place: number } | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'inner') {
    if (!key.startsWith(node.prefix)) return undefined;
    return foundIn(node.children[digitAt(key, node.prefix.length)], key, packedKey);
  }
  const place = placeOf(node.items, packedKey);
  return hasKeyAt(node.items, place, packedKey) ? { items: node.items, place } : undefined;
}

/** The leaves' items below `node` in key order, but for those whose keys all come before or at `after`. */
export function* leavesAfter(node: TreeNode, after: string): Generator<PackedItems> {
  if (node.kind === 'leaf') {
    yield node.items;
    return;
  }
  for (const [digit, child] of node.children.entries()) {
    const isBefore = childPrefix(node, digit).padEnd(keyBytes * 2, 'f') <= after;
    if (child !== undefined && !isBefore) yield* leavesAfter(child, after);
  }
}

function collected(node: InnerNode): PackedItems {
  const all = new Uint8Array(node.paths * itemBytes);
  let at = 0;
  const gather = (part: TreeNode): void => {
    if (part.kind === 'leaf') {
      all.set(part.items, at);
      at += part.items.length;
    } else for (const child of part.children) if (child !== undefined) gather(child);
  };
  gather(node);
  return all;
}

function itemsAt(items: PackedItems, places: readonly number[]): PackedItems {
  const some = new Uint8Array(places.length * itemBytes);
  for (const [i, place] of places.entries())
    some.set(items.subarray(place * itemBytes, (place + 1) * itemBytes), i * itemBytes);
  return some;
}

const leafOf = (items: PackedItems): LeafNode => ({ kind: 'leaf', items, hash: undefined });

function innerOf(prefix: string, paths: number): InnerNode {
  return {
    kind: 'inner',
    prefix,
    children: Array.from({ length: 16 }, () => undefined),
    paths,
    hash: undefined,
  };
}

function sharedPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < keyBytes * 2 && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
