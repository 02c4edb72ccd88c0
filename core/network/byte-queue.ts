/** LIMIT: a chunk shorter than this is copied on arrival, for it would keep the whole 64 KiB it was read into alive. */
const copiedBelowBytes = 4096;
const slabBytes = 16 * 1024;

/** Bytes that came in and were not taken yet, in order. Whoever fills it bounds it. */
export interface ByteQueue {
  readonly length: number;
  push(bytes: Uint8Array): void;
  /** The first byte; the queue must not be empty. */
  shift(): number;
  /** Moves as many bytes as there are and fit to `target` from `offset` on, and says how many. */
  moveInto(target: Uint8Array, offset: number): number;
  clear(): void;
}

export function createByteQueue(): ByteQueue {
  const chunks: Uint8Array[] = [];
  let head = 0;
  let length = 0;
  let slab: Uint8Array | undefined;
  let slabUsed = 0;

  const drop = (count: number): void => {
    const first = chunks[0] as Uint8Array;
    head += count;
    length -= count;
    if (head === first.length) {
      chunks.shift();
      head = 0;
    }
  };
  const pushSmall = (bytes: Uint8Array): void => {
    if (slab === undefined || slabUsed + bytes.length > slab.length) {
      slab = new Uint8Array(slabBytes);
      slabUsed = 0;
    }
    slab.set(bytes, slabUsed);
    const last = chunks.at(-1);
    const start = slabUsed;
    slabUsed += bytes.length;
    // A run of tiny chunks becomes one, so that what is kept for each byte stays small.
    if (last !== undefined && last.buffer === slab.buffer && last.byteOffset + last.length === start) {
      chunks[chunks.length - 1] = new Uint8Array(slab.buffer, last.byteOffset, last.length + bytes.length);
    } else chunks.push(slab.subarray(start, slabUsed));
  };

  return {
    get length() {
      return length;
    },
    push(bytes) {
      if (bytes.length === 0) return;
      length += bytes.length;
      if (bytes.length < copiedBelowBytes) pushSmall(bytes);
      else chunks.push(bytes);
    },
    shift() {
      const byte = (chunks[0] as Uint8Array)[head] as number;
      drop(1);
      return byte;
    },
    moveInto(target, offset) {
      let at = offset;
      while (length > 0 && at < target.length) {
        const first = chunks[0] as Uint8Array;
        const count = Math.min(first.length - head, target.length - at);
        target.set(first.subarray(head, head + count), at);
        at += count;
        drop(count);
      }
      return at - offset;
    },
    clear() {
      chunks.length = 0;
      head = 0;
      length = 0;
      slab = undefined;
    },
  };
}
