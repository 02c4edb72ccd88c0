import type { Clock } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Membership } from './resolve.ts';

/** LIMITS of what is heard from a device with which nothing else is exchanged: bytes of operations, statements and consents, time, and how often. */
export const evidenceLimits = { maxBytes: 256 * 1024, lastsMs: 15_000, everyMs: 60_000 } as const;
/** LIMIT: devices remembered; as many as a group ever has. */
const maxPeers = 256;

/**
 * What two devices are to each other: `active` ones exchange everything, with a `suspended` one the log is exchanged for as long as it is there, for a person may
 * approve it, and from a `revoked` one (or by one) nothing but evidence is taken, which proves itself.
 */
export type Standing = 'active' | 'suspended' | 'revoked';

/** What `self` and `peer` are to each other: the lesser of the two. A device that was never admitted counts as revoked. */
export function standingBetween(members: Membership, self: DeviceKey, peer: DeviceKey): Standing {
  const both = [self, peer];
  if (both.every((key) => members.active.has(key))) return 'active';
  return both.every((key) => members.active.has(key) || members.suspended.has(key)) ? 'suspended' : 'revoked';
}

/** How often evidence is exchanged with a device that dials; how often one is dialled is this side's own affair. Kept in memory only. */
export interface EvidenceGate {
  /** Whether an exchange that `peer` wishes for may begin now; counts it if so. */
  admits(peer: DeviceKey): boolean;
}

/** A gate at which nobody has been. */
export function createEvidenceGate({ clock }: { readonly clock: Pick<Clock, 'monotonic'> }): EvidenceGate {
  const lastAt = new Map<DeviceKey, number>();
  return {
    admits(peer) {
      const now = clock.monotonic();
      const last = lastAt.get(peer);
      if (last !== undefined && now - last < evidenceLimits.everyMs) return false;
      lastAt.delete(peer);
      lastAt.set(peer, now);
      if (lastAt.size > maxPeers) lastAt.delete(lastAt.keys().next().value as DeviceKey);
      return true;
    },
  };
}
