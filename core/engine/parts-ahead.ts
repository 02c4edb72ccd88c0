import { bytesToHex, type Clock, equalBytes, type Log } from '../base/base.ts';
import { chunksOf, maxChunksOf, zeroChunk } from '../chunker/chunker.ts';
import {
  DiskError,
  type DiskRoot,
  type FileSystem,
  removeQuietly,
  type WriteHandle,
} from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { type ChunkList, chunkSizesFor, type Manifest } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';
import { type BlockItem, type ChunksAhead, maxAheadBytes, misshapen } from '../protocol/protocol.ts';
import type { BlockFetcher } from '../transfer/transfer.ts';

/** LIMIT: files of one folder that are received ahead of their entries. */
const filesAtATime = 2;
/** LIMIT: milliseconds without news of a file after which it is given up. */
const idleMs = 10 * 60_000;

/** Receives chunks of files that another device is still reading (EN4). */
export interface PartsAhead {
  /** A device told of more chunks. Throws SyncError `peer-misbehaved` if they do not go on where it ended; nothing of that file stays then. */
  heard(peer: DeviceKey, chunks: ChunksAhead): void;
  /** Gives what has come of a file with this manifest the name `name` in staging; returns which of its chunks are there, checked. Undefined, and nothing has that name, if there is no such file. */
  take(manifest: Manifest, name: string): ReadonlySet<number> | undefined;
  /** Gives all of them up. */
  stop(): void;
}

/** What receiving needs of the folder. */
export interface PartsAheadDependencies {
  readonly folderId: FolderId;
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly fetcher: Pick<BlockFetcher, 'fetch'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a new file at a path would be brought here. */
  isWanted(path: RelativePath): boolean;
  received(bytes: number, from: DeviceKey): void;
}

interface PartAhead {
  readonly peer: DeviceKey;
  readonly reading: Hash;
  readonly name: string;
  readonly handle: WriteHandle;
  readonly sizeBytes: number;
  readonly lists: ChunkList[];
  readonly there: Set<number>;
  /** What is not asked for again: what was, and zeros, which nobody needs to send. */
  readonly asked: Set<Hash>;
  readonly ending: AbortController;
  chunks: number;
  bytes: number;
  lastAt: number;
}

