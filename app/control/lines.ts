import type { Readable } from 'node:stream';

const newline = 0x0a;

/**
 * Calls `onLine` for every line `stream` brings, without its end; `onTooLong` instead, once and for the last time, as soon as a line has
 * more than `maxBytes`. A last line without an end is dropped: it may be cut short.
 */
export function readLines(
  stream: Readable,
  maxBytes: number,
  onLine: (line: string) => void,
  onTooLong: () => void,
): void {
  let pieces: Buffer[] = [];
  let heldBytes = 0;
  let isOver = false;
  const tooLong = (): void => {
    isOver = true;
    pieces = [];
    onTooLong();
  };
  stream.on('data', (arrived: Buffer) => {
    let rest = arrived;
    while (!isOver) {
      const end = rest.indexOf(newline);
      const piece = end < 0 ? rest : rest.subarray(0, end);
      heldBytes += piece.length;
      if (heldBytes > maxBytes) return tooLong();
      pieces.push(piece);
      if (end < 0) return;
      const line = Buffer.concat(pieces).toString('utf8');
      pieces = [];
      heldBytes = 0;
      rest = rest.subarray(end + 1);
      onLine(line);
    }
  });
}
