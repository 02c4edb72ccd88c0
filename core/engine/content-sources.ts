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

/** One folder's index and disk, with the spellings of its names. */
export interface FolderDisk {
  readonly index: FolderIndex;
  readonly root: DiskRoot;
  readonly spell: Spelling;
}

/** A folder's disk and those of the device's other folders. */
export interface LocalDisks extends FolderDisk {
  /** Files in other folders of this device that have a content. */
  elsewhere(content: Hash): readonly PartSource[];
}

/** The manifest of a content if any folder here knows it. */
export function manifestHere(disks: LocalDisks, content: Hash, sizeBytes: number): Manifest | undefined {
  return knownManifest(disks.index, content, sizeBytes) ?? disks.elsewhere(content)[0]?.manifest;
}

/** Files on this machine that may hold chunks of `content`, the likeliest first: the same content in the folder, kept versions of it, what it was `edited` from, and other folders' files. */
export function localSources(
  disks: LocalDisks,
  content: Hash,
  edited: PartSource | undefined,
): readonly PartSource[] {
  return [
    ...sourcesOf(disks, content),
    ...(edited === undefined ? [] : [edited]),
    ...disks.elsewhere(content),
  ];
}

/** The file that is replaced, if what it held is known. */
export function editedFrom(disk: FolderDisk, replaced: BaseRow | undefined): PartSource | undefined {
  return replaced === undefined ? undefined : sourcesAt(disk, [replaced])[0];
}

/** Files of one folder that have a content, or had it when they were last looked at; kept versions too. */
export function sourcesOf(disk: FolderDisk, content: Hash): readonly PartSource[] {
  const { index, root } = disk;
  const sources = sourcesAt(disk, index.pathsHolding(content, copiesLookedAt));
  const version = index.versionHolding(content);
  if (version?.storedName === undefined || version.content.kind !== 'file') return sources;
  const manifest = knownManifest(index, content, version.content.sizeBytes);
  return manifest === undefined
    ? sources
    : [...sources, { path: root.versionAt(version.storedName), manifest }];
}

function sourcesAt({ index, root, spell }: FolderDisk, rows: readonly BaseRow[]): readonly PartSource[] {
  return rows.flatMap((row) => {
    if (row.content?.kind !== 'file' || row.observed === undefined) return [];
    const manifest = knownManifest(index, row.content.content, row.content.sizeBytes);
    return manifest === undefined ? [] : [{ path: root.at(spell(row.path)), manifest }];
  });
}
