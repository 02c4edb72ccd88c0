import type { Clock } from '../base/base.ts';
import type { FileSystem } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { findActivity, listActivity } from './activity.ts';
import type { EngineApi } from './api.ts';
import { browse } from './browse.ts';
import { listConflicts, resolveConflict } from './conflicts.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { FolderDirectory } from './folder-directory.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import { historyOf } from './history.ts';
import { mergeConflict } from './merge-conflict.ts';
import type { PeerLinks } from './peer-links.ts';
import { findPlace, type Place } from './places.ts';
import { readVersion } from './read-version.ts';
import { restore } from './restore.ts';
import { undo } from './undo.ts';
import { explainPath } from './why.ts';

/** What a device can be asked about versions: conflicts, history, what happened, and why a path is as it is. */
export type VersionApi = Pick<
  EngineApi,
  | 'conflictList'
  | 'conflictResolve'
  | 'conflictMerge'
  | 'history'
  | 'browse'
  | 'versionRead'
  | 'restore'
  | 'undo'
  | 'activity'
  | 'why'
>;

/** The part of the API that speaks of versions. */
export function createVersionApi(parts: {
  readonly folders: Folders;
  readonly directory: FolderDirectory;
  readonly devices: Pick<DeviceDirectory, 'nameOf'>;
  readonly links: PeerLinks;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly self: DeviceKey;
}): VersionApi {
  const { folders, directory, devices, links, self } = parts;
  const nameOf = (key: DeviceKey): string => devices.nameOf(key);
  const chosen = (folder: string | undefined): readonly AttachedFolder[] =>
    folder === undefined ? folders.all() : [directory.findAttached(folder)];
  const placeOf = (text: string): Place => findPlace(parts, text);
  const notEnding = (): AbortSignal => new AbortController().signal;

  return {
    conflictList: async ({ folder }) => listConflicts(chosen(folder)),
    async conflictResolve({ id, keep }) {
      return resolveConflict(folders.all(), id, keep === undefined ? { keepBoth: true } : { keep }, nameOf);
    },
    conflictMerge: async ({ id, bytes, signal }) =>
      mergeConflict(folders.all(), { id, bytes }, { clock: parts.clock, signal: signal ?? notEnding() }),
    async history({ path, signal }) {
      const place = placeOf(path);
      if (place.path === undefined) throw new SyncError('bad-argument', { what: 'path', text: path });
      return historyOf(place.folder, place.path, signal ?? notEnding());
    },
    browse: async ({ path, at, after, limit }) =>
      browse(placeOf(path), { at: at === undefined ? undefined : momentOf(at), after, limit }),
    versionRead: async ({ path, version, offset, lengthBytes, signal }) =>
      readVersion(placeOf(path), { version, offset, lengthBytes }, signal ?? notEnding()),
    async restore({ path, version, at, to, dryRun, signal }) {
      const place = placeOf(path);
      const target = to === undefined ? undefined : placeOf(to);
      if (target !== undefined && (target.folder.id !== place.folder.id || target.path === undefined))
        throw new SyncError('bad-argument', { what: 'to', text: to ?? '' });
      if ((version === undefined) === (at === undefined))
        throw new SyncError('bad-argument', { what: 'version', reason: 'either a version or a moment' });
      const wish = version !== undefined ? { version } : { at: momentOf(at ?? '') };
      return restore(place, wish, {
        to: target?.path,
        dryRun: dryRun === true,
        signal: signal ?? notEnding(),
      });
    },
    undo: ({ id, signal }) => undo(folders, id, self, signal ?? notEnding()),
    async activity({ folder, since, limit, after }) {
      return listActivity(chosen(folder), {
        since: since === undefined ? undefined : momentOf(since),
        after: after === undefined ? undefined : findActivity(folders, after),
        limit,
      });
    },
    why: async ({ path }) => explainPath(placeOf(path), links.all(), nameOf),
  };
}

function momentOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new SyncError('bad-argument', { what: 'time', text });
  return at;
}
