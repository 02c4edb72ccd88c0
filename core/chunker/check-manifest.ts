import type { Hash } from '../model/ids.ts';
import { chunkSizesFor, type Manifest, oneChunkBytes } from '../model/manifest.ts';
import { hashBytes } from './hash.ts';
import { manifestRoot } from './manifest-tree.ts';

/** What is wrong with a manifest somebody sent. */
export type ManifestFault = 'file-size' | 'chunk-count' | 'hashes' | 'chunk-size' | 'total' | 'root';

/**
 * What keeps `manifest` from being the one of a file of `sizeBytes` bytes whose content is `content`; undefined if nothing does.
 * Every chunk but the last has at least the least bytes of its class, none has more than the greatest, and their number is bounded
 * by that. Whether the bytes are really cut there, only the bytes can tell.
 */
export function checkManifest(
  manifest: Manifest,
  content: Hash,
  sizeBytes: number,
): ManifestFault | undefined {
  const { hashes, sizes } = manifest;
  if (manifest.sizeBytes !== sizeBytes || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    return 'file-size';
  if (sizes.length < 1 || sizes.length > maxChunksOf(sizeBytes)) return 'chunk-count';
  if (hashes.length !== sizes.length * hashBytes) return 'hashes';
  const { minBytes, maxBytes } = chunkSizesFor(sizeBytes);
  let total = 0;
  for (const [index, size] of sizes.entries()) {
    const isLast = index === sizes.length - 1;
    if (size > maxBytes || (isLast ? size === 0 && sizeBytes > 0 : size < minBytes)) return 'chunk-size';
    total += size;
  }
  if (total !== sizeBytes) return 'total';
  return manifestRoot(manifest) === content ? undefined : 'root';
}

/** LIMIT: the most chunks a file of this size can have, for whoever must bound a manifest before reading it. */
export function maxChunksOf(sizeBytes: number): number {
  return sizeBytes <= oneChunkBytes ? 1 : Math.ceil(sizeBytes / chunkSizesFor(sizeBytes).minBytes);
}
