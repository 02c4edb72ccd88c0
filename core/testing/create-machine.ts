import { type Clock, type Log, sleep } from '../base/base.ts';
import { runDevice } from '../engine/device.ts';
import type { Device } from '../engine/device-options.ts';
import type { Environment } from '../engine/environment.ts';
import { type FolderIndex, openFolderIndex } from '../file-index/file-index.ts';
import { createFaultyFileSystem, type DiskCall } from '../filesystem/faulty-file-system.ts';
import {
  DiskError,
  diskPath,
  type DiskPath,
  foldName,
  isInside,
  joinDisk,
} from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { createMemoryWatcher, type WatcherBehaviour } from '../filesystem/memory-watcher.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { MemoryLan } from '../network/network.ts';
import { decodeEntry } from '../protocol/protocol.ts';
import { createInlineScanService } from '../scanner/scanner.ts';
import { createIdentity } from '../trust/trust.ts';
import { createLyingWatcher, type LyingWatcher } from './lying-watcher.ts';
import { routeDisks } from './route-disks.ts';
import type { SeededRandom } from './seeded-random.ts';
import { noNetworkTroubles, troubleNetwork } from './troubled-network.ts';
import { rememberUnflushed } from './unflushed-names.ts';
import { watchRows } from './watch-rows.ts';
import type { WorldClock } from './world-clock.ts';
import type { DiskTraits, WorldMachine } from './world-machine.ts';
import { removeTree, textAt, treeOf } from './world-tree.ts';

/** What a machine is made of. */
export interface MachineParts {
  readonly clock: WorldClock;
  readonly lan: MemoryLan;
  readonly random: SeededRandom;
  readonly note: (line: string) => void;
  /** Whether something may go wrong around its network. */
  readonly isTroubled: boolean;
}

/** What a device that was ended by force meets at its next step. */
class Killed extends Error {
  override name = 'Killed';
}

/** One run of a device, from its start to its end. */
interface Life {
  isAlive: boolean;
  callsLeft: number;
  readonly ended: (() => void)[];
}

/** Milliseconds in which a machine reads 8 MiB of a large file. */
const largeReadMs = 500;

const writingCalls: ReadonlySet<DiskCall> = new Set([
  'create',
  'openWrite',
  'makeSymlink',
  'makeDirectory',
  'copy',
  'clone',
  'setMode',
  'setModifiedAt',
  'remove',
  'removeDirectory',
  'rename',
  'renameNew',
  'exchange',
  'link',
  'write',
  'truncate',
]);

/** Walls of a world show UTC. */
function toLocal(at: number): { readonly day: number; readonly minute: number } {
  const time = new Date(at);
  return { day: (time.getUTCDay() + 6) % 7, minute: time.getUTCHours() * 60 + time.getUTCMinutes() };
}

