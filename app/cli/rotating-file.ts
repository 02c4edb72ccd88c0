import fs from 'node:fs';
import path from 'node:path';

/** A file that lines are added to. */
export interface RotatingFile {
  /** Adds a line, ended, at once: what a crash is preceded by must be on disk. What the disk refuses is dropped. */
  write(line: string): void;
  close(): void;
}

/**
 * Keeps at most `maxFiles` files of about `maxBytes`: `file`, and before it `file.1`, `file.2` and so on, the oldest last. Nothing is made, not even
 * the directory, before the first line; then mode 0600 in a directory of mode 0700.
 */
export function openRotatingFile(
  file: string,
  { maxBytes, maxFiles }: { readonly maxBytes: number; readonly maxFiles: number },
): RotatingFile {
  let fd: number | undefined;
  let sizeBytes = 0;
  let isClosed = false;

  const open = (): number => {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const opened = fs.openSync(file, 'a', 0o600);
    sizeBytes = fs.fstatSync(opened).size;
    return opened;
  };
  const close = (): void => {
    if (fd !== undefined) fs.closeSync(fd);
    fd = undefined;
  };
  const rotate = (): void => {
    close();
    for (let age = maxFiles - 1; age > 0; age -= 1) {
      const younger = age === 1 ? file : `${file}.${age - 1}`;
      if (fs.existsSync(younger)) fs.renameSync(younger, `${file}.${age}`);
    }
  };
  return {
    write(line) {
      if (isClosed) return;
      const bytes = Buffer.from(line);
      try {
        fd ??= open();
        if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
          rotate();
          fd = open();
        }
        fs.writeSync(fd, bytes);
        sizeBytes += bytes.length;
      } catch {
        // A full or broken disk must not take the device down through its log.
        close();
      }
    },
    close() {
      isClosed = true;
      close();
    },
  };
}
