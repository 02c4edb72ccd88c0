import type { FolderIndex } from '../file-index/file-index.ts';
import { DiskError, type DiskRoot, type FileSystem } from '../filesystem/filesystem.ts';
import type { RelativePath } from '../model/path.ts';
import type { FolderRules } from './folder-rules.ts';
import { nothingPaths } from './folder-floor.ts';

/**
 * Whether everything that is deleted is gone from this disk as well, also where rules leave it out: what lies there would come back as new
 * once the rules are others and the deletion forgotten. Looks at the disk only at such paths. Directories that linger for what is ignored in them do not count.
 */
export function showsDeletions(parts: {
  readonly index: FolderIndex;
  readonly rules: Pick<FolderRules, 'obstacleAt'>;
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  spell(path: RelativePath): string;
}): boolean {
  const { index, rules, fileSystem, root } = parts;
  for (const path of nothingPaths(index)) {
    if (index.view(path)?.content !== undefined) continue;
    const base = index.base(path);
    if (base?.observed !== undefined && base.status !== 'lingering') return false;
    if (rules.obstacleAt(path, 'file') === undefined && rules.obstacleAt(path, 'directory') === undefined)
      continue;
    try {
      if (fileSystem.look(root.at(parts.spell(path))) !== undefined) return false;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      return false;
    }
  }
  return true;
}
