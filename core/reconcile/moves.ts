import { contentOf, isLiving, type Member, sameContent } from '../model/entry.ts';
import type { HashPrefix } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { prefixOfContent } from './content-prefix.ts';

/** A change that was made where a file had been moved away meanwhile. */
export interface LeftBehind {
  readonly change: Member;
  readonly move: Member;
  /** Where the file went, and what it was when it went. */
  readonly to: RelativePath;
  readonly moved: HashPrefix;
}

/**
 * Finds among the members of a path a change that should follow a move [RC38]: a tombstone that says where what it deleted went, and
 * beside it one version, by whoever did not know of the move, of that same file. With several versions a person decides; then none follows.
 */
export function leftBehind(members: readonly Member[]): LeftBehind | undefined {
  const living = members.filter(({ entry }) => isLiving(entry));
  const [change] = living;
  if (change?.entry.kind !== 'file') return undefined;
  const content = contentOf(change.entry);
  if (content === undefined || !living.every(({ entry }) => sameContent(contentOf(entry), content)))
    return undefined;
  const lineage = new Set([prefixOfContent(content), ...change.entry.from]);
  for (const move of members) {
    const { entry } = move;
    if (entry.kind !== 'tombstone' || entry.movedTo === undefined) continue;
    const [moved] = entry.from;
    if (moved !== undefined && lineage.has(moved)) return { change, move, to: entry.movedTo, moved };
  }
  return undefined;
}
