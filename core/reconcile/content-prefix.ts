import type { Content } from '../model/entry.ts';
import { type HashPrefix, prefixOf } from '../model/ids.ts';

/** Stands for "a directory" in a tombstone's `from`, so that a directory found again after its deletion is known as the deleted one. */
const directoryPrefix = 'd17ec70240000000' as HashPrefix;

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * The eight bytes that stand for `content` in an entry's `from` [RC2]: a file's are the first of its content root; a symlink's are
 * FNV-1a (64 bit) over its target's UTF-16 units, low byte first; every directory has the same. They only ever say "this was
 * known to the author", so a hash that resists forgery is not needed for link targets.
 */
export function prefixOfContent(content: Content): HashPrefix {
  switch (content.kind) {
    case 'file':
      return prefixOf(content.content);
    case 'symlink':
      return prefixOfTarget(content.target);
    case 'directory':
      return directoryPrefix;
  }
}

function prefixOfTarget(target: string): HashPrefix {
  let state = FNV_OFFSET;
  for (let i = 0; i < target.length; i++) {
    const unit = target.charCodeAt(i);
    for (const byte of [unit & 0xff, unit >> 8])
      state = BigInt.asUintN(64, (state ^ BigInt(byte)) * FNV_PRIME);
  }
  return state.toString(16).padStart(16, '0') as HashPrefix;
}
