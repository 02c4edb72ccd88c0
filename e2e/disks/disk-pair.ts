import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ConflictListing, PathProblem } from '../../core/engine/engine.ts';
import { type RunningDevice, startDevice, waitUntil } from '../harness/harness.ts';
import { admit, meeting, shareFolder, switchOff, takeFolder, tellWhere } from '../harness/lab-group.ts';
import { type DiskKind, type DiskTraits, mountDisk } from './disk-kinds.ts';
import { followStatus, type StatusFeed } from './status-feed.ts';

/** LIMIT: what takes longer than this is stuck, on a busy machine too. */
const deadlineMs = 60_000;

/** One device of a pair and where it keeps the two folders. */
export interface Side {
  readonly device: RunningDevice;
  readonly folders: readonly [string, string];
}

/** Two devices in one group with two folders: `near` keeps them on this machine's own disk, `far` on the disk under test. */
export interface DiskPair {
  readonly near: Side;
  readonly far: Side;
  readonly traits: DiskTraits;
  /** The mount point of the disk under test. */
  readonly disk: string;
  /** A directory of `name` in the first folder (or `folder`), there on both sides. */
  spot(name: string, folder?: 0 | 1): Promise<Spot>;
  /** Ends a device, runs `meanwhile`, starts it again and resolves when the two are connected. */
  whileOff(side: Side, meanwhile: () => void): Promise<void>;
  /** Runs `meanwhile` while a device does not sync. */
  whilePaused(side: Side, meanwhile: () => void): Promise<void>;
  /** What of the contents ever seen or noted is in no folder and no version store of either device any more: nothing, as soon as what is under way is done. */
  lost(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** What a directory shows: a text of a file, `-> target` of a link, `/` of a directory. Names composed. */
export type Shown = Readonly<Record<string, string>>;

/** A directory of one case, on both sides. */
export interface Spot {
  readonly near: string;
  readonly far: string;
  /** Its path in the folder. */
  readonly path: string;
  /** Notes a content that must not be lost though both sides may never show it. */
  note(text: string | Buffer): void;
  /** Takes back a note: its users wrote over it themselves, on every side that had it. */
  forget(text: string): void;
  /** Waits until both sides show this and notes it; tells the difference if they do not come to it. */
  bothShow(wanted: Shown): Promise<void>;
  /** The same for each side by itself. */
  show(wanted: { readonly near: Shown; readonly far: Shown }): Promise<void>;
  /** The same for the far side alone, where the near one has something that cannot be shown. */
  farShows(wanted: Shown): Promise<void>;
  /** Waits until a device lists just these problems in here, by path and kind, each with a cause and an action. */
  lists(side: Side, wanted: Readonly<Record<string, string>>): Promise<void>;
  /** Waits until a device lists a problem at one of these paths, and returns it. */
  problem(side: Side, ...names: readonly string[]): Promise<PathProblem>;
  /** The conflicts a device lists in here. */
  conflicts(side: Side): Promise<readonly ConflictListing[]>;
  /** Settles every conflict in here by what is shown. */
  resolveConflicts(): Promise<void>;
}

/** Starts a pair with its second device's folders on a new disk of this kind. `wrapFar`: a command that runs the second device. */
export async function startPair(
  kind: DiskKind,
  options: {
    readonly wrapFar?: readonly string[];
    readonly prepare?: (disk: string, farHome: string) => void;
  } = {},
): Promise<DiskPair> {
  const mounted = mountDisk(kind);
  const { place, disk } = mounted;
  const devices: RunningDevice[] = [];
  const homeOf = (name: string): string => path.join(place, `home-${name}`);
  const stop = async (): Promise<void> => {
    await Promise.allSettled(devices.map((device) => device.stop()));
    mounted.remove();
  };
  const start = async (name: string, wrap?: readonly string[]): Promise<RunningDevice> => {
    const device = await startDevice({ name, home: homeOf(name), ...(wrap && { wrap }) });
    devices.push(device);
    // Cases that empty a directory of hundreds of files mean it.
    await device.ask('settings', 'set', 'massChange.share', '1');
    return device;
  };
  try {
    const foldersIn = (parent: string): [string, string] => [
      path.join(parent, 'one'),
      path.join(parent, 'two'),
    ];
    const nearFolders = foldersIn(place);
    const farFolders = foldersIn(disk);
    for (const folder of [...nearFolders, ...farFolders]) fs.mkdirSync(folder);
    options.prepare?.(disk, homeOf('far'));
    const nearDevice = await start('near');
    const farDevice = await start('far', options.wrapFar);
    const [one, two] = [
      await shareFolder(nearDevice, nearFolders[0], 'one'),
      await shareFolder(nearDevice, nearFolders[1], 'two'),
    ];
    await admit(nearDevice, farDevice);
    await takeFolder(farDevice, one, farFolders[0]);
    await takeFolder(farDevice, two, farFolders[1]);
    const near: Side = { device: nearDevice, folders: nearFolders };
    const far: Side = { device: farDevice, folders: farFolders };
    return createPair({ near, far, disk, traits: kind.traits, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

function createPair(parts: Pick<DiskPair, 'near' | 'far' | 'disk' | 'traits' | 'stop'>): DiskPair {
  const { near, far } = parts;
  const noted = new Map<string, string>();
  const feeds = new Map<Side, StatusFeed>();
  const follow = (side: Side): void => {
    feeds.get(side)?.close();
    feeds.set(side, followStatus(side.device));
  };
  for (const side of [near, far]) follow(side);
  const note = (content: string | Buffer, where: string): void => {
    const bytes = Buffer.from(content);
    if (bytes.length > 0) noted.set(hashOf(bytes), `${where}: ${bytes.subarray(0, 60).toString()}`);
  };
  const noteAll = (directory: string): void => {
    for (const [name, item] of filesBelow(directory)) note(item, name);
  };

  const spotAt = (relative: string, folder: 0 | 1): Spot => {
    const here = path.join(near.folders[folder], relative);
    const there = path.join(far.folders[folder], relative);
    const comesTo = async (look: () => unknown, wanted: unknown): Promise<void> => {
      await waitUntil('it is shown', () => isDeepStrictEqual(look(), wanted), deadlineMs).catch(() => {});
      expect(look()).toEqual(wanted);
      for (const directory of [here, there]) noteAll(directory);
    };
    const show: Spot['show'] = (wanted) =>
      comesTo(() => ({ near: shownIn(here), far: shownIn(there) }), wanted);
    const problemsIn = (side: Side): PathProblem[] => {
      const folders = feeds.get(side)?.last()?.folders ?? [];
      const problems = folders.find(({ path: at }) => at === side.folders[folder])?.problems ?? [];
      return problems.filter((problem) => problem.path.startsWith(`${relative}/`));
    };
    const conflicts: Spot['conflicts'] = async ({ device }) =>
      (await device.ask<ConflictListing[]>('conflict', 'list')).filter(({ path: at }) =>
        at.startsWith(`${relative}/`),
      );
    return {
      near: here,
      far: there,
      path: relative,
      note: (text) => note(text, relative),
      forget: (text) => void noted.delete(hashOf(Buffer.from(text))),
      show,
      farShows: (wanted) => comesTo(() => shownIn(there), wanted),
      bothShow: (wanted) => show({ near: wanted, far: wanted }),
      async lists(side, wanted) {
        const look = (): Record<string, string> =>
          Object.fromEntries(
            problemsIn(side).map(({ path: at, kind }) => [at.slice(relative.length + 1), kind]),
          );
        await waitUntil('they are listed', () => isDeepStrictEqual(look(), wanted), deadlineMs).catch(
          () => {},
        );
        expect(look()).toEqual(wanted);
        for (const { cause, action } of problemsIn(side)) {
          expect(cause).not.toBe('');
          expect(action).not.toBe('');
        }
      },
      conflicts,
      async resolveConflicts() {
        for (const { id, versions } of await conflicts(near)) {
          const shown = versions.find(({ winner }) => winner);
          await near.device.ask('conflict', 'resolve', id, '--keep', shown?.version ?? '');
        }
      },
      problem: (side, ...names) =>
        waitUntil(
          `${side.device.name} lists ${names.join(' or ')}`,
          () => problemsIn(side).find(({ path: at }) => names.some((name) => at === `${relative}/${name}`)),
          deadlineMs,
        ),
    };
  };

  const meetAgain = async (): Promise<void> => {
    await tellWhere(far.device, near.device);
    await meeting(near.device, far.device);
  };
  return {
    ...parts,
    async stop() {
      for (const feed of feeds.values()) feed.close();
      await parts.stop();
    },
    async spot(name, folder = 0) {
      const spot = spotAt(name, folder);
      fs.mkdirSync(spot.near);
      await waitUntil(`${name} is on both sides`, () => fs.existsSync(spot.far), deadlineMs);
      return spot;
    },
    async whileOff(side, meanwhile) {
      await switchOff(side.device);
      meanwhile();
      await side.device.restart();
      follow(side);
      await meetAgain();
    },
    async whilePaused({ device }, meanwhile) {
      await device.ask('pause');
      meanwhile();
      await device.ask('resume');
    },
    async lost() {
      const missing = (): string[] => {
        const kept = new Set<string>();
        for (const directory of [...near.folders, ...far.folders])
          for (const [, content] of filesBelow(directory)) kept.add(hashOf(content));
        return [...noted].filter(([hash]) => !kept.has(hash)).map(([, what]) => what);
      };
      await waitUntil('every content is kept somewhere', () => missing().length === 0, 10_000).catch(
        () => {},
      );
      const gone = missing();
      // Said once: what the next case does is not to blame for it.
      for (const [hash, what] of noted) if (gone.includes(what)) noted.delete(hash);
      return gone;
    },
  };
}

/** What a directory shows now. What goes away while it is looked at is not there. */
export function shownIn(directory: string): Shown {
  const shown: Record<string, string> = {};
  for (const inner of namesBelow(directory)) {
    const place = path.join(directory, inner);
    const stats = fs.lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    shown[inner.normalize('NFC')] = stats.isDirectory()
      ? '/'
      : stats.isSymbolicLink()
        ? `-> ${fs.readlinkSync(place)}`
        : stats.isFile()
          ? textOf(fs.readFileSync(place))
          : 'special';
  }
  return shown;
}

/** A short text as it is, anything longer by its size and hash. */
export function textOf(content: Buffer): string {
  return content.length <= 200 ? content.toString() : `${content.length} bytes, ${hashOf(content)}`;
}

/** Every file below a directory, Lockstep's private ones too. */
function* filesBelow(directory: string): Generator<[string, Buffer]> {
  for (const inner of namesBelow(directory)) {
    const place = path.join(directory, inner);
    try {
      if (fs.lstatSync(place).isFile()) yield [place, fs.readFileSync(place)];
    } catch {
      // It went in between; where it went is looked at too, or the next time.
    }
  }
}

/** Relative paths of all that lies below a directory; other disks mounted in it are looked into as well. */
function namesBelow(directory: string): string[] {
  const names: string[] = [];
  const visit = (relative: string): void => {
    let children: fs.Dirent[];
    try {
      children = fs.readdirSync(path.join(directory, relative), { withFileTypes: true });
    } catch {
      return;
    }
    for (const child of children) {
      const inner = path.join(relative, child.name);
      names.push(inner);
      if (child.isDirectory()) visit(inner);
    }
  };
  visit('');
  return names.sort();
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
