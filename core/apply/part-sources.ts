import { type Breathe, firstPlace } from '../base/base.ts';
import { type DiskPath, DiskError, type FileSystem } from '../filesystem/filesystem.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Span } from '../model/span.ts';

/** LIMIT: below this a clone saves less than the calls it takes. */
const cloneFromBytes = 1024 * 1024;
/** LIMIT: of a file, what a source has to have at the same place to be worth beginning with. */
const likeShare = 0.5;

/** A file on this disk that may hold chunks of another content, and what it held when that was last looked at. */
export interface PartSource {
  readonly path: DiskPath;
  readonly manifest: Manifest;
}

/** Lets the part at `path`, where nothing is, begin as a clone of the first source much like it; nothing is there afterwards if none is, or the disk cannot. */
export function cloneLikeSource(options: {
  readonly fileSystem: FileSystem;
  readonly path: DiskPath;
  readonly manifest: Manifest;
  readonly sources: readonly PartSource[];
}): void {
  const { fileSystem, path, manifest, sources } = options;
  if (manifest.sizeBytes < cloneFromBytes) return;
  const source = sources.find(
    (each) => bytesInPlace(each.manifest, manifest) >= manifest.sizeBytes * likeShare,
  );
  if (source === undefined) return;
  // A clone has the mode of what it is a clone of; a part has the user's own default.
  const made = fileSystem.create(path, 0o666);
  const { mode } = made.look();
  made.close();
  fileSystem.remove(path);
  try {
    if (fileSystem.clone(source.path, path)) fileSystem.setMode(path, mode);
  } catch (error) {
    // The source may be gone; whatever is at `path` now is looked through like what an earlier try left.
    if (!(error instanceof DiskError)) throw error;
  }
}

/** Writes every missing chunk that `source` holds where its manifest says, as far as `readInto` finds the right bytes there; a source that cannot be read gives nothing. Takes a breath between chunks. */
export async function reuseChunks(options: {
  readonly fileSystem: FileSystem;
  readonly source: PartSource;
  readonly manifest: Manifest;
  readonly missing: Set<number>;
  readonly readInto: (
    from: { read(into: Uint8Array, position: number): number },
    index: number,
    position: number,
  ) => Uint8Array | undefined;
  readonly write: (index: number, bytes: Uint8Array) => void;
  readonly breathe: Breathe;
}): Promise<void> {
  const { source, manifest, missing, breathe } = options;
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
      await breathe();
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

/** Where each chunk begins. */
export function offsetsOf(manifest: Manifest): readonly number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const size of manifest.sizes) {
    offsets.push(at);
    at += size;
  }
  return offsets;
}

/** The chunks that some bytes of a file lie in, by where its chunks begin; undefined if the file ends before them, or there are none. */
export function chunksIn(
  offsets: readonly number[],
  fileBytes: number,
  { start, end }: Span,
): readonly number[] | undefined {
  if (end <= start || end > fileBytes) return undefined;
  const first = firstPlace(0, offsets.length, (place) => (offsets[place] as number) <= start) - 1;
  const beyond = firstPlace(first, offsets.length, (place) => (offsets[place] as number) < end);
  return Array.from({ length: beyond - first }, (_, i) => first + i);
}

/** How many bytes of `wanted` lie in `held` at the same place. */
function bytesInPlace(held: Manifest, wanted: Manifest): number {
  const places = new Map(offsetsOf(held).map((offset, index) => [offset, keyAt(held, index)]));
  let bytes = 0;
  for (const [index, offset] of offsetsOf(wanted).entries())
    if (places.get(offset) === keyAt(wanted, index)) bytes += wanted.sizes[index] as number;
  return bytes;
}

/** The hash of a chunk, as a key to look it up by. */
export function keyAt(manifest: Manifest, index: number): string {
  return String.fromCharCode(...manifest.hashes.subarray(index * 32, index * 32 + 32));
}
