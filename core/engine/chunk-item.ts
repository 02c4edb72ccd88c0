import type { PartFile } from '../apply/apply.ts';
import { hashAt } from '../chunker/chunker.ts';
import type { Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { BlockItem } from '../protocol/protocol.ts';

/** A file under way, as its blocks are asked for. */
export interface ContentUnderWay {
  readonly part: PartFile;
  readonly manifest: Manifest;
  readonly content: Hash;
}

/** How a chunk of it is asked for. */
export function chunkItem({ part, manifest, content }: ContentUnderWay, chunk: number): BlockItem {
  return {
    hash: hashAt(manifest, chunk),
    sizeBytes: manifest.sizes[chunk] as number,
    content,
    offset: part.offsetOf(chunk),
  };
}
