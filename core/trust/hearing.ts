import type { DeviceKey } from '../model/ids.ts';
import type { MembershipLog } from './membership-log.ts';
import type { StatementStore } from './statements.ts';

/** Who has heard of which removal, by each device's own signed word; a device that has said nothing has not. */
export interface Hearing {
  /** Whether `device` knows of all the removals that this device knows of. */
  hasHeardOfRemovals(device: DeviceKey): boolean;
  /** Active devices that would still trust `removed`, by key. Empty for a device that is not removed. */
  notHeardOf(removed: DeviceKey): readonly DeviceKey[];
}

/** What the statements held now say of the log as it is now; `self` has heard of everything in it. */
export function hearingOf(log: MembershipLog, statements: StatementStore, self: DeviceKey): Hearing {
  const { active, revoked } = log.members();
  const toldRevoked = new Map<DeviceKey, ReadonlySet<DeviceKey>>();
  const revokedBy = (device: DeviceKey): ReadonlySet<DeviceKey> => {
    if (device === self) return revoked;
    let told = toldRevoked.get(device);
    if (told === undefined) {
      told = log.membersAt(statements.of(device)?.heads ?? [])?.revoked ?? new Set();
      toldRevoked.set(device, told);
    }
    return told;
  };
  return {
    hasHeardOfRemovals: (device) => revoked.isSubsetOf(revokedBy(device)),
    notHeardOf: (removed) =>
      revoked.has(removed) ? [...active].filter((device) => !revokedBy(device).has(removed)).toSorted() : [],
  };
}
