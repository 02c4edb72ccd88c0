import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** One thing in a directory, by everything that two equal directories agree on. */
export interface TreeItem {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** SHA-256 of a file's content, hexadecimal. */
  readonly hash?: string;
  readonly sizeBytes?: number;
  /** Permission bits. */
  readonly mode: number;
  /** Nanoseconds since 1970; not of directories, whose times belong to each disk. */
  readonly mtimeNs?: bigint;
  /** Where a symlink points. */
  readonly target?: string;
}

/** A directory by the relative paths of what is in it. */
export type Tree = Readonly<Record<string, TreeItem>>;

/** The private directory at a folder's root, which is each device's own. */
const privateDirectory = '.lockstep';

/** Everything below `directory` by its relative path, sorted, without Lockstep's own private directory. */
export function treeOf(directory: string): Tree {
  const items: Record<string, TreeItem> = {};
  const visit = (relative: string): void => {
    const names = fs.readdirSync(path.join(directory, relative)).sort();
    for (const name of names) {
      if (relative === '' && name === privateDirectory) continue;
      const inner = relative === '' ? name : `${relative}/${name}`;
      const item = itemAt(path.join(directory, inner));
      if (item === undefined) continue;
      items[inner] = item;
      if (item.kind === 'directory') visit(inner);
    }
  };
  visit('');
  return items;
}

/** Only paths, kinds and content: what is equal even where disks keep modes and times differently. */
export function contentOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(treeOf(directory)).map(([name, item]) => [
      name,
      item.hash ?? (item.target === undefined ? item.kind : `-> ${item.target}`),
    ]),
  );
}

/** Undefined when it went away between being listed and being looked at. */
function itemAt(place: string): TreeItem | undefined {
  const stats = fs.lstatSync(place, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const mode = Number(stats.mode & 0o7777n);
  if (stats.isDirectory()) return { kind: 'directory', mode };
  if (stats.isSymbolicLink()) return { kind: 'symlink', mode, target: fs.readlinkSync(place) };
  if (!stats.isFile()) return { kind: 'other', mode };
  return { kind: 'file', mode, mtimeNs: stats.mtimeNs, sizeBytes: Number(stats.size), hash: hashOf(place) };
}

function hashOf(place: string): string {
  const hash = createHash('sha256');
  const file = fs.openSync(place, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (let read = fs.readSync(file, buffer); read > 0; read = fs.readSync(file, buffer))
      hash.update(buffer.subarray(0, read));
  } finally {
    fs.closeSync(file);
  }
  return hash.digest('hex');
}
