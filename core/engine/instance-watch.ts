import { bytesToHex } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';

/** LIMIT: programs remembered of each device. */
const maxInstances = 16;

/** Notices that a device's key is used by two programs: its home was copied, or restored beside the one that is in use. */
export interface InstanceWatch {
  /** A program of the device was met, which says of itself that it is `instance`. */
  met(device: DeviceKey, instance: Uint8Array): void;
  /** A member says that it has met a device in two places. */
  told(device: DeviceKey): void;
  isInTwoPlaces(device: DeviceKey): boolean;
}

/** Nobody met yet; kept in memory. A program makes a new instance at each start, so one that comes back after another was met was never gone. */
export function createInstanceWatch(): InstanceWatch {
  const known = new Map<DeviceKey, string[]>();
  const doubled = new Set<DeviceKey>();
  return {
    met(device, instance) {
      const name = bytesToHex(instance);
      const before = known.get(device) ?? [];
      if (before.slice(0, -1).includes(name)) doubled.add(device);
      known.set(device, [...before.filter((other) => other !== name), name].slice(-maxInstances));
    },
    told: (device) => void doubled.add(device),
    isInTwoPlaces: (device) => doubled.has(device),
  };
}
