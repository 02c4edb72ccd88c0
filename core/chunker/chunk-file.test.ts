import { createCipheriv, createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { invariant } from '../base/base.ts';
import { diskPath, type FileSystem } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { chunkSizesFor, type Manifest } from '../model/manifest.ts';
import { checkManifest } from './check-manifest.ts';
import { chunkFile, chunkFileInSteps, type ChunkFileResult } from './chunk-file.ts';
import { createCutter } from './cut-points.ts';
import { chunksOf } from './manifest-chunks.ts';
import { verifyFile } from './verify-file.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const none = new Uint8Array(0);
const path = diskPath('/file');
let fileSystem: MemoryFileSystem;
let openHandles: number;

beforeEach(() => {
  fileSystem = createMemoryFileSystem({ clock: { now: () => 0, monotonic: () => 0, after: () => () => {} } });
  openHandles = 0;
});

describe('chunkFile', () => {
  test.each([0, 1, 64 * KiB, 64 * KiB + 1, 300 * KiB, 2 * MiB, 2 * MiB + 1, 5 * MiB + 77])(
    '[CH1] [CH6] [CH9] reads a file of %i bytes whole: every chunk is there and hashed',
    (sizeBytes) => {
      const bytes = write(seededBytes(1, sizeBytes));
      const { manifest, content, observed } = readNow();
      expect(checkManifest(manifest, content, sizeBytes)).toBeUndefined();
      expect(manifest.sizes.length === 1).toBe(sizeBytes <= 64 * KiB + 1);
      for (const chunk of chunksOf(manifest)) {
        expect(chunk.hash).toBe(sha256(bytes.subarray(chunk.offset, chunk.offset + chunk.sizeBytes)));
      }
      expect(observed).toEqual(fileSystem.look(path));
    },
  );

  test.each([
    ['only zeros', none, 6 * MiB, none],
    ['only zeros, and a few', none, 4 * MiB + 99, none],
    ['zeros, then others', none, 5 * MiB, seededBytes(3, 700 * KiB)],
    ['others around zeros', seededBytes(4, 3 * MiB + 5), 9 * MiB + 1, seededBytes(5, MiB)],
    ['others around a few zeros', seededBytes(6, MiB), 2 * MiB, seededBytes(7, 2 * MiB)],
  ])('[CH14] a file of %s has the chunks that cutting and hashing give', (_what, before, zeros, after) => {
    const bytes = write(Buffer.concat([before, new Uint8Array(zeros), after]));
    const cutter = createCutter(chunkSizesFor(bytes.length));
    const ends = cutter.push(bytes);
    const end = cutter.finish();
    if (end !== undefined) ends.push(end);
    const { manifest } = readNow();
    expect([...manifest.sizes]).toEqual(ends.map((at, i) => at - (ends[i - 1] ?? 0)));
    for (const chunk of chunksOf(manifest))
      expect(chunk.hash).toBe(sha256(bytes.subarray(chunk.offset, chunk.offset + chunk.sizeBytes)));
  });

  test('[CH5] an insertion leaves most chunks as they were', () => {
    const bytes = write(seededBytes(2, 5 * MiB));
    const before = hashesOf(readNow().manifest);
    fileSystem.remove(path);
    write(Buffer.concat([bytes.subarray(0, MiB), Buffer.from('inserted'), bytes.subarray(MiB)]));
    const fresh = [...hashesOf(readNow().manifest)].filter((hash) => !before.has(hash));
    expect(fresh.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['grows', 3 * MiB, () => append(1)],
    ['small, grows', 10, () => append(1)],
    ['shrinks', 3 * MiB, () => change((handle) => handle.truncate(100))],
    ['small, shrinks', 10, () => change((handle) => handle.truncate(3))],
    ['is written to at the same size', 3 * MiB, () => change((handle) => handle.write(Buffer.from('x'), 5))],
    [
      'small, is written to at the same size',
      10,
      () => change((handle) => handle.write(Buffer.from('x'), 5)),
    ],
    ['gets its old time back after a write', 10, writeAndRestoreTime],
    ['changes mode', 10, () => fileSystem.setMode(path, 0o755)],
  ])('[CH10] a file that %s while it is read is not taken', (_says, sizeBytes, meddle) => {
    write(seededBytes(3, sizeBytes));
    const result = chunkFile({ fileSystem: meddledWith(meddle), path });
    expect(result).toEqual({ kind: 'changed', observed: fileSystem.look(path) });
    expect(openHandles).toBe(0);
  });

  test('[CH10] a file being written all the time is given up long before its end', () => {
    write(seededBytes(4, 100 * MiB));
    let reads = 0;
    const busy = wrapped((handle) => ({
      read(into, position) {
        reads += 1;
        change((writer) => writer.write(Buffer.from('x'), 0));
        return handle.read(into, position);
      },
    }));
    expect(chunkFile({ fileSystem: busy, path }).kind).toBe('changed');
    expect(reads).toBeLessThan(45);
  });

  test('[CH10] a file that no longer looks as it did when settled is not read at all', () => {
    write(seededBytes(5, 10));
    const settled = fileSystem.look(path);
    invariant(settled !== undefined, 'just written');
    expect(chunkFile({ fileSystem, path, expected: settled }).kind).toBe('read');
    append(1);
    const unread = wrapped(() => ({
      read() {
        throw new Error('read');
      },
    }));
    expect(chunkFile({ fileSystem: unread, path, expected: settled })).toEqual({
      kind: 'changed',
      observed: fileSystem.look(path),
    });
    expect(openHandles).toBe(0);
  });

  test('[CH11] what is no regular file is refused', () => {
    fileSystem.makeDirectory(diskPath('/directory'));
    fileSystem.makeSymlink('/file', diskPath('/link'));
    fileSystem.makeOther(diskPath('/pipe'));
    for (const name of ['/directory', '/link', '/pipe', '/nothing']) {
      expect(() => chunkFile({ fileSystem, path: diskPath(name) })).toThrow(
        /ELOOP|EINVAL|EISDIR|ENXIO|ENOENT/,
      );
    }
  });

  test('[CH11] stops at an abort, at a disk error and when left half way, and closes the file each time', () => {
    write(seededBytes(6, 5 * MiB));
    const abort = new AbortController();
    const stopping = { signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) };
    expect(() => chunkFile({ fileSystem: wrapped(() => ({})), path }, stopping)).toThrow('enough');
    expect(openHandles).toBe(0);

    const failing = wrapped(() => ({
      read() {
        throw new Error('EIO');
      },
    }));
    expect(() => chunkFile({ fileSystem: failing, path })).toThrow('EIO');
    expect(openHandles).toBe(0);

    const steps = chunkFileInSteps({ fileSystem: wrapped(() => ({})), path });
    steps.next();
    expect(openHandles).toBe(1);
    steps.return(undefined as never);
    expect(openHandles).toBe(0);
  });

  test('[CH10] files read side by side do not mix', () => {
    const other = diskPath('/other');
    write(seededBytes(7, 5 * MiB));
    write(seededBytes(8, 5 * MiB), other);
    const alone = [path, other].map((each) => chunkFile({ fileSystem, path: each }));
    const running = [path, other].map((each) => chunkFileInSteps({ fileSystem, path: each }));
    const together: (ChunkFileResult | undefined)[] = [undefined, undefined];
    while (together.includes(undefined)) {
      for (const [index, steps] of running.entries()) {
        const step = steps.next();
        if (step.done === true) together[index] ??= step.value;
      }
    }
    expect(together).toEqual(alone);
  });

  test('progress rises to the size of the file', () => {
    write(seededBytes(9, 5 * MiB));
    const told: number[] = [];
    chunkFile({ fileSystem, path }, { onProgress: (readBytes) => told.push(readBytes) });
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeLessThanOrEqual(5 * MiB);
  });
});

describe('[CH12] verifyFile', () => {
  const verify = (manifest: Manifest, on: FileSystem = fileSystem) =>
    verifyFile({ fileSystem: on, path, manifest });

  test.each([0, 100, 3 * MiB])('knows a file of %i bytes again', (sizeBytes) => {
    write(seededBytes(1, sizeBytes));
    expect(verify(readNow().manifest)).toEqual({ kind: 'same', observed: fileSystem.look(path) });
  });

  test('names the chunks that are wrong or missing', () => {
    write(seededBytes(2, 3 * MiB));
    const { manifest } = readNow();
    const last = manifest.sizes.length - 1;
    change((handle) => handle.write(Buffer.from('xxxx'), (manifest.sizes[0] as number) + 1));
    expect(verify(manifest)).toEqual({ kind: 'different', wrongChunks: [1] });
    change((handle) => handle.truncate(3 * MiB - 1));
    expect(verify(manifest)).toEqual({ kind: 'different', wrongChunks: [1, last] });
  });

  test('a longer file is not the same', () => {
    write(seededBytes(3, 100));
    const { manifest } = readNow();
    append(1);
    expect(verify(manifest)).toEqual({ kind: 'different', wrongChunks: [] });
  });

  test('a file written to meanwhile is changed', () => {
    write(seededBytes(4, 100));
    const { manifest } = readNow();
    expect(
      verify(
        manifest,
        meddledWith(() => append(1)),
      ),
    ).toEqual({ kind: 'changed' });
    expect(openHandles).toBe(0);
  });
});

type Handle = ReturnType<FileSystem['openRead']>;

function readNow(): Extract<ChunkFileResult, { kind: 'read' }> {
  const result = chunkFile({ fileSystem, path });
  invariant(result.kind === 'read', 'nobody writes to it');
  return result;
}

function write(bytes: Uint8Array, at = path): Uint8Array {
  const handle = fileSystem.create(at, 0o644);
  handle.write(bytes, 0);
  handle.close();
  return bytes;
}

function change(work: (handle: ReturnType<FileSystem['openWrite']>) => void): void {
  const handle = fileSystem.openWrite(path);
  work(handle);
  handle.close();
}

function append(count: number): void {
  change((handle) => handle.write(new Uint8Array(count), handle.look().sizeBytes));
}

function writeAndRestoreTime(): void {
  const before = fileSystem.look(path);
  invariant(before !== undefined, 'written');
  change((handle) => handle.write(Buffer.from('x'), 5));
  fileSystem.setModifiedAt(path, before.modifiedAtNs);
}

/** The disk with parts of its read handles replaced, counting those that are open. */
function wrapped(parts: (handle: Handle) => Partial<Handle>): FileSystem {
  return {
    ...fileSystem,
    openRead(opened) {
      const handle = fileSystem.openRead(opened);
      openHandles += 1;
      return {
        ...handle,
        ...parts(handle),
        close() {
          openHandles -= 1;
          handle.close();
        },
      };
    },
  };
}

/** A disk on which something happens once, right after the first bytes of a file were read. */
function meddledWith(meddle: () => void): FileSystem {
  let done = false;
  return wrapped((handle) => ({
    read(into, position) {
      const got = handle.read(into, position);
      if (!done) {
        done = true;
        meddle();
      }
      return got;
    },
  }));
}

function hashesOf(manifest: Manifest): Set<string> {
  return new Set([...chunksOf(manifest)].map(({ hash }) => hash));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function seededBytes(seed: number, length: number): Uint8Array {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(
    new Uint8Array(length),
  );
}
