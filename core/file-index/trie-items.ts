import { firstPlace } from '../base/base.ts';
import { toHex } from './hex.ts';

/** Bytes of a trie key: 40 hexadecimal digits. */
export const keyBytes = 20;
/** Bytes of a key and its digest: what hashes are made of. */
export const hashedBytes = keyBytes + 32;
/** Bytes of one path in a packed list: key, digest, and the number of the row it is stored in, low byte first. */
export const itemBytes = hashedBytes + 4;
/** LIMIT: row numbers end below this, after four thousand million new paths in one index. */
export const maxRow = 2 ** 32;

/** Paths packed one after the other, `itemBytes` each, strictly ascending by key: where objects would take ten times that. */
export type PackedItems = Uint8Array;

/** How many paths `items` holds. */
export const countOf = (items: PackedItems): number => items.length / itemBytes;

/** Key number `i`, as hexadecimal text. */
export const keyAt = (items: PackedItems, i: number): string =>
  toHex(items.subarray(i * itemBytes, i * itemBytes + keyBytes));

/** Digest number `i`, as hexadecimal text. */
export const digestAt = (items: PackedItems, i: number): string =>
  toHex(items.subarray(i * itemBytes + keyBytes, i * itemBytes + hashedBytes));

/** Row number `i`. */
export function rowAt(items: PackedItems, i: number): number {
  const at = i * itemBytes + hashedBytes;
  const [a, b, c, d] = [items[at], items[at + 1], items[at + 2], items[at + 3]] as [
    number,
    number,
    number,
    number,
  ];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Writes an item to place `i`. */
export function writeItem(
  items: PackedItems,
  i: number,
  key: Uint8Array,
  digest: Uint8Array,
  row: number,
): void {
  const at = i * itemBytes;
  items.set(key, at);
  items.set(digest, at + keyBytes);
  for (let byte = 0; byte < 4; byte++) items[at + hashedBytes + byte] = (row >>> (8 * byte)) & 0xff;
}

/** Whether key number `i` is `key`. */
export const hasKeyAt = (items: PackedItems, i: number, key: Uint8Array): boolean =>
  i < countOf(items) && orderAt(items, i, key) === 0;

/** The first place in `[start, end)` whose key is not before `key`, or `end`. */
export function placeOf(items: PackedItems, key: Uint8Array, start = 0, end = countOf(items)): number {
  return firstPlace(start, end, (place) => orderAt(items, place, key) < 0);
}

/** The places whose keys begin with the hexadecimal digits `prefix`. */
export function rangeUnder(
  items: PackedItems,
  prefix: string,
  start = 0,
  end = countOf(items),
): { readonly start: number; readonly end: number } {
  const last = lastKeyUnder(prefix);
  const from = placeOf(items, firstKeyUnder(prefix), start, end);
  const to = placeOf(items, last, from, end);
  return { start: from, end: to < end && hasKeyAt(items, to, last) ? to + 1 : to };
}

/** The smallest key that begins with `prefix`. */
export const firstKeyUnder = (prefix: string): Uint8Array =>
  Buffer.from(prefix.padEnd(keyBytes * 2, '0'), 'hex');

/** The greatest key that begins with `prefix`. */
export const lastKeyUnder = (prefix: string): Uint8Array =>
  Buffer.from(prefix.padEnd(keyBytes * 2, 'f'), 'hex');

/** A copy of `items` with one more item at place `i`. */
export function withItemAt(items: PackedItems, i: number, item: Uint8Array): PackedItems {
  const longer = new Uint8Array(items.length + itemBytes);
  longer.set(items.subarray(0, i * itemBytes));
  longer.set(item, i * itemBytes);
  longer.set(items.subarray(i * itemBytes), (i + 1) * itemBytes);
  return longer;
}

/** A copy of `items` without the item at place `i`. */
export function withoutItemAt(items: PackedItems, i: number): PackedItems {
  const shorter = new Uint8Array(items.length - itemBytes);
  shorter.set(items.subarray(0, i * itemBytes));
  shorter.set(items.subarray((i + 1) * itemBytes), i * itemBytes);
  return shorter;
}

/** Whether every key is before the next. */
export function isAscending(items: PackedItems): boolean {
  for (let i = 1; i < countOf(items); i++) {
    if (orderAt(items, i - 1, items, i * itemBytes) >= 0) return false;
  }
  return true;
}

/** How key number `i` stands to the key that begins at byte `start` of `key`. */
function orderAt(items: PackedItems, i: number, key: Uint8Array, start = 0): number {
  const at = i * itemBytes;
  for (let byte = 0; byte < keyBytes; byte++) {
    const difference = (items[at + byte] as number) - (key[start + byte] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
