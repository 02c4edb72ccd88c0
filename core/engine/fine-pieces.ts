import { type EditedStretch, editedStretches, type PartSource } from '../apply/apply.ts';
import { checkBlock, chunksOf, hashAt, piecesOf } from '../chunker/chunker.ts';
import { DiskError, type FileSystem } from '../filesystem/filesystem.ts';
import type { Hash } from '../model/ids.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import type { WishForBlocks, WishForPieces } from '../transfer/transfer.ts';
import { chunkItem, type ContentUnderWay } from './chunk-item.ts';

/** From this rate on whole chunks are here before it is known which of their pieces are. */
const worthwhileBytesPerS = 4_000_000;
/** Of a chunk, what has to be found here to be put together out of pieces. */
const foundShare = 0.5;

/** Blocks of one file, or lists of their pieces. */
export type FileWish = Pick<WishForBlocks, 'items' | 'onBlock'> | Pick<WishForPieces, 'items' | 'onPieces'>;

/** A file under way, what it was edited from, and how its blocks are asked for. */
export interface EditedFile extends ContentUnderWay {
  readonly edited: PartSource;
  /** How fast the others' bytes come, 0 if not known. */
  readonly bytesPerS: number;
  readonly fileSystem: FileSystem;
  /** Asks for blocks or lists of pieces. */
  fetch(wish: FileWish): Promise<unknown>;
  /** So many bytes more are here: a chunk. */
  put(bytes: number): void;
}

/**
 * Puts missing chunks together out of pieces: those that lie in the file it was edited from, and from others only the rest (EN3). A chunk for which that does not work stays missing, and is fetched whole.
 * Rejects as `fetch` does, and with DiskError when the part cannot be written.
 */
export async function putTogetherFromPieces(file: EditedFile): Promise<void> {
  const { edited, part, manifest, fileSystem, bytesPerS } = file;
  if (part.missingCount() === 0 || bytesPerS >= worthwhileBytesPerS) return;
  for (const stretch of editedStretches(manifest, part.missing(), edited.manifest)) {
    const here = piecesHere(fileSystem, edited, stretch);
    if (here !== undefined) await putTogether(file, stretch, here);
  }
}

/** A chunk that is being put together; `left` pieces are to come. */
interface ChunkBegun {
  readonly chunk: number;
  readonly bytes: Uint8Array;
  left: number;
}

/** A piece that is not here, and where in which chunk it belongs. */
interface PieceLacking {
  readonly of: ChunkBegun;
  readonly at: number;
}

async function putTogether(
  file: EditedFile,
  { chunks }: EditedStretch,
  here: ReadonlyMap<Hash, Uint8Array>,
): Promise<void> {
  const chunkOf = new Map(chunks.map((chunk) => [chunkItem(file, chunk), chunk] as const));
  const begun: ChunkBegun[] = [];
  const placeOf = new Map<BlockItem, PieceLacking>();
  await file.fetch({
    items: [...chunkOf.keys()],
    onPieces(item, list) {
      const pieces = [...chunksOf(list)];
      const lacking = pieces.filter(({ hash }) => !here.has(hash));
      const lackingBytes = lacking.reduce((sum, piece) => sum + piece.sizeBytes, 0);
      if (lackingBytes > item.sizeBytes * (1 - foundShare)) return;
      const of = {
        chunk: chunkOf.get(item) as number,
        bytes: new Uint8Array(item.sizeBytes),
        left: lacking.length,
      };
      for (const { hash, offset } of pieces) {
        const bytes = here.get(hash);
        if (bytes !== undefined && offset + bytes.length <= of.bytes.length) of.bytes.set(bytes, offset);
      }
      for (const { hash, offset, sizeBytes } of lacking)
        placeOf.set(
          { hash, sizeBytes, content: file.content, offset: item.offset + offset },
          { of, at: offset },
        );
      begun.push(of);
    },
  });
  if (placeOf.size > 0)
    await file.fetch({
      items: [...placeOf.keys()],
      onBlock(item, { bytes }) {
        const { of, at } = placeOf.get(item) as PieceLacking;
        of.bytes.set(bytes, at);
        of.left -= 1;
      },
    });
  for (const { chunk, bytes, left } of begun) {
    const block = left === 0 ? checkBlock(bytes, hashAt(file.manifest, chunk)) : undefined;
    if (block !== undefined && file.part.put(chunk, block)) file.put(bytes.length);
  }
}

/** The pieces of what lies in the earlier version where a stretch was edited from; undefined if it cannot be read. */
function piecesHere(
  fileSystem: FileSystem,
  { path }: PartSource,
  { from }: EditedStretch,
): ReadonlyMap<Hash, Uint8Array> | undefined {
  const bytes = new Uint8Array(from.end - from.start);
  try {
    const handle = fileSystem.openRead(path);
    try {
      if (handle.read(bytes, from.start) !== bytes.length) return undefined;
    } finally {
      handle.close();
    }
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
  const pieces = [...chunksOf(piecesOf(bytes))];
  return new Map(
    pieces.map(({ hash, offset, sizeBytes }) => [hash, bytes.subarray(offset, offset + sizeBytes)]),
  );
}
