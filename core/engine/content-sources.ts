import type { PartSource } from '../apply/apply.ts';
import { oneChunkManifest } from '../chunker/chunker.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { DiskRoot } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import type { Hash } from '../model/ids.ts';
import { type Manifest, oneChunkBytes } from '../model/manifest.ts';
import type { Spelling } from './spelling.ts';

/** LIMIT: copies of one content looked at before asking others for it. */
const copiesLookedAt = 4;

/** The manifest of a content if it is known here; that of a small file follows from its hash. */
export function knownManifest(index: FolderIndex, content: Hash, sizeBytes: number): Manifest | undefined {
  return sizeBytes <= oneChunkBytes ? oneChunkManifest(content, sizeBytes) : index.manifest(content);
}

/** Files on this disk that may hold chunks of `content`, the likeliest first: the same content elsewhere, kept versions of it, and `replaced`, what it was edited from. */
export function localSources(
  { index, root, spell }: { readonly index: FolderIndex; readonly root: DiskRoot; readonly spell: Spelling },
  content: Hash,
  replaced: BaseRow | undefined,
): readonly PartSource[] {
  const rows = [
    ...index.pathsHolding(content, copiesLookedAt),
    ...(replaced === undefined ? [] : [replaced]),
  ];
  const sources = rows.flatMap((row) => {
    if (row.content?.kind !== 'file' || row.observed === undefined) return [];
    const manifest = knownManifest(index, row.content.content, row.content.sizeBytes);
    return manifest === undefined ? [] : [{ path: root.at(spell(row.path)), manifest }];
  });
  const version = index.versionHolding(content);
  if (version?.storedName === undefined || version.content.kind !== 'file') return sources;
  const manifest = knownManifest(index, content, version.content.sizeBytes);
  return manifest === undefined
    ? sources
    : [...sources, { path: root.versionAt(version.storedName), manifest }];
}
