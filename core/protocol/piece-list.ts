import { type Manifest, pieceSizes } from '../model/manifest.ts';
import { misshapen } from './cbor-read.ts';

/** A piece in a list: its hash and its size in two bytes. */
const pieceEntryBytes = 34;

/** The frame that lists the pieces of a block, in order. */
export function encodePieces({ hashes, sizes }: Manifest): Uint8Array {
  const frame = new Uint8Array(sizes.length * pieceEntryBytes);
  const view = new DataView(frame.buffer);
  for (const [i, sizeBytes] of sizes.entries()) {
    frame.set(hashes.subarray(i * 32, i * 32 + 32), i * pieceEntryBytes);
    view.setUint16(i * pieceEntryBytes + 32, sizeBytes);
  }
  return frame;
}

/** The pieces in a frame, which make up a block of `blockBytes`. Throws SyncError `peer-misbehaved` if they do not, or one could not be a piece. */
export function decodePieces(frame: Uint8Array, blockBytes: number): Manifest {
  const count = frame.length / pieceEntryBytes;
  if (!Number.isInteger(count)) throw misshapen('pieces');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const hashes = new Uint8Array(count * 32);
  const sizes = new Uint32Array(count);
  let bytes = 0;
  for (let i = 0; i < count; i += 1) {
    const at = i * pieceEntryBytes;
    const sizeBytes = view.getUint16(at + 32);
    if (sizeBytes === 0 || sizeBytes > pieceSizes.maxBytes) throw misshapen('pieces');
    if (sizeBytes < pieceSizes.minBytes && i < count - 1) throw misshapen('pieces');
    hashes.set(frame.subarray(at, at + 32), i * 32);
    sizes[i] = sizeBytes;
    bytes += sizeBytes;
  }
  if (bytes !== blockBytes) throw misshapen('pieces');
  return { sizeBytes: blockBytes, hashes, sizes };
}
