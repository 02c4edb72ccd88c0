import { checkManifest, maxChunksOf } from '../chunker/chunker.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { type IndexMessage, misshapen } from '../protocol/protocol.ts';

/** A content whose manifest is wanted, and the size its entry states. */
export interface WantedManifest {
  readonly folderId: FolderId;
  readonly content: Hash;
  readonly sizeBytes: number;
}

/** Puts the parts of an answer together. */
export interface ManifestAssembly {
  /** Takes the next part; returns whether the answer is complete. Throws SyncError `peer-misbehaved` if it cannot be what was asked for. */
  take(part: Extract<IndexMessage, { readonly type: 'manifest' }>): boolean;
  /** The checked manifest; undefined if the peer does not have it. */
  result(): Manifest | undefined;
}

/** An assembly that never holds more than a file of the wanted size can have chunks. */
export function assembleManifest(wanted: WantedManifest): ManifestAssembly {
  let parts: { hashes: Uint8Array; sizes: Uint32Array } | undefined;
  let filled = 0;
  let manifest: Manifest | undefined;
  return {
    take(part) {
      if (part.status !== 'here') return true;
      const { totalChunks, firstChunk } = part;
      if (part.sizeBytes !== wanted.sizeBytes || totalChunks > maxChunksOf(wanted.sizeBytes))
        throw misshapen('manifest-size');
      parts ??= { hashes: new Uint8Array(totalChunks * 32), sizes: new Uint32Array(totalChunks) };
      if (totalChunks !== parts.sizes.length || firstChunk !== filled || part.sizes.length === 0)
        throw misshapen('manifest-part');
      parts.hashes.set(part.hashes, firstChunk * 32);
      parts.sizes.set(part.sizes, firstChunk);
      filled += part.sizes.length;
      if (filled < totalChunks) return false;
      const whole = { sizeBytes: wanted.sizeBytes, ...parts };
      if (checkManifest(whole, wanted.content, wanted.sizeBytes) !== undefined) throw misshapen('manifest');
      manifest = whole;
      return true;
    },
    result: () => manifest,
  };
}
