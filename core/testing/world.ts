import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { bytesToHex, type Log } from '../base/base.ts';
import { runDevice } from '../engine/device.ts';
import type { Device } from '../engine/device-options.ts';
import type { Environment } from '../engine/environment.ts';
import { type FolderIndex, openFolderIndex } from '../file-index/file-index.ts';
import { diskPath, type DiskPath, joinDisk } from '../filesystem/filesystem.ts';
import { createFaultyFileSystem } from '../filesystem/faulty-file-system.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { createMemoryWatcher } from '../filesystem/memory-watcher.ts';
import type { DeviceKey } from '../model/ids.ts';
import { createMemoryLan, type MemoryLan } from '../network/network.ts';
import { decodeEntry } from '../protocol/protocol.ts';
import { createInlineScanService } from '../scanner/scanner.ts';
import { createIdentity } from '../trust/trust.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { createWorldClock, type WorldClock } from './world-clock.ts';

/** One machine of a world: its disk outlives the device that runs on it. */
export interface WorldMachine {
  readonly name: string;
  readonly disk: MemoryFileSystem;
  /** Where its folder lies. */
  readonly root: DiskPath;
  /** The key of the device that ran on it last; throws if none did. */
  key(): DeviceKey;
  /** The device running on it; throws if it is off. */
  device(): Device;
  isOn(): boolean;
  start(): Promise<Device>;
  stop(): Promise<void>;
  /** Ends the device between two steps, as kill -9 does: nothing of it acts any more, what the disk and the index hold stays. */
  kill(): void;
  /** Ends it right before its n-th call to the disk from now. */
  killAtCall(n: number): void;
  /** Ends it and takes from the disk whatever was not flushed, as a power cut does. */
  cutPower(): void;
  /** Loses the folder's index, as a broken disk does; the device must be off. */
  loseIndex(): void;
  /** What its devices logged as errors. */
  readonly errors: readonly string[];
  /** Every path of its folder with what is there: `dir`, `link TARGET`, or mode and hash of a file. */
  tree(): ReadonlyMap<string, string>;
  write(path: string, text: string): void;
  read(path: string): string | undefined;
  remove(path: string): void;
  makeDirectory(path: string): void;
}

/** Whole devices on memory disks and one memory network, moved by one seed and one clock. */
export interface World {
  readonly clock: WorldClock;
  readonly random: SeededRandom;
  readonly lan: MemoryLan;
  machine(name: string): WorldMachine;
  /** Lets time pass until `isSo`; throws when virtual minutes were not enough. */
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets this much virtual time pass. */
  pass(ms: number): Promise<void>;
  /** Runs `work` while letting time pass. */
  during<T>(work: Promise<T>): Promise<T>;
  /** A hash over everything that happened so far, in order. */
  trace(): string;
  stop(): Promise<void>;
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

/** LIMIT: virtual milliseconds a world waits for something that must come. */
const patienceMs = 10 * 60_000;
/** How many turns of the real event loop promises may need to come to rest at one virtual moment. */
const turns = 6;

/** A world with no machines yet. */
export function createWorld(seed: string): World {
  const random = createSeededRandom(seed);
  const clock = createWorldClock();
  const lan = createMemoryLan({ clock });
  const machines = new Map<string, WorldMachine>();
  const happened = createHash('sha256');
  const note = (line: string): void => {
    if (process.env['LOCKSTEP_SHOW_TRACE'] !== undefined) console.log(clock.monotonic(), line);
    happened.update(`${clock.monotonic()} ${line}\n`);
  };

  const settle = async (): Promise<void> => {
    for (let i = 0; i < turns; i++) await nextTurn();
  };
  const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const start = clock.monotonic();
    for (;;) {
      await settle();
      if (await isSo()) return;
      if (clock.monotonic() - start > patienceMs || !clock.next()) throw new Error(`never: ${what}`);
    }
  };
  return {
    clock,
    random,
    lan,
    machine(name) {
      const known = machines.get(name);
      if (known !== undefined) return known;
      const machine = createMachine(name, { clock, lan, random: random.fork(name), note });
      machines.set(name, machine);
      return machine;
    },
    until,
    async pass(ms) {
      const end = clock.monotonic() + ms;
      let isOver = false;
      clock.after(ms, () => {
        isOver = true;
      });
      await until(`the end of ${ms} ms`, () => isOver || clock.monotonic() >= end);
    },
    async during(work) {
      let isOver = false;
      const watched = work.finally(() => {
        isOver = true;
      });
      watched.catch(() => {});
      await until('the end of the work', () => isOver);
      return watched;
    },
    trace: () => happened.copy().digest('hex'),
    async stop() {
      for (const machine of machines.values()) await machine.stop();
    },
  };
}