/** A machine with an empty folder directory and no device running. */
export function createMachine(name: string, parts: MachineParts, traits: DiskTraits = {}): WorldMachine {
  const { lan, random, note, isTroubled } = parts;
  let clockOffset = 0;
  const clock: Clock = { ...parts.clock, now: () => parts.clock.now() + clockOffset };
  const disk = createMemoryFileSystem({ clock, ...traits });
  // Homes lie on the system's own disk, which can do everything.
  const system = createMemoryFileSystem({ clock });
  disk.onChange((inode) => note(`${name} disk ${inode}`));
  const top = diskPath('/');
  const home = joinDisk(top, 'home');
  system.makeDirectory(home);
  void system.flushDirectories([top]);
  system.mount(home);
  system.setMode(home, 0o700);
  const root = joinDisk(top, 'folder');
  const away = joinDisk(top, 'unplugged');
  disk.makeDirectory(root);
  void disk.flushDirectories([top]);
  const indexes = new Map<string, FolderIndex>();
  const spoiled = new Set<string>();
  const errors: string[] = [];
  const untrue: string[] = [];
  const names = rememberUnflushed(routeDisks(home, system, disk), (path) =>
    foldName(path, { caseInsensitive: traits.caseInsensitive === true, normalises: true }),
  );
  const hearing: WatcherBehaviour = {};
  const network = noNetworkTroubles();
  const overslept: (() => void)[] = [];
  let isAsleep = false;
  let watcher: LyingWatcher | undefined;
  const visits: { callsLeft: number; readonly run: () => void }[] = [];
  const trouble = {
    chance: 0,
    codes: [] as readonly string[],
    places: undefined as ReadonlySet<DiskPath> | undefined,
    random: random.fork('trouble'),
  };
  let device: Device | undefined;
  let key: DeviceKey | undefined;
  let life: Life | undefined;
  let unplugged: 'empty' | 'gone' | undefined;
  let starts = 0;
  let wakes = 0;
  let writes = 0;

  const log: Log = {
    write(level, message, facts) {
      const line = `${message} ${JSON.stringify(facts ?? {})}`;
      note(`${name} ${level} ${line}`);
      if (level === 'error') errors.push(line);
    },
    child: () => log,
  };

  const called = (mine: Life): void => {
    mine.callsLeft -= 1;
    if (mine.callsLeft <= 0 && mine.isAlive) end(mine);
    if (!mine.isAlive) throw new Killed();
    for (const visit of visits) visit.callsLeft -= 1;
    const due = visits.filter(({ callsLeft }) => callsLeft <= 0);
    for (const visit of due) visits.splice(visits.indexOf(visit), 1);
    for (const visit of due) visit.run();
  };

  const environmentOf = (mine: Life): Environment => {
    const watched = createFaultyFileSystem(names.fileSystem);
    watched.fail({ run: () => called(mine) });
    watched.fail({
      path: isOurs,
      run() {
        let isChosen = false;
        for (const { call, paths } of watched.takeCalls()) {
          isChosen = paths.some((path) => trouble.places?.has(path) ?? true);
          if (!writingCalls.has(call) || !paths.every(isOurs)) continue;
          writes += 1;
          note(`${name} ${call} ${paths.join(' ')}`);
        }
        if (!isChosen || trouble.codes.length === 0 || !trouble.random.chance(trouble.chance)) return;
        throw new DiskError(trouble.random.pick(trouble.codes), 'call', root);
      },
    });
    const awake = (run: () => void): void => {
      if (isAsleep) overslept.push(() => awake(run));
      else if (mine.isAlive) run();
    };
    const ownClock: Clock = { ...clock, after: (delayMs, run) => clock.after(delayMs, () => awake(run)) };
    watcher = createLyingWatcher(createMemoryWatcher(disk, clock, hearing), random.fork(`lies ${starts}`));
    return {
      clock: ownClock,
      toLocal,
      random: random.fork(`start ${starts}`),
      log,
      fileSystem: watched,
      watcher,
      scan: createInlineScanService({ fileSystem: watched, read: () => sleep(ownClock, largeReadMs) }),
      machineName: name,
      lockHome: () => ({ release() {} }),
      createNetwork({ seed, admission, pace }) {
        key = createIdentity(seed).deviceKey;
        const joined = lan.join({ self: key, admission, pace });
        mine.ended.push(() => void joined.stop());
        const around = { clock: ownClock, random: random.fork(`network ${starts}`), troubles: network };
        return Promise.resolve(isTroubled ? troubleNetwork(joined, around) : joined);
      },
      async openIndex(_home, folderId) {
        if (spoiled.has(folderId)) throw new SyncError('index-unreadable', { what: folderId });
        const kept =
          indexes.get(folderId) ??
          (await openFolderIndex({ file: ':memory:', folderId, parseEntry: decodeEntry }));
        indexes.set(folderId, kept);
        const watched = watchRows(kept, {
          isUnflushed: (path) => names.isUnflushed(at(path)),
          untrue: (path) => void untrue.push(`${path} is as the disk shows it`),
        });
        return Object.assign(Object.create(watched) as FolderIndex, {
          transaction<T>(work: () => T): T {
            if (!mine.isAlive) throw new Killed();
            return watched.transaction(work);
          },
          // What was committed outlives the device, as a file would.
          close() {},
        });
      },
      discardIndex(_home, folderId) {
        indexes.delete(folderId);
        spoiled.delete(folderId);
      },
    };
  };
  const at = (path: string): DiskPath => path.split('/').reduce(joinDisk, root);
  const isOurs = (path: DiskPath): boolean => path === root || isInside(path, root);
  const end = (mine: Life): void => {
    mine.isAlive = false;
    note(`${name} killed`);
    for (const run of mine.ended) run();
    if (life === mine) {
      life = undefined;
      device = undefined;
    }
  };

  const machine: WorldMachine = {
    name,
    traits,
    disk,
    system,
    root,
    hearing,
    network,
    errors,
    untrue,
    lie: () => void (life !== undefined && watcher?.lie()),
    sleep() {
      isAsleep = true;
    },
    wake() {
      isAsleep = false;
      for (const run of overslept.splice(0)) run();
      // Only some systems tell of it.
      wakes += 1;
      if (random.fork(`wake ${wakes}`).chance(0.5)) device?.woke();
    },
    device() {
      if (device === undefined) throw new Error(`${name} is off`);
      return device;
    },
    key() {
      if (key === undefined) throw new Error(`${name} never ran`);
      return key;
    },
    isOn: () => device !== undefined,
    index: () => [...indexes.values()][0],
    async start() {
      starts += 1;
      const mine: Life = { isAlive: true, callsLeft: Number.POSITIVE_INFINITY, ended: [] };
      life = mine;
      const started = await runDevice(environmentOf(mine), { home, name });
      if (mine.isAlive) device = started;
      started.api.onEvent((event) => note(`${name} event ${JSON.stringify(event)}`));
      return started;
    },
    async stop() {
      const running = device;
      device = undefined;
      if (life !== undefined) life.callsLeft = Number.POSITIVE_INFINITY;
      await running?.stop();
    },
    kill() {
      if (life !== undefined) end(life);
    },
    killAtCall(n) {
      if (life !== undefined) life.callsLeft = n;
    },
    atCall: (n, run) => void visits.push({ callsLeft: n, run }),
    forgetCalls() {
      visits.length = 0;
      if (life !== undefined) life.callsLeft = Number.POSITIVE_INFINITY;
    },
    cutPower() {
      machine.kill();
      disk.crash(random.fork(`power ${starts}`));
      system.crash(random.fork(`power ${starts} at home`));
      names.forget();
    },
    loseIndex: () => indexes.clear(),
    spoilIndex() {
      for (const folderId of indexes.keys()) spoiled.add(folderId);
    },
    unplug(what) {
      if (unplugged !== undefined) return;
      unplugged = what;
      if (what === 'empty') disk.mount(root);
      else disk.rename(root, away);
      void disk.flushDirectories([top]);
    },
    plugIn() {
      if (unplugged === 'empty') disk.unmount(root);
      else if (unplugged === 'gone') disk.rename(away, root);
      unplugged = undefined;
      void disk.flushDirectories([top]);
    },
    isPlugged: () => unplugged === undefined,
    failCalls(chance, codes, places) {
      trouble.chance = chance;
      trouble.codes = codes;
      trouble.places = places;
    },
    jumpClock(ms) {
      clockOffset += ms;
    },
    writes: () => writes,
    tree: () => treeOf(disk, root),
    write(path, text) {
      const place = at(path);
      if (disk.look(place) !== undefined) disk.remove(place);
      const file = disk.create(place, 0o666);
      file.write(new TextEncoder().encode(text), 0);
      file.close();
    },
    read(path) {
      const place = at(path);
      return disk.look(place)?.kind === 'file' ? textAt(disk, place) : undefined;
    },
    remove: (path) => removeTree(disk, at(path)),
    makeDirectory: (path) => disk.makeDirectory(at(path)),
    dispose() {
      machine.kill();
      for (const index of indexes.values()) index.close();
    },
  };
  return machine;
}
