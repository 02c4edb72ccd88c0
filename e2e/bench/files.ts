import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { seededBytes } from '../harness/lab-seeded.ts';

/** LIMIT: content is made in pieces of this size. */
const pieceBytes = 16 * 1024 * 1024;

/** Writes a file of bytes that nothing compresses. */
export function writeLarge(file: string, seed: string, sizeBytes: number): void {
  const handle = fs.openSync(file, 'w');
  try {
    for (let at = 0; at < sizeBytes; at += pieceBytes)
      fs.writeSync(handle, seededBytes(`${seed} ${at}`, Math.min(pieceBytes, sizeBytes - at)));
  } finally {
    fs.closeSync(handle);
  }
}

/** Writes one content to several places, times and all. */
export function writeAlike([first = '', ...others]: readonly string[], sizeBytes: number): void {
  writeLarge(first, path.basename(first), sizeBytes);
  for (const other of others) execFileSync('cp', ['-a', first, other]);
}

const filesInDirectory = 100;

/** The relative paths of `count` files, a hundred to a directory, in the order of the disk's names. */
export function manyNames(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, at) =>
      `${String(Math.floor(at / filesInDirectory)).padStart(4, '0')}/${String(at).padStart(6, '0')}.txt`,
  );
}

/** Writes `count` files of the same size and different content. */
export function writeMany(directory: string, seed: string, count: number, sizeBytes: number): void {
  const bytes = seededBytes(seed, count * sizeBytes);
  for (const [at, name] of manyNames(count).entries()) {
    const file = path.join(directory, name);
    if (at % filesInDirectory === 0) fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes.subarray(at * sizeBytes, (at + 1) * sizeBytes));
  }
}
