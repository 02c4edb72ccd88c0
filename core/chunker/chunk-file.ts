import { throwIfAborted } from '../base/base.ts';
import type { DiskPath, FileSystem, ReadHandle } from '../filesystem/filesystem.ts';
import { isSameObserved, type Observed } from '../model/disk.ts';
import type { Hash } from '../model/ids.ts';
import {
  type ChunkList,
  type ChunkSizes,
  chunkSizesFor,
  type Manifest,
  oneChunkBytes,
} from '../model/manifest.ts';
import { createCutter } from './cut-points.ts';
import { blockHashBytes, hashBytes } from './hash.ts';
import { manifestRoot } from './manifest-tree.ts';
import { bufferBytesFor, lendBuffer, returnBuffer } from './read-buffer.ts';
import { isAllZeros, zeroChunk } from './zero-chunk.ts';

/** The file to read. */
export interface ChunkFileRequest {
  readonly fileSystem: FileSystem;
  readonly path: DiskPath;
  /**
   * How the file looked when it was found settled. If it looks otherwise once open, the result is `changed`: only a file that had
   * been left alone before the reading began can be known, by its times, to have been left alone during it.
   */
  readonly expected?: Observed;
}

/** What reading a file gave. */
export type ChunkFileResult =
  /** Nobody wrote to the file while it was read, as far as its size and times tell. `observed` is the look all of it was read under. */
  | {
      readonly kind: 'read';
      readonly content: Hash;
      readonly manifest: Manifest;
      readonly observed: Observed;
    }
  /** Somebody wrote to it: what was read may be half of one version and half of another, and is dropped. `observed` is the last look. */
  | { readonly kind: 'changed'; readonly observed: Observed };

/** How far a file is read. */
export interface FileStep {
  readonly readBytes: number;
  /** The chunks found since this was last asked for, of the file as it looked when the reading began. */
  fresh(): ChunkList;
}

// LIMIT: how much is read between two looks at a file, so that one being written to all the time is given up early.
const bytesBetweenLooks = 64 * 1024 ** 2;

/**
 * Reads a file once, cutting and hashing as it goes. Throws DiskError when it cannot be opened or read (a symlink, a FIFO and a
 * directory cannot), and the signal's reason; `onProgress` gets the bytes read so far.
 */
export function chunkFile(
  request: ChunkFileRequest,
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal; readonly onProgress?: (readBytes: number) => void } = {},
): ChunkFileResult {
  const steps = chunkFileInSteps(request);
  try {
    for (;;) {
      throwIfAborted(signal);
      const step = steps.next();
      if (step.done === true) return step.value;
      onProgress?.(step.value.readBytes);
    }
  } finally {
    steps.return(undefined as never);
  }
}

/**
 * {@link chunkFile} for a thread with other things to do: yields how far it is after every buffer (2 MiB, up to 16 for
 * the largest files). Closes the file however it is left.
 */
export function* chunkFileInSteps({
  fileSystem,
  path,
  expected,
}: ChunkFileRequest): Generator<FileStep, ChunkFileResult, void> {
  const handle = fileSystem.openRead(path);
  try {
    const before = handle.look();
    if (expected !== undefined && !isSameObserved(expected, before))
      return { kind: 'changed', observed: before };
    const manifest =
      before.sizeBytes <= oneChunkBytes ? readOneChunk(handle, before) : yield* readChunks(handle, before);
    const after = handle.look();
    if (manifest === undefined || !isSameObserved(before, after)) return { kind: 'changed', observed: after };
    return { kind: 'read', content: manifestRoot(manifest), manifest, observed: before };
  } finally {
    handle.close();
  }
}

function readOneChunk(handle: ReadHandle, { sizeBytes }: Observed): Manifest | undefined {
  // One byte more than the file has, to notice that it grew.
  const buffer = Buffer.allocUnsafe(sizeBytes + 1);
  const got = handle.read(buffer, 0);
  if (got !== sizeBytes) return undefined;
  // A copy: what Node hands out may be a view into memory shared with others, which would travel along to another thread.
  return {
    sizeBytes,
    hashes: new Uint8Array(blockHashBytes(buffer.subarray(0, got))),
    sizes: Uint32Array.of(sizeBytes),
  };
}

/** Gives undefined as soon as the file is seen to have changed. */
function* readChunks(handle: ReadHandle, before: Observed): Generator<FileStep, Manifest | undefined, void> {
  const { sizeBytes } = before;
  const classSizes: ChunkSizes = chunkSizesFor(sizeBytes);
  const cutter = createCutter(classSizes);
  const collected = collectChunks(sizeBytes);
  const buffer = lendBuffer(bufferBytesFor(classSizes));
  try {
    // buffer[0, keptBytes) is the chunk under way: a chunk is always hashed in one piece.
    let keptBytes = 0;
    let readBytes = 0;
    let lookAt = bytesBetweenLooks;
    for (;;) {
      const got = handle.read(buffer.subarray(keptBytes), readBytes);
      const filled = keptBytes + got;
      const bufferStart = readBytes - keptBytes;
      readBytes += got;
      if (readBytes > sizeBytes) return undefined;
      let start = 0;
      if (filled === buffer.length && isAllZeros(buffer)) {
        const zeros = zeroChunk(sizeBytes);
        for (; start < filled; start += zeros.sizeBytes) collected.addHashed(zeros.hash, zeros.sizeBytes);
        cutter.skipTo(readBytes);
      } else
        for (const end of cutter.push(buffer.subarray(keptBytes, filled))) {
          collected.add(buffer.subarray(start, end - bufferStart));
          start = end - bufferStart;
        }
      if (filled < buffer.length) {
        if (start < filled) collected.add(buffer.subarray(start, filled));
        return readBytes === sizeBytes ? collected.manifest() : undefined;
      }
      buffer.copyWithin(0, start, filled);
      keptBytes = filled - start;
      yield { readBytes, fresh: collected.fresh };
      if (readBytes >= lookAt) {
        lookAt += bytesBetweenLooks;
        if (!isSameObserved(before, handle.look())) return undefined;
      }
    }
  } finally {
    returnBuffer(buffer);
  }
}

/** Gathers the packed hashes and sizes of chunks as they come. */
function collectChunks(sizeBytes: number) {
  let hashes = new Uint8Array(64 * hashBytes);
  const sizes: number[] = [];
  let handedOut = 0;
  return {
    add(chunk: Uint8Array): void {
      this.addHashed(blockHashBytes(chunk), chunk.length);
    },
    addHashed(hash: Uint8Array, chunkBytes: number): void {
      const at = sizes.length * hashBytes;
      if (at === hashes.length) {
        const longer = new Uint8Array(hashes.length * 2);
        longer.set(hashes);
        hashes = longer;
      }
      hashes.set(hash, at);
      sizes.push(chunkBytes);
    },
    fresh(): ChunkList {
      const from = handedOut;
      handedOut = sizes.length;
      return {
        hashes: hashes.slice(from * hashBytes, handedOut * hashBytes),
        sizes: Uint32Array.from(sizes.slice(from)),
      };
    },
    manifest: (): Manifest => ({
      sizeBytes,
      hashes: hashes.slice(0, sizes.length * hashBytes),
      sizes: Uint32Array.from(sizes),
    }),
  };
}
