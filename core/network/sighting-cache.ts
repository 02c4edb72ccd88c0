import type { Clock } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import { dialable } from './dial-policy.ts';
import type { Sighting } from './network-interface.ts';

/** LIMIT: devices remembered as seen; anybody on the network can invent them. The one not seen for longest makes room. */
export const maxSightings = 256;
/** LIMIT: how often an unchanged device is reported again. */
const repeatMs = 5_000;

/** Turns what was announced into sightings worth reporting. */
export interface SightingCache {
  /** The sighting to report; undefined if it says nothing new, or nothing that may be dialled. */
  note(peer: DeviceKey, addresses: readonly string[]): Sighting | undefined;
  readonly size: number;
}

export function createSightingCache(clock: Clock): SightingCache {
  const seen = new Map<DeviceKey, { readonly key: string; readonly reportedAt: number }>();
  return {
    note(peer, announced) {
      const addresses = dialable(announced.map((address) => ({ address, origin: 'sighting' })));
      if (addresses.length === 0) return undefined;
      const key = addresses.join(' ');
      const before = seen.get(peer);
      seen.delete(peer);
      const now = clock.monotonic();
      if (before?.key === key && now - before.reportedAt < repeatMs) {
        seen.set(peer, before);
        return undefined;
      }
      seen.set(peer, { key, reportedAt: now });
      if (seen.size > maxSightings) seen.delete(seen.keys().next().value as DeviceKey);
      return { peer, addresses };
    },
    get size() {
      return seen.size;
    },
  };
}
