import { diskPath, DiskError, type FileSystem } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import { faultOfPath } from '../model/path.ts';
import { ignorePatterns } from '../scanner/scanner.ts';
import type { EngineApi } from './api.ts';
import { untilOf } from './pause-end.ts';
import type { FolderDirectory } from './folder-directory.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import { acceptHere, revertHere } from './one-way.ts';
import { findPlace, sessionOf } from './places.ts';
import { areMassChangeLimits } from './settings.ts';

/** What a device can be asked about its folders as wholes. */
export type FolderApi = Pick<
  EngineApi,
  | 'folderAdd'
  | 'folderList'
  | 'folderJoin'
  | 'folderRemove'
  | 'folderPause'
  | 'folderResume'
  | 'folderSet'
  | 'folderRescan'
  | 'folderMove'
  | 'folderAccept'
  | 'folderRevert'
  | 'ignoreList'
  | 'ignoreAdd'
  | 'ignoreRemove'
  | 'ignoreTest'
>;

/** The part of the API that speaks of folders. */
export function createFolderApi(parts: {
  readonly folders: Folders;
  readonly directory: FolderDirectory;
  readonly fileSystem: FileSystem;
}): FolderApi {
  const { folders, directory } = parts;
  const attached = (text: string): AttachedFolder => directory.findAttached(text);

  /** The places a person named, all in one folder; undefined for the whole of it. */
  const pathsIn = (folder: AttachedFolder, texts: readonly string[] | undefined) =>
    texts?.flatMap((text) => {
      const place = findPlace(parts, text);
      if (place.folder.id !== folder.id || place.path === undefined)
        throw new SyncError('bad-argument', { what: 'path', text });
      return place.path;
    });

  const oneWay = (text: string): AttachedFolder => {
    const folder = attached(text);
    if (folder.mode === 'both')
      throw new SyncError('not-allowed', { what: 'folder-both-ways', folder: folder.settings.name });
    return folder;
  };

  /** Edits the ignore file; resolves to its patterns afterwards. */
  const editIgnoreFile = async (text: string, edit: (text: string) => string) => {
    const folder = attached(text);
    const before = ignoreText(folder);
    const after = edit(before);
    if (after !== before) await sessionOf(folder).writeIgnoreFile(after);
    return ignorePatterns(after);
  };

  return {
    async folderAdd({ path, name }) {
      checkAbsolute(path);
      const folder = await folders.add({ path, name });
      return { folderId: folder.id };
    },
    folderList: () => Promise.resolve(directory.list()),
    async folderJoin({ folder, path }) {
      checkAbsolute(path);
      const { id, name } = directory.find(folder);
      if (folders.get(id) !== undefined)
        throw new SyncError('already-exists', { what: 'folder', text: name });
      await folders.join({ id, name, path });
      return directory.listing(id);
    },
    async folderRemove({ folder }) {
      await folders.remove(attached(folder).id);
      return {};
    },
    async folderPause({ folder, until }) {
      const { id } = attached(folder);
      await folders.pause(id, untilOf(until));
      return directory.listing(id);
    },
    async folderResume({ folder }) {
      const { id } = attached(folder);
      await folders.resume(id);
      return directory.listing(id);
    },
    async folderSet({ folder, name, mode, select, massChange }) {
      const { id } = attached(folder);
      const cleaned = name?.trim();
      if (cleaned !== undefined && (cleaned === '' || cleaned.length > 255))
        throw new SyncError('bad-argument', { what: 'name', text: name ?? '' });
      const wrong = select?.find(
        (top) => top.includes('/') || faultOfPath(top.normalize('NFC')) !== undefined,
      );
      if (wrong !== undefined) throw new SyncError('bad-argument', { what: 'select', text: wrong });
      if (massChange !== undefined && !areMassChangeLimits(massChange))
        throw new SyncError('bad-argument', {
          what: 'massChange',
          text: `${massChange.share ?? ''} ${massChange.count ?? ''}`.trim(),
        });
      await folders.set(id, {
        ...(cleaned === undefined ? {} : { name: cleaned }),
        ...(mode === undefined ? {} : { mode }),
        ...(select === undefined ? {} : { selection: select?.map((top) => top.normalize('NFC')) ?? null }),
        ...(massChange === undefined ? {} : { massChange }),
      });
      return directory.listing(id);
    },
    async folderRescan({ folder }) {
      const found = attached(folder);
      sessionOf(found).rescan();
      return directory.listing(found.id);
    },
    async folderMove({ folder, path }) {
      checkAbsolute(path);
      const { id } = attached(folder);
      await folders.move(id, path);
      return directory.listing(id);
    },
    async folderAccept({ folder, paths }) {
      const found = oneWay(folder);
      return { paths: acceptHere(found, pathsIn(found, paths)) };
    },
    async folderRevert({ folder, paths }) {
      const found = oneWay(folder);
      return { paths: revertHere(found, pathsIn(found, paths)) };
    },
    ignoreList: async ({ folder }) => ignorePatterns(ignoreText(attached(folder))),
    async ignoreAdd({ folder, pattern }) {
      if (pattern.trim() === '' || /[\r\n]/.test(pattern))
        throw new SyncError('bad-argument', { what: 'pattern', text: pattern });
      return editIgnoreFile(folder, (text) =>
        ignorePatterns(text).some((known) => known.pattern === pattern)
          ? text
          : `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${pattern}\n`,
      );
    },
    async ignoreRemove({ folder, pattern }) {
      return editIgnoreFile(folder, (text) => {
        const lines = text.split('\n');
        const kept = lines.filter((line) => line.replace(/\r$/, '') !== pattern);
        if (kept.length === lines.length)
          throw new SyncError('not-found', { what: 'pattern', text: pattern });
        return kept.join('\n');
      });
    },
    async ignoreTest({ path }) {
      const place = findPlace(parts, path);
      if (place.path === undefined) throw new SyncError('bad-argument', { what: 'path', text: path });
      return sessionOf(place.folder).explainIgnored(place.path);
    },
  };

  function ignoreText(folder: AttachedFolder): string {
    try {
      return sessionOf(folder).ignoreText();
    } catch (cause) {
      if (!(cause instanceof DiskError)) throw cause;
      throw new SyncError('disk-failed', { path: folder.settings.path, code: cause.code }, { cause });
    }
  }
}

/** Paths come from other programs: only a whole one means the same there and here. */
function checkAbsolute(path: string): void {
  try {
    diskPath(path);
  } catch (cause) {
    throw new SyncError('bad-argument', { what: 'path', text: path }, { cause });
  }
}
