import type { Log } from '../base/base.ts';
import { blockHash, piecesOf } from '../chunker/chunker.ts';
import { SyncError } from '../model/errors.ts';
import type { FolderId, Hash } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { Connection } from '../network/network.ts';
import {
  type AnswerStatus,
  type BlockItem,
  type BlockRequest,
  decodeBlockRequest,
  encodeBlockAnswer,
  encodePieces,
  type FrameStream,
  maxSpansPerAnswer,
  type PartOfContent,
} from '../protocol/protocol.ts';
import type { Arriving, BlockReader, FolderDoor, MayAccess } from './folder-door.ts';

/** What answering for blocks needs. */
export interface BlockServerDependencies {
  readonly log: Log;
  folder(folderId: FolderId): FolderDoor | undefined;
  readonly mayAccess: MayAccess;
  /** Told of bytes just sent, for progress and status. */
  sent?(folderId: FolderId, bytes: number): void;
}

/**
 * Answers one `/lockstep/blk/1` stream the peer opened, request by request in order, until it ends; holds the blocks of one request at most.
 * Only bytes that have the hash asked for are sent. Never rejects; a malformed request aborts the connection.
 */
export async function serveBlocks(
  link: { readonly connection: Connection; readonly stream: FrameStream },
  dependencies: BlockServerDependencies,
): Promise<void> {
  const { connection, stream } = link;
  const { peer } = connection;
  try {
    for (;;) {
      const frame = await stream.receive();
      if (frame === undefined) break;
      const request = decodeBlockRequest(frame);
      if (request !== undefined) await answer(request);
    }
    await stream.finish();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error('stream broke', { cause: error });
    stream.abort(reason);
    if (!(error instanceof SyncError && error.code === 'peer-misbehaved')) return;
    dependencies.log.write('warn', 'peer sent something wrong', { peer, ...error.facts });
    connection.abort(error);
  }

  async function answer({ want, id, folderId, items }: BlockRequest): Promise<void> {
    const statuses: AnswerStatus[] = [];
    const bodies: Uint8Array[] = [];
    const arriving = new Map<Hash, readonly Span[]>();
    const door = dependencies.folder(folderId);
    const reader = door?.blockReader();
    for (const item of items) {
      const isOpen = dependencies.folder(folderId) === door;
      const read = await readItem(folderId, item, isOpen ? reader : undefined);
      if (typeof read === 'string') statuses.push(read);
      else if (read instanceof Uint8Array) {
        statuses.push('here');
        bodies.push(want === 'blocks' ? read : encodePieces(piecesOf(read)));
      } else {
        statuses.push('not-yet');
        arriving.set(item.content, read.spans);
      }
    }
    // Reading takes time, in which the peer may have been put out.
    if (!dependencies.mayAccess(peer, folderId)) {
      await stream.send(encodeBlockAnswer({ id, statuses: items.map(() => 'not-allowed'), parts: [] }));
      return;
    }
    await stream.send(encodeBlockAnswer({ id, statuses, parts: partsOf(arriving) }));
    for (const body of bodies) {
      await stream.send(body);
      dependencies.sent?.(folderId, body.length);
    }
  }

  async function readItem(
    folderId: FolderId,
    item: BlockItem,
    reader: BlockReader | undefined,
  ): Promise<Uint8Array | Arriving | AnswerStatus> {
    if (!dependencies.mayAccess(peer, folderId)) return 'not-allowed';
    try {
      const bytes = await reader?.(item);
      if (bytes === undefined) return 'not-here';
      if (!(bytes instanceof Uint8Array)) return bytes;
      // The file may have changed since the index last saw it; an honest device sends nothing it has not checked.
      const isIt = bytes.length === item.sizeBytes && blockHash(bytes) === item.hash;
      return isIt ? bytes : 'busy';
    } catch (error) {
      dependencies.log.write('info', 'a block could not be read', { folderId, error });
      return 'busy';
    }
  }
}

/** As much of it as one answer holds. */
function partsOf(arriving: ReadonlyMap<Hash, readonly Span[]>): readonly PartOfContent[] {
  let room = maxSpansPerAnswer;
  return [...arriving].map(([content, all]) => {
    const spans = all.slice(0, room);
    room -= spans.length;
    return { content, spans };
  });
}
