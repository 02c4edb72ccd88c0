import type { ByteQueue } from './byte-queue.ts';

/** LIMIT: four 7-bit groups name up to 256 MiB, far above any protocol's largest frame. */
const maxHeaderBytes = 4;

/** What stands on the wire before a frame: its length plus one as a varint, so that zero is free to say "nothing more follows" and an empty frame can still be sent. */
export function frameHeader(payloadBytes: number): Uint8Array {
  const bytes: number[] = [];
  let rest = payloadBytes + 1;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** The whole of the last message on a stream. */
export const endHeader: Uint8Array = Uint8Array.of(0);

/** The other side broke the framing; nothing after it on that stream can be understood. */
export class FrameError extends Error {
  override name = 'FrameError';
}

/** Cuts one stream's bytes into frames. */
export interface FrameReader {
  /** The next frame out of `queue`, `end` when the other side has said it is done, or undefined if more bytes are needed. Throws {@link FrameError}. */
  next(queue: ByteQueue): Uint8Array | 'end' | undefined;
}

/** A reader that refuses frames over `maxBytes` as soon as their length is known, before any room is made for them. */
export function createFrameReader(maxBytes: number): FrameReader {
  let header = 0;
  let headerBytes = 0;
  let frame: Uint8Array | undefined;
  let filled = 0;

  const readHeader = (queue: ByteQueue): number | undefined => {
    while (queue.length > 0) {
      const byte = queue.shift();
      header += (byte & 0x7f) * 2 ** (7 * headerBytes);
      headerBytes += 1;
      if (byte < 0x80) {
        if (byte === 0 && headerBytes > 1) throw new FrameError('frame length is not in its shortest form');
        const value = header;
        header = 0;
        headerBytes = 0;
        return value;
      }
      if (headerBytes === maxHeaderBytes) throw new FrameError('frame length is too long');
    }
    return undefined;
  };

  return {
    next(queue) {
      if (frame === undefined) {
        const value = readHeader(queue);
        if (value === undefined) return undefined;
        if (value === 0) return 'end';
        if (value - 1 > maxBytes)
          throw new FrameError(`frame of ${value - 1} bytes, at most ${maxBytes} allowed`);
        // Room is reserved, not touched: memory is used only as the bytes come in.
        frame = new Uint8Array(Buffer.allocUnsafeSlow(value - 1).buffer);
        filled = 0;
      }
      filled += queue.moveInto(frame, filled);
      if (filled < frame.length) return undefined;
      const whole = frame;
      frame = undefined;
      return whole;
    },
  };
}
