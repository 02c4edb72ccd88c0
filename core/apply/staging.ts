import { equalBytes, invariant } from '../base/base.ts';
import { blockHashBytes } from '../chunker/chunker.ts';
import {
  type DiskPath,
  DiskError,
  type DiskRoot,
  type FileSystem,
  type WriteHandle,
} from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { Manifest } from '../model/manifest.ts';

/** A file being put together in the staging directory, block by block, in any order. */
export interface PartFile {
  /** Chunk numbers still missing, ascending. */
  missing(): readonly number[];
  /** How many chunks are missing. */
  missingCount(): number;
  /** Where chunk `index` lies in the file. */
  offsetOf(index: number): number;
  /** Stores one chunk after checking its hash; false (nothing stored) if the bytes are not that chunk. */
  put(index: number, bytes: Uint8Array): boolean;
  /** Takes over every missing chunk that `source` holds at a place its manifest names, each checked by its hash; a source that cannot be read gives nothing. */
  reuse(source: { readonly path: DiskPath; readonly manifest: Manifest }): void;
  /** The permission bits it was made with: the user's own default. */
  mode(): number;
  /** Sets length, mode and modification time once nothing is missing; the bytes are not yet flushed. */
  seal(facts: { readonly mode: number; readonly modifiedAtNs: bigint }): Observed;
  /** Closes the file and leaves what there is for a later try. */
  close(): void;
}

/** The mode of a file that had `mode` and now is executable or not: execute follows read, other bits stay. */
export function modeFor(mode: number, executable: boolean): number {
  return executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
}

/**
 * Opens (or resumes) `name` in the staging directory for the content `manifest` describes. What an earlier try left there is read and kept
 * chunk by chunk where its hash is right, so a crash or a lost connection costs no transfer twice.
 */
export function openPart(options: {
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly name: string;
  readonly manifest: Manifest;
}): PartFile {
  const { fileSystem, root, name, manifest } = options;
  const path = root.stagedAt(name);
  const offsets = offsetsOf(manifest);
  const missing = new Set<number>(offsets.keys());
  const expected = (index: number): Uint8Array => manifest.hashes.subarray(index * 32, index * 32 + 32);
  const sizeOf = (index: number): number => manifest.sizes[index] as number;

  const readInto = (
    from: { read(into: Uint8Array, position: number): number },
    index: number,
    position: number,
  ): Uint8Array | undefined => {
    const bytes = new Uint8Array(sizeOf(index));
    if (from.read(bytes, position) !== bytes.length) return undefined;
    return equalBytes(blockHashBytes(bytes), expected(index)) ? bytes : undefined;
  };
  const isPresent = (part: WriteHandle, index: number, presentBytes: number): boolean => {
    const offset = offsets[index] as number;
    return offset + sizeOf(index) <= presentBytes && readInto(part, index, offset) !== undefined;
  };
  const { handle, present } = openForTry(fileSystem, path, (part) => {
    const presentBytes = part.look().sizeBytes;
    return [...missing].filter((index) => isPresent(part, index, presentBytes));
  });
  for (const index of present) missing.delete(index);
  for (const index of offsets.keys()) if (sizeOf(index) === 0) missing.delete(index);

  return {
    missing: () => [...missing].sort((a, b) => a - b),
    missingCount: () => missing.size,
    offsetOf: (index) => offsets[index] as number,
    put(index, bytes) {
      if (!missing.has(index)) return true;
      if (bytes.length !== sizeOf(index) || !equalBytes(blockHashBytes(bytes), expected(index))) return false;
      handle.write(bytes, offsets[index] as number);
      missing.delete(index);
      return true;
    },
    reuse(source) {
      reuseChunks({
        fileSystem,
        source,
        manifest,
        missing,
        readInto,
        write: (index, bytes) => handle.write(bytes, offsets[index] as number),
      });
    },
    mode: () => handle.look().mode,
    seal({ mode, modifiedAtNs }) {
      invariant(missing.size === 0, 'a file is sealed only when every chunk is there');
      handle.truncate(manifest.sizeBytes);
      handle.close();
      // Whoever the file ran as before does not vouch for bytes from elsewhere.
      fileSystem.setMode(path, mode & 0o777);
      fileSystem.setModifiedAt(path, modifiedAtNs);
      const sealed = fileSystem.look(path);
      if (sealed?.sizeBytes !== manifest.sizeBytes) throw new DiskError('ENOENT', 'seal', path);
      return sealed;
    },
    close: () => handle.close(),
  };
}

/**
 * Opens what an earlier try left, if `takeStock` can read it, else begins anew. A file that has a second name is no part: what is
 * written to it would be written to somebody's file.
 */
function openForTry(
  fileSystem: FileSystem,
  path: DiskPath,
  takeStock: (part: WriteHandle) => readonly number[],
): { readonly handle: WriteHandle; readonly present: readonly number[] } {
  if (fileSystem.look(path) !== undefined) {
    const handle = openAlone(fileSystem, path);
    try {
      if (handle !== undefined) return { handle, present: takeStock(handle) };
    } catch (error) {
      handle?.close();
      if (!(error instanceof DiskError)) throw error;
    }
    fileSystem.remove(path);
  }
  return { handle: fileSystem.create(path, 0o666), present: [] };
}

function openAlone(fileSystem: FileSystem, path: DiskPath): WriteHandle | undefined {
  try {
    const handle = fileSystem.openWrite(path);
    if (handle.look().links === 1) return handle;
    handle.close();
  } catch (error) {
    // A link, or a file without write permission.
    if (!(error instanceof DiskError)) throw error;
  }
  return undefined;
}

function offsetsOf(manifest: Manifest): readonly number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const size of manifest.sizes) {
    offsets.push(at);
    at += size;
  }
  return offsets;
}

function reuseChunks(options: {
  readonly fileSystem: FileSystem;
  readonly source: { readonly path: DiskPath; readonly manifest: Manifest };
  readonly manifest: Manifest;
  readonly missing: Set<number>;
  readonly readInto: (
    from: { read(into: Uint8Array, position: number): number },
    index: number,
    position: number,
  ) => Uint8Array | undefined;
  readonly write: (index: number, bytes: Uint8Array) => void;
}): void {
  const { source, manifest, missing } = options;
  const places = new Map<string, number>();
  for (const [index, offset] of offsetsOf(source.manifest).entries())
    places.set(keyAt(source.manifest, index), offset);
  const wanted = [...missing].filter((index) => places.has(keyAt(manifest, index)));
  if (wanted.length === 0) return;
  let handle: ReturnType<FileSystem['openRead']>;
  try {
    handle = options.fileSystem.openRead(source.path);
  } catch (error) {
    if (error instanceof DiskError) return;
    throw error;
  }
  try {
    for (const index of wanted) {
      const bytes = options.readInto(handle, index, places.get(keyAt(manifest, index)) as number);
      if (bytes === undefined) continue;
      options.write(index, bytes);
      missing.delete(index);
    }
  } catch (error) {
    if (!(error instanceof DiskError) || error.call !== 'read') throw error;
  } finally {
    handle.close();
  }
}

function keyAt(manifest: Manifest, index: number): string {
  return String.fromCharCode(...manifest.hashes.subarray(index * 32, index * 32 + 32));
}
