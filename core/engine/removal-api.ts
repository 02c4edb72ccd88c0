import type { ActivityRow } from '../file-index/file-index.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { deviceKeyToText, hearingOf } from '../trust/trust.ts';
import { activityName } from './activity.ts';
import type { DeviceChange, EngineApi } from './api.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { Group } from './group.ts';
import type { Removal } from './removal.ts';
import { isTakenBack, takeBack } from './undo.ts';
import { versionNameOf } from './version-name.ts';

/** What a device can be asked about removing others and what they did. */
export type RemovalApi = Pick<
  EngineApi,
  'deviceRemove' | 'deviceRemovalPreview' | 'deviceChanges' | 'deviceChangesUndo' | 'recover'
>;

/** The part of the API that speaks of removing devices. */
export function createRemovalApi(parts: {
  readonly removal: Removal;
  readonly group: Group;
  readonly folders: Folders;
  readonly devices: DeviceDirectory;
  readonly self: DeviceKey;
  /** Writes down what the present connections tell of devices. */
  rememberSeen(): Promise<void>;
}): RemovalApi {
  const { removal, group, folders, devices, self, rememberSeen } = parts;

  const findAll = (texts: readonly string[]): DeviceKey[] => [
    ...new Set(texts.map((text) => devices.find(text))),
  ];

  const momentOf = (what: string, text: string | undefined): number | undefined => {
    const at = text === undefined ? undefined : Date.parse(text);
    if (at !== undefined && Number.isNaN(at)) throw new SyncError('bad-argument', { what, text: text ?? '' });
    return at;
  };

  const textsOf = (keys: Iterable<DeviceKey>): string[] => [...keys].map(deviceKeyToText).sort();

  /** Brings back what stood before the changes of these devices; a folder that cannot be changed now stops it, with what was done before done. */
  const undoChanges = async (
    keys: readonly DeviceKey[],
    since: number,
    { signal, isWanted = () => true }: { signal: AbortSignal; isWanted?: (place: string) => boolean },
  ): Promise<Awaited<ReturnType<EngineApi['deviceChangesUndo']>>> => {
    let undone = 0;
    const missing: string[] = [];
    const undoIds: string[] = [];
    for (const folder of folders.all()) {
      const changes = keys
        .flatMap((key) => changesBy(folder, key, since))
        .filter(({ path }) => isWanted(`${folder.id}:${path ?? ''}`));
      if (changes.length === 0) continue;
      const taken = await takeBack(folder, changes, signal, {
        act: { kind: 'restored', path: undefined },
        also: () => {},
      });
      undone += changes.length - taken.missing.length;
      missing.push(...taken.missing);
      undoIds.unshift(activityName(folder.id, taken.act));
    }
    return { undone, missing, undoIds };
  };

  return {
    async deviceRemovalPreview({ devices: texts }) {
      const keys = findAll(texts);
      return {
        devices: textsOf(keys),
        added: removal.addedBy(keys).map(({ key, sponsor }) => ({
          key: deviceKeyToText(key),
          name: devices.nameOf(key),
          addedBy: deviceKeyToText(sponsor),
        })),
      };
    },
    async deviceRemove({ devices: texts, reason, withAdded, voidSince, undoSince, signal }) {
      await group.untilMet();
      const named = findAll(texts);
      removal.check(named);
      const added = removal.addedBy(named);
      if (added.length > 0 && withAdded === undefined)
        throw new SyncError('person-needed', { what: 'added-devices' }, { retry: 'after-user' });
      const undoFrom = momentOf('undoSince', undoSince);
      const keys = withAdded === true ? [...named, ...added.map(({ key }) => key)] : named;
      // Nothing is heard of them any more: what they are called has to be known by now.
      await rememberSeen();
      await removal.remove(keys, {
        reason: reason ?? 'retired',
        voidSince: momentOf('voidSince', voidSince),
      });
      const undone =
        undoFrom === undefined
          ? 0
          : (await undoChanges(keys, undoFrom, { signal: signal ?? new AbortController().signal })).undone;
      const current = group.current();
      const notHeard = new Set<DeviceKey>();
      if (current !== undefined) {
        const hearing = hearingOf(current.log, current.statements, self);
        for (const key of keys) for (const other of hearing.notHeardOf(key)) notHeard.add(other);
      }
      return {
        revoked: textsOf(keys),
        addedBy: textsOf(added.map(({ key }) => key)),
        undone,
        notHeard: textsOf(notHeard),
      };
    },
    async deviceChanges({ device, since }) {
      const key = devices.find(device);
      const from = momentOf('since', since) ?? 0;
      return folders
        .all()
        .flatMap((folder) => changesBy(folder, key, from).map((row) => changeListing(folder, row)));
    },
    async deviceChangesUndo({ device, since, paths, signal = new AbortController().signal }) {
      const wanted = paths === undefined ? undefined : new Set(paths);
      return undoChanges([devices.find(device)], momentOf('since', since) ?? 0, {
        signal,
        isWanted: (place) => wanted?.has(place) !== false,
      });
    },
    async recover({ code, keep }) {
      await group.untilMet();
      const before = group.current()?.log.members().active ?? new Set<DeviceKey>();
      const kept = keep === undefined ? [...before] : findAll(keep);
      if (!kept.includes(self)) throw new SyncError('not-allowed', { what: 'recover-without-self' });
      await removal.recover(code, kept);
      const after = group.current()?.log.members();
      return {
        epoch: after?.epoch ?? 0,
        kept: textsOf(after?.active ?? []),
        removed: textsOf([...before].filter((key) => after?.active.has(key) !== true)),
      };
    },
  };
}

/** The first change of each path that a device made since a moment, by path: what stood before it is what there was, and is not there now. */
function changesBy({ index }: AttachedFolder, key: DeviceKey, since: number): readonly ActivityRow[] {
  return index.firstChangesBy(key, since - 1).filter((row) => !isTakenBack(index, row));
}

function changeListing({ id }: AttachedFolder, { path, kind, at, change }: ActivityRow): DeviceChange {
  const [before] = change?.before ?? [];
  return {
    folderId: id,
    path: path ?? '',
    kind: kind === 'deleted' ? 'deleted' : 'written',
    changedAt: new Date(at).toISOString(),
    previousVersion: before === undefined ? null : versionNameOf(before.content),
  };
}
