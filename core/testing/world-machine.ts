import type { Device } from '../engine/device-options.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import type { DiskPath } from '../filesystem/filesystem.ts';
import type { MemoryDiskOptions } from '../filesystem/memory-disk.ts';
import type { MemoryFileSystem } from '../filesystem/memory-file-system.ts';
import type { WatcherBehaviour } from '../filesystem/memory-watcher.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { NetworkTroubles } from './troubled-network.ts';

/** What kind of disk a machine has; without anything, one like ext4. */
export type DiskTraits = Omit<MemoryDiskOptions, 'clock' | 'capacityBytes'>;

/** One machine of a world: its disk outlives the device that runs on it. */
export interface WorldMachine {
  readonly name: string;
  readonly traits: DiskTraits;
  readonly disk: MemoryFileSystem;
  /** The disk on which its home lies, at `/home`. */
  readonly system: MemoryFileSystem;
  /** Where its folder lies. */
  readonly root: DiskPath;
  /** The key of the device that ran on it last; throws if none did. */
  key(): DeviceKey;
  /** The device running on it; throws if it is off. */
  device(): Device;
  isOn(): boolean;
  /** The index of its only folder, undefined before it has one. */
  index(): FolderIndex | undefined;
  start(): Promise<Device>;
  stop(): Promise<void>;
  /** Ends the device between two steps, as kill -9 does: nothing of it acts any more, what the disk and the index hold stays. */
  kill(): void;
  /** Ends it right before its n-th call to the disk from now. */
  killAtCall(n: number): void;
  /** Has `run` done right before the n-th call of its device to the disk from now, as somebody else on the machine would. */
  atCall(n: number, run: () => void): void;
  /** What was to be done at calls to come is not. */
  forgetCalls(): void;
  /** Ends it and takes from the disk whatever was not flushed, as a power cut does. */
  cutPower(): void;
  /** Loses the folder's index, as a broken disk does; the device must be off. */
  loseIndex(): void;
  /** Damages the folder's index, so that it cannot be opened until it is discarded; the device must be off. */
  spoilIndex(): void;
  /** Takes the disk with the folder away: an `empty` directory of another disk shows in its place, or nothing at all. */
  unplug(what: 'empty' | 'gone'): void;
  /** Brings it back, if it is away. */
  plugIn(): void;
  isPlugged(): boolean;
  /** From now on each call below the root, or only those at these places, fails with this probability, with one of these codes; no codes: with none. */
  failCalls(chance: number, codes: readonly string[], places?: ReadonlySet<DiskPath>): void;
  /** Sets its wall clock off by this much more. */
  jumpClock(ms: number): void;
  /** How its watcher hears; a delay holds for watches opened from now on. */
  readonly hearing: WatcherBehaviour;
  /** Lets its watcher tell of something that did not happen, if it is on. */
  lie(): void;
  /** What goes wrong around its network; heeded in worlds with troubled networks only. */
  readonly network: NetworkTroubles;
  /** Suspends it: none of its timers fires until {@link WorldMachine.wake}. Its links are the world's to cut. */
  sleep(): void;
  /** Its timers fire again, and its device is told in half of all cases. */
  wake(): void;
  /** Changing calls its devices made below the root so far. */
  writes(): number;
  /** What its devices logged as errors. */
  readonly errors: readonly string[];
  /** What its devices recorded of paths before it was durable, so that a power cut could have made it untrue. */
  readonly untrue: readonly string[];
  /** Every path of its folder with what is there: `dir`, `link TARGET`, or mode, time and hash of a file. */
  tree(): ReadonlyMap<string, string>;
  write(path: string, text: string): void;
  read(path: string): string | undefined;
  remove(path: string): void;
  makeDirectory(path: string): void;
  /** Ends everything and frees what the machine holds; it cannot be started again. */
  dispose(): void;
}