/** Makes it for one folder on its disk. */
export function createPartsAhead(dependencies: PartsAheadDependencies): PartsAhead {
  const { folderId, fileSystem, root, fetcher, clock, log } = dependencies;
  const parts = new Map<Hash, PartAhead>();

  const begin = (
    peer: DeviceKey,
    { reading, path, sizeBytes, firstChunk }: ChunksAhead,
  ): PartAhead | undefined => {
    if (firstChunk !== 0 || sizeBytes > maxAheadBytes || parts.size >= filesAtATime) return undefined;
    const name = `a-${reading}`;
    try {
      // What has an entry comes first: as much room again is left to it.
      const promisedBytes = [...parts.values()].reduce((sum, part) => sum + part.sizeBytes, sizeBytes);
      const { freeBytes } = fileSystem.space(root.root);
      if (!dependencies.isWanted(path) || freeBytes < 2 * promisedBytes) return undefined;
      const handle = fileSystem.create(root.stagedAt(name), 0o666);
      const part: PartAhead = {
        peer,
        reading,
        name,
        handle,
        sizeBytes,
        lists: [],
        there: new Set(),
        asked: new Set([bytesToHex(zeroChunk(sizeBytes).hash) as Hash]),
        ending: new AbortController(),
        chunks: 0,
        bytes: 0,
        lastAt: clock.monotonic(),
      };
      parts.set(reading, part);
      giveUpWhenIdle(part);
      return part;
    } catch (error) {
      if (error instanceof DiskError) return undefined;
      throw error;
    }
  };

  const giveUpWhenIdle = (part: PartAhead): void => {
    const cancel = clock.after(part.lastAt + idleMs - clock.monotonic(), () => {
      if (clock.monotonic() - part.lastAt >= idleMs) drop(part);
      else giveUpWhenIdle(part);
    });
    part.ending.signal.addEventListener('abort', cancel, { once: true });
  };

  const end = (part: PartAhead): void => {
    parts.delete(part.reading);
    part.ending.abort(new SyncError('interrupted', { what: 'ahead' }));
    part.handle.close();
  };

  const drop = (part: PartAhead): void => {
    end(part);
    removeQuietly(fileSystem, root.stagedAt(part.name));
  };

  const fetch = (part: PartAhead, list: ChunkList, firstChunk: number, start: number): void => {
    const numbers = new Map<BlockItem, number>();
    let number = firstChunk;
    for (const chunk of chunksOf(list, start)) {
      if (!part.asked.has(chunk.hash)) numbers.set({ ...chunk, content: part.reading }, number);
      part.asked.add(chunk.hash);
      number += 1;
    }
    if (numbers.size === 0) return;
    const { signal } = part.ending;
    fetcher
      .fetch({
        folderId,
        urgency: 'later',
        items: [...numbers.keys()],
        holders: [part.peer],
        signal,
        onBlock(item, { bytes }, from) {
          part.handle.write(bytes, item.offset);
          part.there.add(numbers.get(item) as number);
          part.lastAt = clock.monotonic();
          dependencies.received(bytes.length, from);
        },
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        drop(part);
        log.write('info', 'a file was not received ahead of its entry', { error: String(error) });
      });
  };

  return {
    heard(peer, ahead) {
      const known = parts.get(ahead.reading);
      if (known !== undefined && known.peer !== peer) throw misshapen('ahead');
      if (ahead.sizes.length === 0) {
        if (known !== undefined) drop(known);
        return;
      }
      const part = known ?? begin(peer, ahead);
      if (part === undefined) return;
      const bytes = goesOn(part, ahead);
      if (bytes === undefined) {
        drop(part);
        throw misshapen('ahead');
      }
      const { chunks: firstChunk, bytes: start } = part;
      part.lists.push(ahead);
      part.chunks += ahead.sizes.length;
      part.bytes += bytes;
      part.lastAt = clock.monotonic();
      fetch(part, ahead, firstChunk, start);
    },
    take(manifest, name) {
      const part = [...parts.values()].find((one) => begins(manifest, one));
      if (part === undefined) return undefined;
      end(part);
      try {
        // What an earlier try has of it stays.
        fileSystem.renameNew(root.stagedAt(part.name), root.stagedAt(name));
        return part.there;
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        removeQuietly(fileSystem, root.stagedAt(part.name));
        return undefined;
      }
    },
    stop() {
      for (const part of parts.values()) drop(part);
    },
  };
}

/** How many bytes more of the file these chunks are; undefined if they cannot be the next ones of it. */
function goesOn(part: PartAhead, { sizeBytes, firstChunk, sizes }: ChunksAhead): number | undefined {
  if (sizeBytes !== part.sizeBytes || firstChunk !== part.chunks) return undefined;
  if (part.chunks + sizes.length > maxChunksOf(sizeBytes)) return undefined;
  const { minBytes, maxBytes } = chunkSizesFor(sizeBytes);
  let bytes = 0;
  for (const size of sizes) {
    bytes += size;
    const isLast = part.bytes + bytes === sizeBytes;
    if (size > maxBytes || size === 0 || (size < minBytes && !isLast)) return undefined;
  }
  return part.bytes + bytes <= sizeBytes ? bytes : undefined;
}

/** Whether a manifest begins with the chunks of a part. */
function begins({ sizeBytes, hashes, sizes }: Manifest, part: PartAhead): boolean {
  if (sizeBytes !== part.sizeBytes || part.chunks > sizes.length || part.chunks === 0) return false;
  let at = 0;
  for (const list of part.lists) {
    const from = at;
    at += list.sizes.length;
    if (list.sizes.some((size, i) => size !== sizes[from + i])) return false;
    if (!equalBytes(list.hashes, hashes.subarray(from * 32, at * 32))) return false;
  }
  return true;
}
