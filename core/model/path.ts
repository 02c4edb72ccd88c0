import type { Branded } from './ids.ts';

/**
 * Where something lies in a folder: non-empty components joined by `/`, in Unicode NFC, never absolute, never leaving the folder.
 * Two names that differ only in normalisation are one path; the disk's own spelling stays in the base row.
 */
export type RelativePath = Branded<string, 'RelativePath'>;

/** Why a text is not a {@link RelativePath}. */
export type PathFault =
  | 'empty'
  | 'too-long'
  | 'component'
  | 'too-deep'
  | 'not-nfc'
  | 'reserved'
  | 'nul'
  | 'lone-surrogate';

/** LIMIT: ext4, APFS and NTFS all stop a name at 255 units; bytes of UTF-8 is the strictest reading of them. */
export const maxComponentBytes = 255;
/** LIMIT: Linux's PATH_MAX; what the disk cannot open by one path could never be written there. */
export const maxPathBytes = 4096;
/** LIMIT: deeper trees exist only by accident, and each level costs a directory read on every path. */
export const maxPathDepth = 512;

/** The folder's own directory at its top; in any case and at every level this name belongs to Lockstep and is never synced. */
export const privateDirectoryName = '.lockstep';

/** Whether a name is Lockstep's own, however it is spelled. */
export function isPrivateName(name: string): boolean {
  return name.length <= 20 && name.normalize('NFC').toLowerCase() === privateDirectoryName;
}

/** What keeps `text` from being a {@link RelativePath}, or undefined if nothing does. */
export function faultOfPath(text: string): PathFault | undefined {
  if (text.length === 0) return 'empty';
  if (text.includes('\0')) return 'nul';
  if (!text.isWellFormed()) return 'lone-surrogate';
  if (text.normalize('NFC') !== text) return 'not-nfc';
  if (utf8Length(text) > maxPathBytes) return 'too-long';
  const components = text.split('/');
  if (components.length > maxPathDepth) return 'too-deep';
  for (const component of components) {
    if (component === '' || component === '.' || component === '..') return 'component';
    if (utf8Length(component) > maxComponentBytes) return 'too-long';
    if (isPrivateName(component)) return 'reserved';
  }
  return undefined;
}

/** `text` as a path; throws RangeError naming the fault. */
export function relativePath(text: string): RelativePath {
  const fault = faultOfPath(text);
  if (fault !== undefined) throw new RangeError(`not a path in a folder (${fault})`);
  return text as RelativePath;
}

/** The directory that holds `path`, or undefined at the top of the folder. */
export function parentOf(path: RelativePath): RelativePath | undefined {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? undefined : (path.slice(0, slash) as RelativePath);
}

/** The last component of `path`. */
export function nameOf(path: RelativePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The first component of `path`: the top directory (or top file) it belongs to. */
export function topOf(path: RelativePath): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}

/** `name` inside `parent`, or at the top of the folder; throws RangeError if that is no path. */
export function childOf(parent: RelativePath | undefined, name: string): RelativePath {
  return relativePath(parent === undefined ? name : `${parent}/${name}`);
}

/** Every directory above `path`, nearest first. */
export function ancestorsOf(path: RelativePath): RelativePath[] {
  const ancestors: RelativePath[] = [];
  for (let up = parentOf(path); up !== undefined; up = parentOf(up)) ancestors.push(up);
  return ancestors;
}

/** Whether `path` lies somewhere below `directory`. */
export function isBelow(path: RelativePath, directory: RelativePath): boolean {
  return path.length > directory.length && path.startsWith(directory) && path[directory.length] === '/';
}

/** How many components `path` has. */
export function depthOf(path: RelativePath): number {
  return path.split('/').length;
}

function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      length += 4;
      i += 1;
    } else length += 3;
  }
  return length;
}
