import { type Breathe, equalBytes, invariant } from '../base/base.ts';
import { blockHashBytes, type CheckedBlock, hashAt, packedHashAt, zeroChunk } from '../chunker/chunker.ts';
import {
  type DiskPath,
  DiskError,
  type DiskRoot,
  type FileSystem,
  type WriteHandle,
} from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Span } from '../model/span.ts';
import { chunksIn, cloneLikeSource, offsetsOf, type PartSource, reuseChunks } from './part-sources.ts';

/** A file being put together in the staging directory, block by block, in any order. */
export interface PartFile {
  /** Chunk numbers still missing, ascending. */
  missing(): readonly number[];
  /** How many chunks are missing. */
  missingCount(): number;
  /** Where chunk `index` lies in the file. */
  offsetOf(index: number): number;
  /** So many bytes from `offset` on, as they lie on the disk; undefined if some are missing, or the file was closed. Throws DiskError, also once a sealed file has gone to its place. */
  read(offset: number, sizeBytes: number): Uint8Array | undefined;
  /** Where bytes are, in order; chunks beside each other are one span. */
  spans(): readonly Span[];
  /** Stores one chunk; false (nothing stored) if the block is not that chunk. */
  put(index: number, block: CheckedBlock): boolean;
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
 * chunk by chunk where its hash is right, so a crash or a lost connection costs no transfer twice. Chunks that `sources` hold where their manifests say are taken from
 * there, each checked by its hash; a source that cannot be read gives nothing. Chunks in `there` have been written to it, checked, by this process. A large file begins as a clone of one that is much like it, where the disk can do that;
 * stretches of zeros behind what is there are nobody's to fetch. Takes a breath between chunks, and rejects as that does, with what there is left for a later try; or with DiskError.
 */
export async function openPart(options: {
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly name: string;
  readonly manifest: Manifest;
  readonly sources?: readonly PartSource[];
  readonly there?: ReadonlySet<number> | undefined;
  readonly breathe: Breathe;
}): Promise<PartFile> {
  const { fileSystem, root, name, manifest, sources = [], there, breathe } = options;
  const path = root.stagedAt(name);
  const offsets = offsetsOf(manifest);
  const missing = new Set<number>(offsets.keys());
  const sizeOf = (index: number): number => manifest.sizes[index] as number;

  const readInto = (
    from: { read(into: Uint8Array, position: number): number },
    index: number,
    position: number,
  ): Uint8Array | undefined => {
    const bytes = new Uint8Array(sizeOf(index));
    if (from.read(bytes, position) !== bytes.length) return undefined;
    return equalBytes(blockHashBytes(bytes), packedHashAt(manifest, index)) ? bytes : undefined;
  };
  const isPresent = (part: WriteHandle, index: number, presentBytes: number): boolean => {
    const offset = offsets[index] as number;
    return offset + sizeOf(index) <= presentBytes && readInto(part, index, offset) !== undefined;
  };
  const begin = (): void => cloneLikeSource({ fileSystem, path, manifest, sources });
  const { handle, present } = await openForTry(fileSystem, path, begin, async (part) => {
    const presentBytes = part.look().sizeBytes;
    const found: number[] = [];
    for (const index of missing) {
      await breathe();
      if (there?.has(index) === true || isPresent(part, index, presentBytes)) found.push(index);
    }
    return found;
  });
  for (const index of present) missing.delete(index);
  for (const index of offsets.keys()) if (sizeOf(index) === 0) missing.delete(index);
  /** A file that is made longer has zeros there, and where the disk can they take no room. */
  const makeZeros = (): void => {
    const zeros = zeroChunk(manifest.sizeBytes);
    const presentBytes = handle.look().sizeBytes;
    let end = presentBytes;
    for (const index of missing) {
      const offset = offsets[index] as number;
      if (offset < presentBytes || sizeOf(index) !== zeros.sizeBytes) continue;
      if (!equalBytes(packedHashAt(manifest, index), zeros.hash)) continue;
      missing.delete(index);
      end = offset + zeros.sizeBytes;
    }
    if (end > presentBytes) handle.truncate(end);
  };
  try {
    if (offsets.length > 1) makeZeros();
    for (const source of sources) {
      if (missing.size === 0) break;
      await reuseChunks({
        fileSystem,
        source,
        manifest,
        missing,
        readInto,
        breathe,
        write: (index, bytes) => handle.write(bytes, offsets[index] as number),
      });
    }
  } catch (error) {
    handle.close();
    throw error;
  }

  let state: 'open' | 'sealed' | 'closed' = 'open';

  return {
    missing: () => [...missing].sort((a, b) => a - b),
    missingCount: () => missing.size,
    offsetOf: (index) => offsets[index] as number,
    read(offset, sizeBytes) {
      const touched = chunksIn(offsets, manifest.sizeBytes, { start: offset, end: offset + sizeBytes });
      if (state === 'closed' || touched === undefined || touched.some((index) => missing.has(index)))
        return undefined;
      const bytes = new Uint8Array(sizeBytes);
      const from = state === 'sealed' ? fileSystem.openRead(path) : handle;
      try {
        return from.read(bytes, offset) === sizeBytes ? bytes : undefined;
      } finally {
        if (state === 'sealed') from.close();
      }
    },
    spans() {
      const spans: { start: number; end: number }[] = [];
      for (const [index, start] of offsets.entries()) {
        if (missing.has(index)) continue;
        const end = start + sizeOf(index);
        const last = spans.at(-1);
        if (last?.end === start) last.end = end;
        else spans.push({ start, end });
      }
      return spans;
    },
    put(index, { hash, bytes }) {
      if (!missing.has(index)) return true;
      if (bytes.length !== sizeOf(index) || hash !== hashAt(manifest, index)) return false;
      handle.write(bytes, offsets[index] as number);
      missing.delete(index);
      return true;
    },
    mode: () => handle.look().mode,
    seal({ mode, modifiedAtNs }) {
      invariant(missing.size === 0, 'a file is sealed only when every chunk is there');
      const begun = handle.look();
      if (begun.sizeBytes !== manifest.sizeBytes) handle.truncate(manifest.sizeBytes);
      handle.close();
      state = 'sealed';
      // Whoever the file ran as before does not vouch for bytes from elsewhere.
      if (begun.mode !== (mode & 0o777)) fileSystem.setMode(path, mode & 0o777);
      fileSystem.setModifiedAt(path, modifiedAtNs);
      const sealed = fileSystem.look(path);
      if (sealed?.sizeBytes !== manifest.sizeBytes) throw new DiskError('ENOENT', 'seal', path);
      return sealed;
    },
    close() {
      state = 'closed';
      handle.close();
    },
  };
}

interface Opened {
  readonly handle: WriteHandle;
  /** The chunks that are there. */
  readonly present: readonly number[];
}

/**
 * Opens what an earlier try left, if `takeStock` can read it, else begins anew. A file that has a second name is no part: what is
 * written to it would be written to somebody's file.
 */
async function openForTry(
  fileSystem: FileSystem,
  path: DiskPath,
  begin: () => void,
  takeStock: (part: WriteHandle) => Promise<readonly number[]>,
): Promise<Opened> {
  for (const isBegun of [false, true]) {
    if (isBegun) begin();
    if (fileSystem.look(path) === undefined) continue;
    const handle = openAlone(fileSystem, path);
    try {
      if (handle !== undefined) return { handle, present: await takeStock(handle) };
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
