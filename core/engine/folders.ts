import { compareText, createLimiter, randomHex } from '../base/base.ts';
import type { ActivityRow, FileCounts, FolderIndex, SignedEntry } from '../file-index/file-index.ts';
import { DiskError, type DiskPath, diskPath, nameOfDisk, openDiskRoot } from '../filesystem/filesystem.ts';
import { SyncError } from '../model/errors.ts';
import {
  type DeviceKey,
  type FolderId,
  folderId as asFolderId,
  type IncarnationId,
  incarnationId,
} from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import type { BlockFetcher, FolderDoor, IndexSession } from '../transfer/transfer.ts';
import type { Identity } from '../trust/trust.ts';
import type { Environment } from './environment.ts';
import {
  asSyncError,
  checkFolderPlace,
  lookAtPlace,
  makePlace,
  placeError,
  removeMarkerAt,
  unmakePlace,
} from './folder-place.ts';
import { openFolderRoot } from './folder-root.ts';
import type { Group } from './group.ts';
import type { Quorum } from './folder-floor.ts';
import type { FolderMode } from './folder-rules.ts';
import { createHeldCounts } from './held-counts.ts';
import { beginIndexRun } from './index-runs.ts';
import { createFolderSession, type FolderSession } from './folder-session.ts';
import { createLimitedAuthors } from './limited-authors.ts';
import {
  type FolderSettings,
  type MassChangeChoice,
  massChangeLimitsOf,
  type SettingsStore,
} from './settings.ts';

/** LIMIT: a sleeping machine does not count; looking a few times an hour catches up. */
const longestPauseLookMs = 60_000;

/** A folder's own limits after a person's choice. */
function ownLimits(
  before: FolderSettings['massChange'],
  choice: MassChangeChoice,
): FolderSettings['massChange'] {
  const { share, count } = { ...before, ...choice };
  return { share: share ?? undefined, count: count ?? undefined };
}

/** A folder attached here: its settings and, unless it is paused, its session. */
export interface AttachedFolder {
  readonly id: FolderId;
  readonly settings: FolderSettings;
  /** Which way its changes go now: as a person set it, but only inward where the group lets this device only read. */
  readonly mode: FolderMode;
  readonly index: FolderIndex;
  /** Counts what of it belongs on this device. */
  held(): FileCounts;
  /** When a pause of this folder alone ends, wall milliseconds; undefined without one, or without an end. */
  readonly pausedUntil: number | undefined;
  readonly session: FolderSession | undefined;
}

/** The folders attached to this device. */
export interface Folders {
  all(): readonly AttachedFolder[];
  get(id: FolderId): AttachedFolder | undefined;
  /** The doors of folders that sync now. */
  doors(): readonly FolderDoor[];
  /** Shares a directory as a new folder. Throws SyncError and changes nothing if it cannot be one. */
  add(options: { readonly path: string; readonly name: string | undefined }): Promise<AttachedFolder>;
  /** Attaches a folder of the group to a directory, making the directory if only its last component is missing. */
  join(options: {
    readonly id: FolderId;
    readonly name: string;
    readonly path: string;
  }): Promise<AttachedFolder>;
  /** Detaches a folder: its index and marker go, its files and kept versions stay. */
  remove(id: FolderId): Promise<void>;
  pause(id: FolderId, until: number | 'until-resumed'): Promise<void>;
  resume(id: FolderId): Promise<void>;
  /** Sets what is set per folder; a `selection` of null holds everything. */
  set(
    id: FolderId,
    choices: {
      readonly name?: string;
      readonly mode?: FolderSettings['mode'];
      readonly selection?: readonly string[] | null;
      readonly massChange?: MassChangeChoice;
    },
  ): Promise<void>;
  /** Attaches a folder where its directory was moved to; throws SyncError and changes nothing if that is not this folder. */
  move(id: FolderId, path: string): Promise<void>;
  /** Starts or stops sessions as the pauses say; to be called when the global pause changes. */
  refresh(): Promise<void>;
  /** Gives every folder a new index: after leaving a group, whose devices' signatures nobody in the next one can check. */
  renew(): Promise<void>;
  /** Gives a folder a new index, since the present one and its directory do not belong together, or it is an old copy: it reads another device's whole state first. */
  beginAnew(id: FolderId, why: string): Promise<void>;
  peersChanged(): void;
  /** Who belongs to the group has changed. */
  membersChanged(): void;
  /** Looks through every folder again, soon. */
  rescan(): void;
  stop(): Promise<void>;
}

