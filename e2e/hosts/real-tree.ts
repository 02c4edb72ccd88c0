import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The packages this checkout itself has installed: a tree that nobody made up. */
const installed = path.resolve(import.meta.dirname, '../../node_modules');

/** What is below a directory, counted. */
export interface Extent {
  readonly files: number;
  readonly directories: number;
  readonly links: number;
  readonly bytes: number;
}

/** Copies installed packages to `target`, the ones with the smallest files first, until there are `files` files, and the directory of links to their commands. */
export function copyRealTree(target: string, files: number): Extent {
  const packages = fs
    .readdirSync(installed, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, extent: extentOf(path.join(installed, name)) }))
    .filter(({ extent }) => extent.files > 0)
    .sort((a, b) => a.extent.bytes / a.extent.files - b.extent.bytes / b.extent.files);
  const chosen: string[] = ['.bin'];
  let count = 0;
  for (const { name, extent } of packages) {
    if (count >= files) break;
    chosen.push(name);
    count += extent.files;
  }
  fs.mkdirSync(target, { recursive: true });
  execFileSync('cp', ['-a', '-t', target, ...chosen], { cwd: installed });
  return extentOf(target);
}

/** Counts what is below a directory. */
export function extentOf(directory: string): Extent {
  let [files, directories, links, bytes] = [0, 0, 0, 0];
  const visit = (place: string): void => {
    for (const entry of fs.readdirSync(place, { withFileTypes: true })) {
      const inner = path.join(place, entry.name);
      if (entry.isDirectory()) {
        directories += 1;
        visit(inner);
      } else if (entry.isSymbolicLink()) links += 1;
      else {
        files += 1;
        bytes += fs.lstatSync(inner).size;
      }
    }
  };
  visit(directory);
  return { files, directories, links, bytes };
}

/** The package among those in `directory` that has the most files, not counting any with more than `atMost`. */
export function packageOfSize(directory: string, atMost: number): string {
  const sizes = fs
    .readdirSync(directory)
    .filter((name) => fs.existsSync(path.join(directory, name, 'package.json')))
    .map((name) => ({ name, files: extentOf(path.join(directory, name)).files }))
    .filter(({ files }) => files <= atMost)
    .sort((a, b) => b.files - a.files);
  if (sizes[0] === undefined) throw new RangeError(`no package of up to ${atMost} files in ${directory}`);
  return sizes[0].name;
}

/** What is at a place, without reading any content: its kind, of a file its size, mode and mtime, of a link its target; undefined if nothing is. */
export function outlineAt(place: string): string | undefined {
  const stats = lookAt(place);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return `-> ${fs.readlinkSync(place)}`;
  return `${stats.size} ${(stats.mode & 0o7777n).toString(8)} ${stats.mtimeNs}`;
}

/** A directory's whole shape by relative path: {@link outlineAt} of everything in it. */
export function outlineOf(directory: string): ReadonlyMap<string, string> {
  const outline = new Map<string, string>();
  const visit = (relative: string): void => {
    for (const name of fs.readdirSync(path.join(directory, relative)).sort()) {
      if (relative === '' && name === '.lockstep') continue;
      const inner = relative === '' ? name : `${relative}/${name}`;
      const seen = outlineAt(path.join(directory, inner));
      if (seen === undefined) continue;
      outline.set(inner, seen);
      if (seen === 'directory') visit(inner);
    }
  };
  visit('');
  return outline;
}

/** The paths at which two outlines differ. */
export function pathsApart(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

function lookAt(place: string): fs.BigIntStats | undefined {
  try {
    return fs.lstatSync(place, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
