import type { ChunkSizes } from '../model/manifest.ts';

// LIMIT: what a thread keeps between two files; more only while several files are read at once.
const keptBuffers = 1;
const largestKeptBytes = 2 * 1024 ** 2;
const kept: Uint8Array[] = [];

/** How large a buffer must be for files of a size class: any chunk fits with at least as much again to read into. */
export function bufferBytesFor({ maxBytes }: ChunkSizes): number {
  return Math.max(largestKeptBytes, 2 * maxBytes);
}

/** A buffer of exactly `lengthBytes`, contents arbitrary, the borrower's alone until {@link returnBuffer}. */
export function lendBuffer(lengthBytes: number): Uint8Array {
  if (kept[0]?.length === lengthBytes) return kept.pop() as Uint8Array;
  return Buffer.allocUnsafeSlow(lengthBytes);
}

/** Gives a buffer back for the next file. */
export function returnBuffer(buffer: Uint8Array): void {
  if (kept.length < keptBuffers && buffer.length === largestKeptBytes) kept.push(buffer);
}
