import { basename, dirname, isAbsolute, parse, relative, resolve, sep } from 'node:path';
import { DiskError, type DiskPath, type FileSystem } from './file-system.ts';

/** LIMIT: what Linux allows before it says ELOOP. */
const maxSymlinks = 40;

/** `text` as a place on this machine, made canonical (no `.`, `..` or double separators); throws RangeError unless it is absolute text without NUL. */
export function diskPath(text: string): DiskPath {
  if (!isAbsolute(text) || text.includes('\0') || !text.isWellFormed())
    throw new RangeError('not an absolute disk path');
  return resolve(text) as DiskPath;
}

/** The place of `name` in `directory`; throws RangeError if `name` is not one component of well-formed text. */
export function joinDisk(directory: DiskPath, name: string): DiskPath {
  if (!isOneComponent(name)) throw new RangeError('not a name in a directory');
  return (directory.endsWith(sep) ? directory + name : directory + sep + name) as DiskPath;
}

/** Whether joining `name` to a directory cannot lead anywhere but into that directory. */
export function isOneComponent(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return false;
  // On Windows `c:x` leaves the directory and `x:y` names a hidden stream of x.
  if (sep === '\\' && (name.includes('\\') || name.includes(':'))) return false;
  return name.isWellFormed();
}

/** The directory that holds `path`; a disk's top is its own parent. */
export function parentDisk(path: DiskPath): DiskPath {
  return dirname(path) as DiskPath;
}

/** The last component of `path`, empty for a disk's top. */
export function nameOfDisk(path: DiskPath): string {
  return basename(path);
}

/** The names that lead from `outer` to `inner`, which lies in it; none if they are one. */
export function componentsBetween(outer: DiskPath, inner: DiskPath): string[] {
  const way = relative(outer, inner);
  return way === '' ? [] : way.split(sep);
}

/** Whether `inner` is `outer` or lies below it, by their text alone. */
export function isInside(inner: DiskPath, outer: DiskPath): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}

/**
 * Whether `inner` is `outer` or lies below it, by what is on disk: also when they are spelled in different case or reached through a
 * bind mount. What does not exist yet counts as where its nearest existing directory is.
 */
export function isInsideOnDisk(fileSystem: FileSystem, inner: DiskPath, outer: DiskPath): boolean {
  if (isInside(inner, outer)) return true;
  const wanted = fileSystem.look(outer);
  if (wanted === undefined) return false;
  for (let at = inner; ; at = parentDisk(at)) {
    const seen = fileSystem.look(at);
    if (seen?.inode === wanted.inode && seen.device === wanted.device) return true;
    if (parentDisk(at) === at) return false;
  }
}

/**
 * The place a person means by `text`: relative to `workingDirectory`, every symlink in it resolved, the last component too; what does
 * not exist stays as spelled. Throws DiskError ELOOP for links in a circle, and what the disk says when it cannot be looked at.
 */
export function resolveUserPath(fileSystem: FileSystem, text: string, workingDirectory: DiskPath): DiskPath {
  if (text.includes('\0') || !text.isWellFormed()) throw new RangeError('not a path');
  const start = isAbsolute(text) ? text : workingDirectory + sep + text;
  let at = parse(start).root as DiskPath;
  let pending = componentsBelow(start, at);
  let followed = 0;
  while (pending.length > 0) {
    const [name = '', ...rest] = pending;
    pending = rest;
    // Here `at` holds no link, so `..` is the parent the system would go to.
    const next = name === '..' ? parentDisk(at) : joinDisk(at, name);
    const link = fileSystem.look(next)?.kind === 'symlink' ? fileSystem.readLink(next) : undefined;
    if (link === undefined) {
      at = next;
      continue;
    }
    followed += 1;
    if (followed > maxSymlinks) throw new DiskError('ELOOP', 'resolve', start);
    if ('unreadable' in link) throw new DiskError('EILSEQ', 'resolve', next);
    const top = isAbsolute(link.target) ? parse(link.target).root : '';
    if (top !== '') at = top as DiskPath;
    pending = [...componentsBelow(link.target, top), ...rest];
  }
  return at;
}

const separators = sep === '/' ? /\/+/ : /[\\/]+/;

function componentsBelow(path: string, root: string): string[] {
  return path
    .slice(root.length)
    .split(separators)
    .filter((name) => name !== '' && name !== '.');
}
