import { compareText } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';

/** A path and what was last seen there; undefined: nothing. */
export interface SeenPath {
  readonly path: RelativePath;
  readonly observed: Observed | undefined;
}

/** Whether a directory was at a path and is not there any more: something else is, or nothing. */
export function isDirectoryLost({ path, observed }: SeenPath, index: Pick<FolderIndex, 'base'>): boolean {
  return observed?.kind !== 'directory' && index.base(path)?.observed?.kind === 'directory';
}

/**
 * The order in which changes become entries: what came, directories before what lies in them; then what went, deepest first; last what stands where a directory
 * was. In any other order a directory would have to be there for a moment, by its living descendants, and be made again for them.
 */
export function inWriteOrder(
  changes: readonly SeenPath[],
  index: Pick<FolderIndex, 'base'>,
): readonly RelativePath[] {
  const came: RelativePath[] = [];
  const went: RelativePath[] = [];
  const inPlaceOfDirectory: RelativePath[] = [];
  for (const change of changes) {
    if (change.observed === undefined) went.push(change.path);
    else if (isDirectoryLost(change, index)) inPlaceOfDirectory.push(change.path);
    else came.push(change.path);
  }
  return [...came.sort(compareText), ...went.sort((a, b) => compareText(b, a)), ...inPlaceOfDirectory];
}
