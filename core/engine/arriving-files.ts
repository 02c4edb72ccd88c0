import type { PartFile } from '../apply/apply.ts';
import { DiskError } from '../filesystem/filesystem.ts';
import type { Hash } from '../model/ids.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import type { Arriving } from '../transfer/transfer.ts';

/** Files of several blocks that are being put together, for others to take from. */
export interface ArrivingFiles {
  add(content: Hash, part: PartFile): void;
  /** It is in its place, or came to nothing. */
  remove(content: Hash): void;
  /** A block if it has come, else what has come of its file; undefined if the file is not among these. */
  read(item: BlockItem): Uint8Array | Arriving | undefined;
}

/** None yet. */
export function createArrivingFiles(): ArrivingFiles {
  const parts = new Map<Hash, PartFile>();
  return {
    add: (content, part) => void parts.set(content, part),
    remove: (content) => void parts.delete(content),
    read({ content, offset, sizeBytes }) {
      const part = parts.get(content);
      if (part === undefined) return undefined;
      try {
        const bytes = part.read(offset, sizeBytes);
        return bytes ?? { spans: part.spans() };
      } catch (error) {
        // On the way to its place: nothing of it is told of until it can be read there.
        if (error instanceof DiskError) return { spans: [] };
        throw error;
      }
    },
  };
}