/** What the folders need of the device around them. */
export interface FoldersDependencies {
  readonly environment: Environment;
  readonly home: DiskPath;
  readonly settings: SettingsStore;
  readonly identity: Identity;
  readonly fetcher: BlockFetcher;
  readonly group: Group;
  indexSessions(): readonly IndexSession[];
  hasOthers(): boolean;
  /** The directory of a folder is an older copy of what its index is about. */
  isOlderCopy(id: FolderId): void;
  quorum(): Quorum | undefined;
  /** Whether all folders rest now. */
  isPaused(): boolean;
  /** Whether the machine runs on its battery. */
  isOnBattery(): boolean;
  pushed(folderId: FolderId, entries: readonly SignedEntry[], cameFrom: DeviceKey | undefined): void;
  changed(folderId: FolderId): void;
  shown(
    folderId: FolderId,
    path: RelativePath,
    what: 'written' | 'deleted',
    author: DeviceKey | undefined,
  ): void;
  received(bytes: number): void;
  /** Something happened in a folder that is no part of something else. */
  happened(folderId: FolderId, row: ActivityRow): void;
  /** Folders were attached, detached, paused or resumed. */
  listChanged(): void;
}

interface Opened {
  readonly id: FolderId;
  readonly index: FolderIndex;
  readonly countHeld: ReturnType<typeof createHeldCounts>;
  readonly incarnation: IncarnationId;
  session: FolderSession | undefined;
}

