import type { DiskPath } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { Hash } from '../model/ids.ts';
import type { ChunkList, Manifest } from '../model/manifest.ts';
import type { DirectoryListing, WalkRequest } from './listing.ts';

/** A file to read. */
export interface HashRequest {
  /** The caller's name for it, handed back with the result. */
  readonly id: number;
  readonly diskPath: DiskPath;
  /** The look under which it was found settled; if it looks otherwise when opened the result is `changed`. */
  readonly expected?: Observed;
}

/** What became of a {@link HashRequest}. */
export type HashResult =
  /** Read whole while nobody wrote to it, under the look `observed`. */
  | {
      readonly id: number;
      readonly kind: 'read';
      readonly content: Hash;
      readonly manifest: Manifest;
      readonly observed: Observed;
    }
  /** Written to before or while it was read: let it settle again, starting from the look `observed`. */
  | { readonly id: number; readonly kind: 'changed'; readonly observed: Observed }
  /** Nothing there any more. */
  | { readonly id: number; readonly kind: 'absent' }
  /** Not readable, or no regular file any more; `cause` is the system's code. */
  | { readonly id: number; readonly kind: 'failed'; readonly cause: string };

/** How far a large file is read, and the chunks found since the last word of it. */
export interface ReadSoFar {
  /** Of its {@link HashRequest}. */
  readonly id: number;
  readonly readBytes: number;
  readonly chunks: ChunkList;
}

/**
 * Looks at disks and reads files without holding up its caller. Jobs run side by side, a little of each in turn. Results wait for their
 * consumer: a job whose results nobody takes stops after a few batches. An iterable is for one consumer; leaving it early stops the job.
 * It rejects with the signal's reason, with SyncError `interrupted` when the service closes, and with SyncError `internal` (`retry`
 * soon) when the thread behind it died; the next job starts another.
 */
export interface ScanService {
  /** The listings of {@link walkDirectory} in its order, in batches. */
  walk(request: WalkRequest, signal?: AbortSignal): AsyncIterable<readonly DirectoryListing[]>;
  /** One result for every request, in their order. `onRead` is told now and then how far the file under way is. */
  hash(
    requests: readonly HashRequest[],
    signal?: AbortSignal,
    onRead?: (soFar: ReadSoFar) => void,
  ): AsyncIterable<HashResult>;
  /** Stops all jobs and gives the thread back. Nothing can be asked afterwards. */
  close(): Promise<void>;
}
