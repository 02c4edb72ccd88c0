import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Every content that users completed, by hash, and where it has to be found for ever after. */
export interface ContentBook {
  /** Notes a content that must not be lost from now on. */
  complete(bytes: Uint8Array, where: string): void;
  /** Notes every file below a directory. */
  completeAll(directory: string): void;
  /** Takes back a note: whoever had it saved over it. */
  forget(bytes: Uint8Array): void;
  /** How many different contents were noted. */
  count(): number;
  /** What of all that was noted is in none of these folders, the version stores and stagings in them included; told once. */
  missing(folders: readonly string[]): readonly string[];
}

export function createContentBook(): ContentBook {
  const noted = new Map<string, string>();
  const hashes = new Map<string, string>();
  /** The hash of a file; one whose inode, size and times are as before is not read again. */
  const hashAt = (place: string): string | undefined => {
    try {
      const { ino, size, mtimeNs, ctimeNs } = fs.lstatSync(place, { bigint: true });
      const key = `${place} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
      const known = hashes.get(key) ?? hashOf(fs.readFileSync(place));
      hashes.set(key, known);
      return known;
    } catch {
      // It went in between; where it went is looked at too.
      return undefined;
    }
  };
  const complete = (bytes: Uint8Array, where: string): void => {
    if (bytes.length > 0) noted.set(hashOf(bytes), where);
  };
  return {
    complete,
    completeAll(directory) {
      for (const place of filesBelow(directory)) complete(fs.readFileSync(place), place);
    },
    forget: (bytes) => void noted.delete(hashOf(bytes)),
    count: () => noted.size,
    missing(folders) {
      const kept = new Set(folders.flatMap((folder) => [...filesBelow(folder)].map(hashAt)));
      const gone = [...noted].filter(([hash]) => !kept.has(hash));
      for (const [hash] of gone) noted.delete(hash);
      return gone.map(([hash, where]) => `${where} (${hash})`);
    },
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function* filesBelow(directory: string): Generator<string> {
  let children: fs.Dirent[];
  try {
    children = fs.readdirSync(directory, { withFileTypes: true });
  } catch {
    return;
  }
  for (const child of children) {
    const inner = path.join(directory, child.name);
    if (child.isDirectory()) yield* filesBelow(inner);
    else if (child.isFile()) yield inner;
  }
}
