import { hash as hashOnce } from 'node:crypto';
import { bytesToHex, concatBytes, hexToBytes, invariant } from '../base/pure.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { encodeCanonical } from './cbor.ts';
import { misshapen } from './cbor-read.ts';
import { maxChangeSetEntries } from './limits.ts';

/** A change set as it travels: one signature over the entry hashes of one author and folder. */
export interface WireChangeSet {
  readonly author: DeviceKey;
  /** How many entries the set has, 1 to 1,024. */
  readonly count: number;
  /** Root of the Merkle tree over the entry hashes (RFC 6962). */
  readonly root: Hash;
  readonly signature: Uint8Array;
  /** All entry hashes in order, packed, 32 bytes each; undefined where single entries travel with their proofs. */
  readonly hashes: Uint8Array | undefined;
}

/** Whether `signature` over `bytes` was made with the key whose public half is `key`. */
export type VerifySignature = (
  signature: Uint8Array,
  bytes: Uint8Array,
  key: DeviceKey,
) => boolean | Promise<boolean>;

/** The Merkle tree over a change set's entry hashes. */
export interface ChangeSetTree {
  readonly root: Hash;
  /** The hashes beside the way from entry `position` up to the root, packed; for a set of one it is empty. */
  proofFor(position: number): Uint8Array;
}

const domain = new TextEncoder().encode('lockstep change set 1\n');
const leafMark = Uint8Array.of(0);
const innerMark = Uint8Array.of(1);

/** Signs up to 1,024 entries at once; `hashes` in the order that `position` counts. */
export function signChangeSet(change: {
  readonly folderId: FolderId;
  readonly author: DeviceKey;
  readonly hashes: readonly Hash[];
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}): WireChangeSet & { readonly id: Hash; readonly hashes: Uint8Array } {
  const { folderId, author } = change;
  const hashes = concatBytes(change.hashes.map(hexToBytes));
  const unsigned = { author, count: change.hashes.length, root: changeSetTree(hashes).root };
  const signed = signedBytes(unsigned, folderId);
  return { id: sha256(signed), ...unsigned, signature: change.sign(signed), hashes };
}

/** The set's name: SHA-256 over what is signed, which binds folder, author, count and root. */
export function changeSetId(set: Pick<WireChangeSet, 'author' | 'count' | 'root'>, folderId: FolderId): Hash {
  return sha256(signedBytes(set, folderId));
}

/**
 * The id of a set whose author did sign it for this folder, and whose list, if it has one, is what was signed.
 * Rejects with SyncError `peer-misbehaved` otherwise.
 */
export async function verifyChangeSet(
  set: WireChangeSet,
  folderId: FolderId,
  verify: VerifySignature,
): Promise<Hash> {
  if (set.hashes !== undefined) checkHashList(set, set.hashes);
  const signed = signedBytes(set, folderId);
  if (!(await verify(set.signature, signed, set.author))) throw misshapen('change-set-signature');
  return sha256(signed);
}

/** Throws SyncError `peer-misbehaved` unless `hashes` is the list that `set` was signed over. */
export function checkHashList(set: Pick<WireChangeSet, 'count' | 'root'>, hashes: Uint8Array): void {
  if (hashes.length !== set.count * 32 || changeSetTree(hashes).root !== set.root)
    throw misshapen('change-set-hashes');
}

/** The tree over packed entry hashes, 1 to 1,024 of them; keeps about 64 bytes an entry. */
export function changeSetTree(hashes: Uint8Array): ChangeSetTree {
  const count = hashes.length / 32;
  invariant(Number.isInteger(count) && count >= 1 && count <= maxChangeSetEntries, 'size of a change set');
  let level = Array.from({ length: count }, (_, i) => leafNode(hashes.subarray(i * 32, i * 32 + 32)));
  const levels = [level];
  while (level.length > 1) {
    // A last node without a partner moves up as it is: that is RFC 6962's tree, built from below.
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1];
      above.push(right === undefined ? (level[i] as Uint8Array) : innerNode(level[i] as Uint8Array, right));
    }
    levels.push(above);
    level = above;
  }
  return {
    root: bytesToHex(level[0] as Uint8Array) as Hash,
    proofFor(position) {
      invariant(Number.isInteger(position) && position >= 0 && position < count, 'position in a change set');
      const beside: Uint8Array[] = [];
      levels.forEach((nodes, height) => {
        const sibling = nodes[(position >> height) ^ 1];
        if (sibling !== undefined) beside.push(sibling);
      });
      return concatBytes(beside);
    },
  };
}

/** Bytes of the proof of entry `position` in a set of `count`. */
export function proofLength(count: number, position: number): number {
  let length = 0;
  for (let width = count, at = position; width > 1; width = (width + 1) >> 1, at >>= 1)
    if ((at ^ 1) < width) length += 32;
  return length;
}

/** Whether `proof` leads from `entry`, the set's entry `position`, to the signed root; false for any malformed proof. */
export function checkProof(
  set: Pick<WireChangeSet, 'count' | 'root'>,
  position: number,
  entry: Hash,
  proof: Uint8Array,
): boolean {
  if (position >= set.count || proof.length !== proofLength(set.count, position)) return false;
  let node = leafNode(hexToBytes(entry));
  let used = 0;
  for (let width = set.count, at = position; width > 1; width = (width + 1) >> 1, at >>= 1) {
    if ((at ^ 1) >= width) continue;
    const sibling = proof.subarray(used, used + 32);
    used += 32;
    node = at % 2 === 0 ? innerNode(node, sibling) : innerNode(sibling, node);
  }
  return bytesToHex(node) === set.root;
}

function signedBytes(set: Pick<WireChangeSet, 'author' | 'count' | 'root'>, folderId: FolderId): Uint8Array {
  return concatBytes([
    domain,
    encodeCanonical([hexToBytes(folderId), hexToBytes(set.author), set.count, hexToBytes(set.root)]),
  ]);
}

function leafNode(entry: Uint8Array): Uint8Array {
  return hashOnce('sha256', concatBytes([leafMark, entry]), 'buffer');
}

function innerNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashOnce('sha256', concatBytes([innerMark, left, right]), 'buffer');
}

function sha256(bytes: Uint8Array): Hash {
  return hashOnce('sha256', bytes) as Hash;
}
