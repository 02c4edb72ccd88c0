import { type Manifest, pieceSizes } from '../model/manifest.ts';
import { createCutter } from './cut-points.ts';
import { blockHashBytes, hashBytes } from './hash.ts';

/** Cuts bytes into pieces, much smaller than chunks; no bytes are no pieces. */
export function piecesOf(bytes: Uint8Array): Manifest {
  const cutter = createCutter(pieceSizes);
  const ends = bytes.length === 0 ? [] : cutter.push(bytes);
  const last = bytes.length === 0 ? undefined : cutter.finish();
  if (last !== undefined) ends.push(last);
  const hashes = new Uint8Array(ends.length * hashBytes);
  let start = 0;
  const sizes = Uint32Array.from(ends, (end, i) => {
    hashes.set(blockHashBytes(bytes.subarray(start, end)), i * hashBytes);
    const sizeBytes = end - start;
    start = end;
    return sizeBytes;
  });
  return { sizeBytes: bytes.length, hashes, sizes };
}
