import { invariant } from '../base/base.ts';
import type { ChunkSizes } from '../model/manifest.ts';
import { gear } from './gear.ts';

/** Finds where a stream of bytes is cut into chunks. Offsets count from the start of the stream. */
export interface Cutter {
  /** Takes the next bytes of the stream; returns the ends of the chunks they complete, ascending. How the stream is split over calls changes nothing. */
  push(bytes: Uint8Array): number[];
  /** Takes what completes the chunk under way, and whole chunks after it, up to `end`, where somebody else knows where they end. */
  skipTo(end: number): void;
  /** Ends the stream; returns the end of the last chunk if {@link push} has not told it yet. An empty stream is one empty chunk. */
  finish(): number | undefined;
}

/**
 * A {@link Cutter} by FastCDC (Xia et al., USENIX ATC 2016) with a 32-bit gear hash and normalised chunking of level 2.
 *
 * A chunk ends behind the first byte, past its first `minBytes`, at which the rolling hash has enough zero bits at its top: two more
 * than `log2(averageBytes)` up to `averageBytes`, two fewer from there on; at `maxBytes` it ends in any case. The hash starts at 0
 * behind the first `minBytes` of every chunk, and each byte takes it to `2 * hash + gear[byte]` modulo 2^32. Frozen by golden vectors:
 * cut points are part of what content is called.
 */
export function createCutter({ minBytes, averageBytes, maxBytes }: ChunkSizes): Cutter {
  const averageBits = 31 - Math.clz32(averageBytes);
  invariant(
    2 ** averageBits === averageBytes && averageBits > 2 && averageBits < 30,
    'average chunk is a power of two',
  );
  invariant(minBytes < averageBytes && averageBytes < maxBytes, 'chunk sizes ascend');
  // The newest byte reaches the top of the hash only after 31 more, so the top bits are those a whole window of bytes decides.
  const strictMask = -(2 ** (30 - averageBits)) | 0;
  const looseMask = -(2 ** (34 - averageBits)) | 0;
  let pushedBytes = 0;
  let chunkStart = 0;
  let rolling = 0;

  return {
    push(bytes) {
      const ends: number[] = [];
      const base = pushedBytes;
      const end = bytes.length;
      let at = 0;
      while (at < end) {
        const start = chunkStart - base;
        at = Math.min(end, Math.max(at, start + minBytes));
        const strictEnd = Math.min(end, start + averageBytes);
        const looseEnd = Math.min(end, start + maxBytes);
        let cut = -1;
        if (at < strictEnd) {
          cut = roll(bytes, at, strictEnd, strictMask);
          at = cut < 0 ? strictEnd : cut;
        }
        if (cut < 0 && at < looseEnd) {
          cut = roll(bytes, at, looseEnd, looseMask);
          at = cut < 0 ? looseEnd : cut;
        }
        if (cut >= 0 || at === start + maxBytes) {
          chunkStart = base + at;
          rolling = 0;
          ends.push(chunkStart);
        }
      }
      pushedBytes += end;
      return ends;
    },
    skipTo(end) {
      pushedBytes = end;
      chunkStart = end;
      rolling = 0;
    },
    finish() {
      return pushedBytes > chunkStart || pushedBytes === 0 ? pushedBytes : undefined;
    },
  };

  /** Rolls over `bytes[from, to)`; returns the index behind the first byte whose hash has no bit of `mask`, or -1. */
  function roll(bytes: Uint8Array, from: number, to: number, mask: number): number {
    const table = gear;
    const last = to - 3;
    let hash = rolling;
    let at = from;
    for (; at < last; at += 4) {
      hash = ((hash << 1) + (table[bytes[at] as number] as number)) | 0;
      if ((hash & mask) === 0) return at + 1;
      hash = ((hash << 1) + (table[bytes[at + 1] as number] as number)) | 0;
      if ((hash & mask) === 0) return at + 2;
      hash = ((hash << 1) + (table[bytes[at + 2] as number] as number)) | 0;
      if ((hash & mask) === 0) return at + 3;
      hash = ((hash << 1) + (table[bytes[at + 3] as number] as number)) | 0;
      if ((hash & mask) === 0) return at + 4;
    }
    for (; at < to; at += 1) {
      hash = ((hash << 1) + (table[bytes[at] as number] as number)) | 0;
      if ((hash & mask) === 0) return at + 1;
    }
    rolling = hash;
    return -1;
  }
}
