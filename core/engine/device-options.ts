import type { Log } from '../base/base.ts';
import type { DeviceIdentity, EngineApi } from './api.ts';
import type { KeyKeeping } from './key-keeping.ts';

/** How to start a device. */
export interface DeviceOptions {
  /** Absolute path of the directory with everything this device keeps; made with mode 0700 if it does not exist. */
  readonly home: string;
  /** The device's name at its first start; the machine's name if not given. */
  readonly name?: string;
  /** Multiaddrs to listen on; any free port on all interfaces if not given. */
  readonly listen?: readonly string[];
  /** Whether to look for others on the local network and be found; true if not given. */
  readonly discovery?: boolean;
  /** How its key is kept; plain if not given. */
  readonly key?: KeyKeeping;
  readonly log?: Log;
}

/** A running device. */
export interface Device {
  readonly api: EngineApi;
  readonly identity: DeviceIdentity;
  /** Where it can be dialled, multiaddrs. */
  listening(): readonly string[];
  /** The machine slept: looks for the other devices at once, and through all folders for what no watch told of. */
  woke(): void;
  /** Whether the machine runs on its battery, which it does not at first: what can wait then waits. */
  setOnBattery(isOnBattery: boolean): void;
  /** Flushes and stops everything, the home lock last; safe to call twice. */
  stop(): Promise<void>;
}
