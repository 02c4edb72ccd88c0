import { type FileSystem, removeQuietly } from '../filesystem/filesystem.ts';
import type { Hash } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { FolderDisk } from './content-sources.ts';

/** Files in staging that are not complete. */
export interface StagedParts {
  /** The name of a path's content there, so that an unfinished one can be told from leftovers. */
  nameOf(path: RelativePath, content: Hash): string;
  /** Removes one, if it is there and can be. */
  drop(name: string): void;
  dropAll(): void;
}

/** What {@link StagedParts.nameOf} makes. */
const partPattern = /^[0-9a-f]{24}-[0-9a-f]{16}\.part$/;

/** The unfinished files of one folder. */
export function createStagedParts({
  index,
  root,
  fileSystem,
}: Pick<FolderDisk, 'index' | 'root'> & { readonly fileSystem: FileSystem }): StagedParts {
  const drop = (name: string): void => removeQuietly(fileSystem, root.stagedAt(name));
  return {
    nameOf: (path, content) => `${content.slice(0, 24)}-${index.keyOf(path).slice(8, 24)}.part`,
    drop,
    dropAll() {
      for (const listed of fileSystem.list(root.staging))
        if ('name' in listed && partPattern.test(listed.name)) drop(listed.name);
    },
  };
}
