import type { FolderIndex } from '../file-index/file-index.ts';
import type { RelativePath } from '../model/path.ts';
import { type PathView, viewOf } from '../reconcile/reconcile.ts';

/** What is at a path now, from all that an index has there. */
export function viewAt(index: FolderIndex, path: RelativePath): PathView {
  return viewOf(index.members(path), index.hasLivingBelow(path));
}
