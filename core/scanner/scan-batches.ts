import { chunkFileInSteps, type FileStep } from '../chunker/chunker.ts';
import { DiskError, type FileSystem } from '../filesystem/filesystem.ts';
import type { DirectoryListing, WalkRequest } from './listing.ts';
import type { HashRequest, HashResult, ReadSoFar } from './scan-service.ts';
import { walkDirectory } from './walk.ts';

/** LIMIT: results go on their way when they are this many, or when the first has waited this long; whatever comes first. */
const batchListings = 200;
const batchEntries = 4_000;
const batchResults = 256;
const batchWaitMs = 20;
/** LIMIT: how much of a file is read between two words about it. */
const bytesBetweenWords = 8 * 1024 ** 2;

/** A step of a job: results ready to go, or none yet. */
export interface Batch<T> {
  readonly results: readonly T[];
  /** How far a large file is. */
  readonly reading?: ReadSoFar;
}

/** {@link walkDirectory} in batches. `monotonic` gives milliseconds that never go back. */
export function* walkInBatches(
  fileSystem: FileSystem,
  request: WalkRequest,
  monotonic: () => number,
): Generator<Batch<DirectoryListing>, void, void> {
  let listings: DirectoryListing[] = [];
  let entries = 0;
  let startedAt = monotonic();
  for (const listing of walkDirectory(fileSystem, request)) {
    listings.push(listing);
    entries += listing.entries.length;
    if (listings.length < batchListings && entries < batchEntries && monotonic() - startedAt < batchWaitMs)
      continue;
    yield { results: listings };
    listings = [];
    entries = 0;
    startedAt = monotonic();
  }
  if (listings.length > 0) yield { results: listings };
}

/** Reads files one after the other: small ones in groups, large ones in steps of a buffer each. */
export function* hashInBatches(
  fileSystem: FileSystem,
  requests: readonly HashRequest[],
  monotonic: () => number,
): Generator<Batch<HashResult>, void, void> {
  let results: HashResult[] = [];
  let startedAt = monotonic();
  const isFull = (): boolean => results.length >= batchResults || monotonic() - startedAt >= batchWaitMs;
  for (const request of requests) {
    const steps = hashInSteps(fileSystem, request);
    try {
      let wordAt = bytesBetweenWords;
      let step = steps.next();
      while (step.done !== true) {
        const { readBytes, fresh } = step.value;
        const word = readBytes >= wordAt ? { reading: { id: request.id, readBytes, chunks: fresh() } } : {};
        if (readBytes >= wordAt) wordAt = readBytes + bytesBetweenWords;
        const ready = isFull() ? results : [];
        yield { results: ready, ...word };
        if (ready === results) {
          results = [];
          startedAt = monotonic();
        }
        step = steps.next();
      }
      results.push(step.value);
    } finally {
      steps.return(undefined as never);
    }
    if (!isFull()) continue;
    yield { results };
    results = [];
    startedAt = monotonic();
  }
  if (results.length > 0) yield { results };
}

function* hashInSteps(fileSystem: FileSystem, request: HashRequest): Generator<FileStep, HashResult, void> {
  const { id, diskPath, expected } = request;
  try {
    const known = expected === undefined ? {} : { expected };
    const result = yield* chunkFileInSteps({ fileSystem, path: diskPath, ...known });
    return { id, ...result };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { id, kind: 'absent' };
    return { id, kind: 'failed', cause: error.code };
  }
}
