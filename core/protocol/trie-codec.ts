import { bytesToHex, concatBytes, hexToBytes, invariant } from '../base/pure.ts';
import type { Hash } from '../model/ids.ts';
import type { CborValue } from './cbor.ts';
import { misshapen, readBytes, readHash, readInteger, readList } from './cbor-read.ts';
import { maxKeysPerRequest, maxLeafPaths } from './limits.ts';

/** Which of a folder's two tries. */
export type TrieName = 'state' | 'materialised';

/** A trie node as it travels: an inner node's children in order of their prefixes, or a leaf's keys in order with the digest of what stands there. */
export type WireTrieNode =
  | {
      readonly kind: 'inner';
      readonly prefix: string;
      readonly children: readonly { readonly prefix: string; readonly hash: Hash; readonly paths: number }[];
    }
  | {
      readonly kind: 'leaf';
      readonly prefix: string;
      readonly items: readonly { readonly key: string; readonly digest: Hash }[];
    };

/** Hexadecimal digits of a trie key: 8 of the top component's hash, 32 of folder and path. */
export const trieKeyDigits = 40;

/** The tries in the order of their codes. */
export const tries: readonly TrieName[] = ['state', 'materialised'];
const itemBytes = trieKeyDigits / 2 + 32;

/** What stands for a node, or for none. */
export function nodeToCbor(node: WireTrieNode | undefined): CborValue {
  if (node === undefined) return [];
  if (node.kind === 'leaf') {
    const items = node.items.flatMap(({ key, digest }) => [hexToBytes(key), hexToBytes(digest)]);
    return [prefixToBytes(node.prefix), concatBytes(items)];
  }
  const children = node.children.map(({ prefix, hash, paths }) => [
    prefixToBytes(prefix),
    hexToBytes(hash),
    paths,
  ]);
  return [prefixToBytes(node.prefix), children];
}

/** The node, its order and prefixes checked; undefined where no path lies. */
export function readNode(value: CborValue): WireTrieNode | undefined {
  const parts = readList(value, 0, 2, (item) => item, 'node');
  if (parts.length === 0) return undefined;
  const prefix = readPrefix(parts[0]);
  if (parts[1] instanceof Uint8Array) return { kind: 'leaf', prefix, items: readItems(parts[1], prefix) };
  const children = readList(parts[1], 1, 16, readChild, 'node');
  children.forEach((child, i) => {
    const before = children[i - 1]?.prefix[prefix.length] ?? '';
    const isBelow = child.prefix.length > prefix.length && child.prefix.startsWith(prefix);
    if (!isBelow || (child.prefix[prefix.length] as string) <= before) throw misshapen('node');
  });
  return { kind: 'inner', prefix, children };
}

function readChild(value: CborValue) {
  const [prefix, hash, paths] = readList(value, 3, 3, (item) => item, 'node');
  return {
    prefix: readPrefix(prefix),
    hash: readHash(hash, 'node'),
    paths: readInteger(paths, 1, Number.MAX_SAFE_INTEGER, 'node'),
  };
}

function readItems(packed: Uint8Array, prefix: string) {
  if (packed.length % itemBytes !== 0 || packed.length === 0 || packed.length > maxLeafPaths * itemBytes)
    throw misshapen('node');
  const hex = bytesToHex(packed);
  const items = Array.from({ length: packed.length / itemBytes }, (_, i) => {
    const at = i * itemBytes * 2;
    return {
      key: hex.slice(at, at + trieKeyDigits),
      digest: hex.slice(at + trieKeyDigits, at + itemBytes * 2) as Hash,
    };
  });
  items.forEach(({ key }, i) => {
    if (!key.startsWith(prefix) || key <= (items[i - 1]?.key ?? '')) throw misshapen('node');
  });
  return items;
}

/** How many digits, then the digits two to a byte, a last odd one in the upper half. */
export function prefixToBytes(prefix: string): Uint8Array {
  invariant(prefix.length <= trieKeyDigits, 'length of a trie prefix');
  const padded = prefix.length % 2 === 0 ? prefix : `${prefix}0`;
  return concatBytes([Uint8Array.of(prefix.length), hexToBytes(padded)]);
}

/** The digits of a prefix. */
export function readPrefix(value: CborValue | undefined): string {
  const bytes = readBytes(value, 1, 1 + trieKeyDigits / 2, 'prefix');
  const digits = bytes[0] as number;
  const hex = bytesToHex(bytes.subarray(1));
  if (hex.length !== digits + (digits % 2) || (digits % 2 === 1 && !hex.endsWith('0')))
    throw misshapen('prefix');
  return hex.slice(0, digits);
}

/** Packed keys, 20 bytes each. */
export function readKeys(value: CborValue | undefined): string[] {
  const packed = readBytes(value, 0, (maxKeysPerRequest * trieKeyDigits) / 2, 'keys');
  const hex = bytesToHex(packed);
  if (hex.length % trieKeyDigits !== 0) throw misshapen('keys');
  return Array.from({ length: hex.length / trieKeyDigits }, (_, i) =>
    hex.slice(i * trieKeyDigits, (i + 1) * trieKeyDigits),
  );
}