function createMachine(
  name: string,
  world: { readonly clock: WorldClock; readonly lan: MemoryLan; readonly random: SeededRandom; readonly note: (line: string) => void },
): WorldMachine {
  const { clock, lan, random, note } = world;
  const disk = createMemoryFileSystem({ clock });
  disk.onChange((inode) => note(`${name} disk ${inode}`));
  const top = diskPath('/');
  const home = joinDisk(top, 'home');
  const root = joinDisk(top, 'folder');
  disk.makeDirectory(root);
  void disk.flushDirectories([top]);
  const indexes = new Map<string, FolderIndex>();
  let device: Device | undefined;

  const log: Log = {
    write(level, message, facts) {
      const line = `${message} ${JSON.stringify(facts ?? {})}`;
      note(`${name} ${level} ${line}`);
      if (level === 'error') errors.push(line);
    },
    child: () => log,
  };
  const errors: string[] = [];
  let starts = 0;
  let key: DeviceKey | undefined;
  let life: Life | undefined;

  const environmentOf = (mine: Life): Environment => {
    const watched = createFaultyFileSystem(disk);
    watched.fail({
      run() {
        mine.callsLeft -= 1;
        if (mine.callsLeft <= 0 && mine.isAlive) end(mine);
        if (!mine.isAlive) throw new Killed();
      },
    });
    return {
      clock: { ...clock, after: (delayMs, run) => clock.after(delayMs, () => void (mine.isAlive && run())) },
      random: random.fork(`start ${starts}`),
      log,
      fileSystem: watched,
      watcher: createMemoryWatcher(disk, clock),
      scan: createInlineScanService({ fileSystem: watched }),
      machineName: name,
      lockHome: () => ({ release() {} }),
      createNetwork({ seed, admission }) {
        key = createIdentity(seed).deviceKey;
        const network = lan.join({ self: key, admission });
        mine.ended.push(() => void network.stop());
        return Promise.resolve(network);
      },
      async openIndex(_home, folderId) {
        const kept = indexes.get(folderId) ?? (await openFolderIndex({ file: ':memory:', folderId, parseEntry: decodeEntry }));
        indexes.set(folderId, kept);
        return {
          ...kept,
          state: kept.state,
          materialised: kept.materialised,
          transaction(work) {
            if (!mine.isAlive) throw new Killed();
            return kept.transaction(work);
          },
          // What was committed outlives the device, as a file would.
          close() {},
        };
      },
      discardIndex: (_home, folderId) => void indexes.delete(folderId),
    };
  };
  const end = (mine: Life): void => {
    mine.isAlive = false;
    note(`${name} killed`);
    for (const run of mine.ended) run();
    if (life === mine) {
      life = undefined;
      device = undefined;
    }
  };

  const at = (path: string): DiskPath => path.split('/').reduce(joinDisk, root);
  const machine: WorldMachine = {
    name,
    disk,
    root,
    device() {
      if (device === undefined) throw new Error(`${name} is off`);
      return device;
    },
    key() {
      if (key === undefined) throw new Error(`${name} never ran`);
      return key;
    },
    isOn: () => device !== undefined,
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
      await running?.stop();
    },
    kill() {
      if (life !== undefined) end(life);
    },
    killAtCall(n) {
      if (life !== undefined) life.callsLeft = n;
    },
    cutPower() {
      machine.kill();
      disk.crash(random.fork(`power ${starts}`));
    },
    loseIndex: () => indexes.clear(),
    errors,
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
      if (disk.look(place)?.kind !== 'file') return undefined;
      return new TextDecoder().decode(bytesOf(disk, place));
    },
    remove(path) {
      const place = at(path);
      if (disk.look(place)?.kind === 'directory') {
        for (const listed of disk.list(place)) if ('name' in listed) machine.remove(`${path}/${listed.name}`);
        disk.removeDirectory(place);
      } else disk.remove(place);
    },
    makeDirectory: (path) => disk.makeDirectory(at(path)),
  };
  return machine;
}

function bytesOf(disk: MemoryFileSystem, place: DiskPath): Uint8Array {
  const handle = disk.openRead(place);
  const bytes = new Uint8Array(handle.look().sizeBytes);
  handle.read(bytes, 0);
  handle.close();
  return bytes;
}

function treeOf(disk: MemoryFileSystem, directory: DiskPath, prefix = '', tree = new Map<string, string>()): Map<string, string> {
  const names = disk.list(directory).flatMap((listed) => ('name' in listed ? [listed.name] : []));
  for (const name of names.sort()) {
    if (prefix === '' && name === '.lockstep') continue;
    const place = joinDisk(directory, name);
    const path = prefix + name;
    const seen = disk.look(place);
    if (seen?.kind === 'directory') {
      tree.set(path, 'dir');
      treeOf(disk, place, `${path}/`, tree);
    } else if (seen?.kind === 'symlink') tree.set(path, `link ${JSON.stringify(disk.readLink(place))}`);
    else if (seen?.kind === 'file') {
      const executable = (seen.mode & 0o100) !== 0 ? 'x' : '-';
      tree.set(path, `${executable} ${seen.modifiedAtNs} ${bytesToHex(createHash('sha256').update(bytesOf(disk, place)).digest())}`);
    }
  }
  return tree;
}
