import { sha512_256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, invariant } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { hashBytes } from './hash.ts';
import { hashAt } from './manifest-chunks.ts';

/** LIMIT: how many chunks, or nodes, one node covers: 36 KiB of manifest for about 128 MiB of an ordinary file. */
export const chunksPerNode = 1024;

const nodeTag = new TextEncoder().encode('lockstep manifest node 1\0');
const rootTag = new TextEncoder().encode('lockstep manifest root 1\0');

/**
 * The identity of a file's bytes. A single chunk's own SHA-256; of several, SHA-512/256 over
 * `lockstep manifest root 1` NUL, the file's size (8 bytes), the number of chunks (4 bytes) and the top node of their tree.
 * Nodes and roots use another function than blocks do, so no block can ever stand for a node. Numbers are big-endian.
 * The manifest must be one {@link checkManifest} accepts, or one made here.
 */
export function manifestRoot(manifest: Manifest): Hash {
  const count = manifest.sizes.length;
  if (count === 1) return hashAt(manifest, 0);
  return rootFromNodes(manifestNodes(manifest), { sizeBytes: manifest.sizeBytes, chunkCount: count });
}

/**
 * The lowest nodes of a manifest's tree, 32 bytes each, packed in order: node `i` covers chunks `1024 * i` up to `1024 * (i + 1)`.
 * Whoever has checked these against a root can ask for single groups of chunks and check each by {@link manifestNode}.
 */
export function manifestNodes(manifest: Manifest): Uint8Array {
  const count = manifest.sizes.length;
  const nodes = new Uint8Array(Math.ceil(count / chunksPerNode) * hashBytes);
  for (let first = 0, at = 0; first < count; first += chunksPerNode, at += hashBytes) {
    const end = Math.min(count, first + chunksPerNode);
    nodes.set(
      manifestNode(
        manifest.hashes.subarray(first * hashBytes, end * hashBytes),
        manifest.sizes.subarray(first, end),
      ),
      at,
    );
  }
  return nodes;
}

/** The node over one group of at most 1,024 chunks: SHA-512/256 over the tag, level 0, and each chunk's hash and size (4 bytes). */
export function manifestNode(hashes: Uint8Array, sizes: Uint32Array): Uint8Array {
  invariant(
    sizes.length <= chunksPerNode && hashes.length === sizes.length * hashBytes,
    'a node covers one group of whole chunks',
  );
  const itemBytes = hashBytes + 4;
  const items = new Uint8Array(sizes.length * itemBytes);
  const view = new DataView(items.buffer);
  for (const [index, size] of sizes.entries()) {
    items.set(hashes.subarray(index * hashBytes, (index + 1) * hashBytes), index * itemBytes);
    view.setUint32(index * itemBytes + hashBytes, size);
  }
  return nodeOver(0, items);
}

/** The root that {@link manifestNodes} of a file of several chunks lead to. */
export function rootFromNodes(
  nodes: Uint8Array,
  { sizeBytes, chunkCount }: { readonly sizeBytes: number; readonly chunkCount: number },
): Hash {
  invariant(
    chunkCount > 1 && nodes.length === Math.ceil(chunkCount / chunksPerNode) * hashBytes,
    'one node for every group of chunks',
  );
  let row = nodes;
  for (let level = 1; row.length > hashBytes; level++) {
    const groupBytes = chunksPerNode * hashBytes;
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += groupBytes)
      above.push(nodeOver(level, row.subarray(at, at + groupBytes)));
    row = concatBytes(above);
  }
  const facts = new DataView(new ArrayBuffer(12));
  facts.setBigUint64(0, BigInt(sizeBytes));
  facts.setUint32(8, chunkCount);
  return bytesToHex(sha512_256(concatBytes([rootTag, new Uint8Array(facts.buffer), row]))) as Hash;
}

function nodeOver(level: number, items: Uint8Array): Uint8Array {
  return sha512_256(concatBytes([nodeTag, Uint8Array.of(level), items]));
}
