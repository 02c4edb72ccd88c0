import { bytesToHex, type Random } from '../base/base.ts';
import { largeFileBytes } from '../file-index/file-index.ts';
import type { DiskPath } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import type { ChunkList } from '../model/manifest.ts';
import type { RelativePath } from '../model/path.ts';
import { maxAheadBytes } from '../protocol/protocol.ts';
import type { IndexSession } from '../transfer/transfer.ts';

/** LIMIT: readings of which blocks are given out, those that ended lately among them. */
const readingsServed = 4;

/** A file of this folder, as it looked when its reading began. */
export interface FileBeingRead {
  readonly path: RelativePath;
  readonly diskPath: DiskPath;
  readonly observed: Observed;
}

/** Tells another device of the chunks of large new files while they are still read (EN4): smaller ones are read before it would help. */
export interface TellingAhead {
  /** These chunks come next in the file. */
  read(file: FileBeingRead, chunks: ChunkList): void;
  /** It is read: whole, so that an entry follows, or in vain. */
  ended(path: RelativePath, isWhole: boolean): void;
  /** The file that a reading is of. */
  fileOf(reading: Hash): FileBeingRead | undefined;
}

/** What telling needs of the folder. */
export interface TellingAheadDependencies {
  readonly folderId: FolderId;
  readonly random: Random;
  /** Whether what is new at a path is a new file here that others are told of. */
  isNews(path: RelativePath): boolean;
  /** Whether a file of this size lies somewhere on this device: then this one may be a copy of it, which costs nothing once it has an entry. */
  hasFileOfSize(sizeBytes: number): boolean;
  /** Conversations with devices that have the folder. */
  sessions(): readonly IndexSession[];
}

interface Reading {
  readonly reading: Hash;
  readonly session: IndexSession;
  chunksTold: number;
}

/** Makes it for one folder. */
export function createTellingAhead({
  folderId,
  random,
  isNews,
  hasFileOfSize,
  sessions,
}: TellingAheadDependencies): TellingAhead {
  const readings = new Map<RelativePath, Reading | 'untold'>();
  const served = new Map<Hash, FileBeingRead>();

  /** One device alone: several would all ask this one for the same first chunks, and none could give them to another. */
  const begin = (file: FileBeingRead): Reading | 'untold' => {
    const { sizeBytes } = file.observed;
    const [session] = sessions();
    if (sizeBytes < largeFileBytes || sizeBytes > maxAheadBytes || session === undefined) return 'untold';
    if (!isNews(file.path) || hasFileOfSize(sizeBytes)) return 'untold';
    const reading = bytesToHex(random.bytes(32)) as Hash;
    served.set(reading, file);
    for (const oldest of served.keys()) if (served.size > readingsServed) served.delete(oldest);
    return { reading, session, chunksTold: 0 };
  };

  const tell = (path: RelativePath, sizeBytes: number, of: Reading, chunks: ChunkList): void => {
    of.session.tellAhead({
      folderId,
      reading: of.reading,
      path,
      sizeBytes,
      firstChunk: of.chunksTold,
      ...chunks,
    });
    of.chunksTold += chunks.sizes.length;
  };

  return {
    read(file, chunks) {
      const of = readings.get(file.path) ?? begin(file);
      readings.set(file.path, of);
      if (of !== 'untold' && chunks.sizes.length > 0) tell(file.path, file.observed.sizeBytes, of, chunks);
    },
    ended(path, isWhole) {
      const of = readings.get(path);
      readings.delete(path);
      if (of === undefined || of === 'untold' || isWhole) return;
      tell(path, 0, of, { hashes: new Uint8Array(0), sizes: new Uint32Array(0) });
      served.delete(of.reading);
    },
    fileOf: (reading) => served.get(reading),
  };
}
