import type { DeviceListing, GroupEvent } from '../../app/ipc/contract.ts';

/** How this device stands when it is no active member of its group. */
export type Exclusion =
  | { readonly kind: 'suspended' }
  | {
      readonly kind: 'removed';
      /** Keys of those who did it, the newest first. */
      readonly by: readonly string[];
      /** Those of them that were removed themselves. */
      readonly isMutual: boolean;
      readonly at: string | null;
      readonly how: GroupEvent['how'];
    };

/** Why `self` is out of its group by what is known of the group, newest first; undefined while it is in it, or in none. */
export function exclusionOf(
  devices: readonly DeviceListing[],
  events: readonly GroupEvent[],
): Exclusion | undefined {
  const self = devices.find(({ state }) => state === 'self');
  if (self === undefined || self.active !== false) return undefined;
  const removals = events.filter(
    ({ kind, devices: keys, by, counts }) =>
      kind === 'removed' && counts && by !== self.key && keys.includes(self.key),
  );
  const [newest] = removals;
  if (newest === undefined) return { kind: 'suspended' };
  const by = [...new Set(removals.map((removal) => removal.by))];
  const isOut = (key: string): boolean =>
    devices.some((device) => device.key === key && device.state === 'revoked');
  return { kind: 'removed', by, isMutual: by.every(isOut), at: newest.at, how: newest.how };
}

/** What happened to a device or was done by it. */
export function eventsOf(events: readonly GroupEvent[], key: string): readonly GroupEvent[] {
  return events.filter(({ by, devices }) => by === key || devices.includes(key));
}

/** The other active members, who are to hear of a removal. */
export function hearersOf(
  devices: readonly DeviceListing[],
  removed: DeviceListing,
): readonly DeviceListing[] {
  return devices.filter(
    ({ key, state }) => key !== removed.key && (state === 'connected' || state === 'offline'),
  );
}

/** Removed ones, of which the named other ones would be told by this device. */
export function unheardBy(devices: readonly DeviceListing[], key: string): readonly DeviceListing[] {
  return devices.filter(({ state, notHeard }) => state === 'revoked' && notHeard.includes(key));
}