/** Opens the attached folders; sessions begin with `refresh`. */
export async function openFolders(dependencies: FoldersDependencies): Promise<Folders> {
  const { environment, home, settings } = dependencies;
  const { fileSystem, clock, random } = environment;
  const opened = new Map<FolderId, Opened>();
  const settingsOf = (id: FolderId): FolderSettings | undefined =>
    settings.current().folders.find((folder) => folder.id === id);

  /** Attaching, detaching, pausing and their ends happen one at a time: two sessions of one folder must never be. */
  const oneAtATime = createLimiter(1);
  let isStopped = false;
  let cancelResume = (): void => {};

  const ownPauseEnd = (id: FolderId): number | undefined => {
    const until = settingsOf(id)?.pausedUntil;
    return typeof until === 'number' && until > clock.now() ? until : undefined;
  };
  const isPaused = (id: FolderId): boolean =>
    dependencies.isPaused() ||
    settingsOf(id)?.pausedUntil === 'until-resumed' ||
    ownPauseEnd(id) !== undefined;

  /**
   * An incarnation is good for one index file on one machine. The index and the settings each keep a generation that rises at every start;
   * an index that does not know the last one is a restored or copied file: it is set aside and a new one reads first. `mark` runs before the
   * settings have the generation: one of 0 says that the folder may have no marker yet.
   */
  const open = async (
    id: FolderId,
    isNewHere: boolean,
    mark?: (incarnation: IncarnationId) => Promise<void>,
  ): Promise<Opened> => {
    const last = settingsOf(id)?.generation ?? 0;
    let index = await openOrReplace(id);
    const known = Number(index.fact('generation') ?? 0);
    if (known !== 0 && known !== last && known !== last + 1) {
      index.close();
      environment.discardIndex(home, id);
      index = await environment.openIndex(home, id);
    }
    const incarnation = incarnationId(index.fact('incarnation') ?? randomHex(random, 8));
    index.transaction(() => {
      if (index.fact('incarnation') === undefined) {
        index.setFact('incarnation', incarnation);
        index.setFact('read-first', isNewHere ? 'done' : 'needed');
      }
      index.setFact('generation', String(last + 1));
    });
    beginIndexRun(index, { incarnation, generation: last + 1, run: randomHex(random, 8) });
    const folder: Opened = {
      id,
      index,
      countHeld: createHeldCounts(index),
      incarnation,
      session: undefined,
    };
    opened.set(id, folder);
    await mark?.(incarnation);
    await changeFolder(id, (folder) => ({ ...folder, generation: last + 1 }));
    return folder;
  };

  const openOrReplace = async (id: FolderId): Promise<FolderIndex> => {
    try {
      return await environment.openIndex(home, id);
    } catch (error) {
      // An index is a cache: one that is broken, or of another version's layout, costs a rescan.
      if (!(error instanceof SyncError) || !['index-unreadable', 'version-unsupported'].includes(error.code))
        throw error;
      environment.log.write('error', 'index unreadable, starting a new one', {
        folder: id,
        error: error.message,
      });
      environment.discardIndex(home, id);
      return environment.openIndex(home, id);
    }
  };

  const changeFolder = (id: FolderId, edit: (folder: FolderSettings) => FolderSettings): Promise<unknown> =>
    settings.change((all) => ({
      ...all,
      folders: all.folders.map((folder) => (folder.id === id ? edit(folder) : folder)),
    }));

  const modeOf = (id: FolderId): FolderMode =>
    dependencies.group.accessTo(id, dependencies.identity.deviceKey) === 'rw'
      ? (settingsOf(id)?.mode ?? 'both')
      : 'receive';

  const startSession = (folder: Opened): void => {
    const folderSettings = settingsOf(folder.id);
    if (folderSettings === undefined || folder.session !== undefined) return;
    folder.session = createFolderSession({
      folderId: folder.id,
      rootPath: folderSettings.path,
      index: folder.index,
      incarnation: folder.incarnation,
      identity: dependencies.identity,
      fileSystem,
      watcher: environment.watcher,
      scan: environment.scan,
      clock,
      random,
      log: environment.log.child({ folder: folder.id.slice(0, 8) }),
      fetcher: dependencies.fetcher,
      hasFileOfSize: (sizeBytes) => [...opened.values()].some(({ index }) => index.hasFileOfSize(sizeBytes)),
      elsewhere: (content) =>
        [...opened.values()].flatMap((other) =>
          other === folder ? [] : (other.session?.sourcesOf(content) ?? []),
        ),
      indexSessions: () =>
        dependencies.indexSessions().filter((session) => session.peerAnnouncement(folder.id) !== undefined),
      hasOthers: () => dependencies.hasOthers(),
      isOnBattery: () => dependencies.isOnBattery(),
      isOlderCopy: () => dependencies.isOlderCopy(folder.id),
      quorum: () => dependencies.quorum(),
      pushed: (entries, cameFrom) => dependencies.pushed(folder.id, entries, cameFrom),
      changed: () => dependencies.changed(folder.id),
      shown: (path, what, author) => dependencies.shown(folder.id, path, what, author),
      received: dependencies.received,
      happened: (row) => dependencies.happened(folder.id, row),
      retention: () => settings.current().versions,
      limited: createLimitedAuthors(dependencies.group, dependencies.identity.deviceKey, folder.id),
      choices: () => ({ mode: modeOf(folder.id), selection: settingsOf(folder.id)?.selection }),
      massChangeLimits: () => massChangeLimitsOf(settings.current(), settingsOf(folder.id)),
    });
    folder.session.start();
  };

  const stopSession = async (folder: Opened): Promise<void> => {
    const { session } = folder;
    folder.session = undefined;
    await session?.stop();
  };

  const refresh = async (): Promise<void> => {
    if (isStopped) return;
    for (const folder of opened.values()) {
      if (isPaused(folder.id)) await stopSession(folder);
      else startSession(folder);
    }
    dependencies.listChanged();
    watchPauses();
  };

  /** Looks again when a timed pause may be over: also after a restart or a sleep, so never long at a time. */
  const watchPauses = (): void => {
    cancelResume();
    const now = clock.now();
    const ends = settings.current().folders.map(({ pausedUntil }) => pausedUntil);
    const next = Math.min(
      ...ends.map((end) => (typeof end === 'number' && end > now ? end : Number.POSITIVE_INFINITY)),
    );
    if (next === Number.POSITIVE_INFINITY) return;
    cancelResume = clock.after(
      Math.min(next - now + 50, longestPauseLookMs),
      () => void oneAtATime.run(refresh),
    );
  };

  const attachedOf = (folder: Opened): AttachedFolder => ({
    id: folder.id,
    settings: settingsOf(folder.id) as FolderSettings,
    mode: modeOf(folder.id),
    index: folder.index,
    held: () => folder.countHeld(settingsOf(folder.id)?.selection),
    pausedUntil: ownPauseEnd(folder.id),
    session: folder.session,
  });

  const attach = async (folderSettings: FolderSettings, isNewHere: boolean): Promise<AttachedFolder> => {
    const id = asFolderId(folderSettings.id);
    const root = openDiskRoot(fileSystem, folderSettings.path);
    try {
      root.makePrivate();
      await fileSystem.flushDirectories([root.root, root.privateDirectory]);
      environment.discardIndex(home, id);
      await settings.change((all) => ({ ...all, folders: [...all.folders, folderSettings] }));
      const folder = await open(id, isNewHere, (incarnation) =>
        root.writeMarker({ folderId: id, incarnation }),
      );
      await refresh();
      return attachedOf(folder);
    } catch (error) {
      await detach(id);
      throw placeError(folderSettings.path, error);
    }
  };

  const renewMarker = async (place: string, { id, incarnation }: Opened): Promise<void> => {
    try {
      await openDiskRoot(fileSystem, place).writeMarker({ folderId: id, incarnation });
    } catch (error) {
      // A disk that is away keeps the old marker, which still names this folder.
      if (!(error instanceof DiskError || error instanceof SyncError)) throw error;
    }
  };

  const detach = async (id: FolderId): Promise<void> => {
    const folder = opened.get(id);
    if (folder !== undefined) await stopSession(folder);
    opened.delete(id);
    folder?.index.close();
    await settings.change((all) => ({ ...all, folders: all.folders.filter((other) => other.id !== id) }));
    environment.discardIndex(home, id);
  };

  for (const { id, path, generation } of settings.current().folders) {
    const folder = asFolderId(id);
    // A stop while it was attached, which nobody was told of yet.
    if (generation === 0 && openFolderRoot(fileSystem, path, folder) === 'marker-missing')
      await detach(folder);
    else await open(folder, false);
  }

  return {
    all: () =>
      [...opened.values()]
        .map(attachedOf)
        .sort((a, b) => compareText(a.settings.name, b.settings.name) || compareText(a.id, b.id)),
    get(id) {
      const folder = opened.get(id);
      return folder && attachedOf(folder);
    },
    doors: () =>
      [...opened.values()].flatMap((folder) => (folder.session === undefined ? [] : [folder.session.door])),
    add: ({ path, name }) =>
      oneAtATime.run(async () => {
        const place = checkFolderPlace(
          { fileSystem, home, folders: settings.current().folders },
          path,
          undefined,
        );
        return attach(
          {
            id: randomHex(random, 16),
            name: name ?? (nameOfDisk(place) || 'Folder'),
            path: place,
            generation: 0,
            addedHere: true,
            mode: 'both',
          },
          true,
        );
      }),
    join: ({ id, name, path }) =>
      oneAtATime.run(async () => {
        if (opened.has(id)) throw new SyncError('already-exists', { what: 'folder', text: name });
        const place = diskPath(path);
        const made = lookAtPlace(fileSystem, place) === undefined;
        if (made) makePlace(fileSystem, place);
        try {
          checkFolderPlace({ fileSystem, home, folders: settings.current().folders }, path, id);
          return await attach(
            { id, name, path: place, generation: 0, addedHere: false, mode: 'both' },
            false,
          );
        } catch (error) {
          if (made) unmakePlace(fileSystem, place);
          throw error;
        }
      }),
    remove: (id) =>
      oneAtATime.run(async () => {
        const place = settingsOf(id)?.path;
        await detach(id);
        if (place !== undefined) removeMarkerAt(fileSystem, place);
        dependencies.changed(id);
        dependencies.listChanged();
      }),
    pause: (id, until) =>
      oneAtATime.run(async () => {
        await changeFolder(id, (folder) => ({ ...folder, pausedUntil: until }));
        await refresh();
      }),
    resume: (id) =>
      oneAtATime.run(async () => {
        await changeFolder(id, ({ pausedUntil: _, ...folder }) => folder);
        await refresh();
      }),
    set: (id, { name, mode, selection, massChange }) =>
      oneAtATime.run(async () => {
        await changeFolder(id, ({ selection: before, ...folder }) => {
          const next = selection === undefined ? before : (selection ?? undefined);
          return {
            ...folder,
            ...(name === undefined ? {} : { name }),
            ...(mode === undefined ? {} : { mode }),
            ...(next === undefined ? {} : { selection: [...next] }),
            ...(massChange === undefined ? {} : { massChange: ownLimits(folder.massChange, massChange) }),
          };
        });
        opened.get(id)?.session?.choicesChanged();
        dependencies.listChanged();
      }),
    move: (id, path) =>
      oneAtATime.run(async () => {
        const folder = opened.get(id);
        if (folder === undefined) throw new SyncError('not-found', { what: 'folder' });
        const others = settings.current().folders.filter((other) => other.id !== id);
        const place = checkFolderPlace({ fileSystem, home, folders: others }, path, id);
        if (asSyncError(place, () => openDiskRoot(fileSystem, place).readMarker()) === 'missing')
          throw new SyncError('not-found', { what: 'marker', path: place });
        await stopSession(folder);
        await changeFolder(id, (known) => ({ ...known, path: place }));
        await refresh();
      }),
    refresh: () => oneAtATime.run(refresh),
    renew: () =>
      oneAtATime.run(async () => {
        for (const { id, index } of Array.from(opened.values())) {
          await stopSession(opened.get(id) as Opened);
          index.close();
          environment.discardIndex(home, id);
          const folder = await open(id, true);
          const place = settingsOf(id)?.path;
          if (place !== undefined) await renewMarker(place, folder);
        }
        await refresh();
      }),
    beginAnew: (id, why) =>
      oneAtATime.run(async () => {
        const folder = opened.get(id);
        if (folder === undefined || isStopped) return;
        environment.log.write('warn', 'starting a new index', { folder: id, why });
        await stopSession(folder);
        folder.index.close();
        environment.discardIndex(home, id);
        const place = settingsOf(id)?.path;
        const anew = await open(id, false);
        if (place !== undefined) await renewMarker(place, anew);
        await refresh();
      }),
    membersChanged() {
      for (const folder of opened.values()) folder.session?.membersChanged();
    },
    peersChanged() {
      for (const folder of opened.values()) folder.session?.peersChanged();
    },
    rescan() {
      for (const folder of opened.values()) folder.session?.rescan();
    },
    stop: () =>
      oneAtATime.run(async () => {
        isStopped = true;
        cancelResume();
        for (const folder of opened.values()) {
          await stopSession(folder);
          folder.index.close();
        }
      }),
  };
}
