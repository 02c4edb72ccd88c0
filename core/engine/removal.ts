import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { type CutPosition, cutListHash, encodeCutList, maxCutPositions } from '../protocol/protocol.ts';
import {
  type AddedDevice,
  createReset,
  createRevoke,
  type Identity,
  maxTargetsInRevocation,
  recoveryKeyFromSeed,
  wordsToRecoverySeed,
} from '../trust/trust.ts';
import type { Folders } from './folders.ts';
import type { CurrentGroup, Group } from './group.ts';
import { knownPositions } from './limited-authors.ts';

/** Why a person removes a device. */
export type RemovalReason = 'lost' | 'stolen' | 'retired';

/** Taking devices out of the group. */
export interface Removal {
  /** The devices that are in the group by what these did and nobody else vouches for: a person may want to remove them too. */
  addedBy(devices: readonly DeviceKey[]): readonly AddedDevice[];
  /** Throws what {@link Removal.remove} would reject with before it does anything. */
  check(devices: readonly DeviceKey[]): void;
  /**
   * Removes devices; durable here when it resolves, and from this tick on nothing is told to them or taken from them. `voidSince`: what they did to the group since that
   * moment, wall milliseconds, counts no more. A device that was itself removed may remove those who did it. Rejects with SyncError `no-group`, `not-member` or `not-allowed`.
   */
  remove(
    devices: readonly DeviceKey[],
    how: { readonly reason: RemovalReason; readonly voidSince: number | undefined },
  ): Promise<void>;
  /** With the group's recovery code: keeps exactly these devices, for good, whatever was decided before. Rejects with SyncError `not-allowed` for a wrong code. */
  recover(code: string, keep: readonly DeviceKey[]): Promise<void>;
}

/** Makes the removal of one device's group. */
export function createRemoval(dependencies: {
  readonly group: Group;
  readonly identity: Identity;
  readonly folders: Pick<Folders, 'all'>;
}): Removal {
  const { group, identity, folders } = dependencies;
  const self = identity.deviceKey;

  const currentGroup = (): CurrentGroup => {
    const current = group.current();
    if (current === undefined) throw new SyncError('no-group');
    return current;
  };

  const checkTargets = ({ log }: CurrentGroup, devices: readonly DeviceKey[]): void => {
    if (devices.includes(self)) throw new SyncError('not-allowed', { what: 'remove-self' });
    const { active, suspended, revoked } = log.members();
    const answerable = revoked.has(self) ? log.removersOf(self) : undefined;
    for (const device of devices) {
      const mayBe =
        answerable === undefined
          ? active.has(device) || suspended.has(device)
          : [...answerable.removers, ...answerable.sponsors].includes(device);
      if (!mayBe)
        throw new SyncError(revoked.has(device) ? 'not-allowed' : 'not-member', {
          what: revoked.has(device) ? 'removed-already' : 'device',
        });
    }
  };

  /** Up to where this device knows the changes of another: what comes after it does not stand. */
  const positionsOf = (device: DeviceKey): CutPosition[] =>
    folders
      .all()
      .flatMap((folder) => knownPositions(folder, device))
      .slice(0, maxCutPositions);

  const keepOf = ({ log }: CurrentGroup, device: DeviceKey, since: number | undefined): Hash | undefined =>
    since === undefined
      ? undefined
      : log.voidedSince(device, ({ id }) => (group.heardAt(id) ?? 0) < since).keep;

  return {
    addedBy(devices) {
      const { log } = currentGroup();
      const added = devices.flatMap((device) => log.addedBy(device, self));
      const seen = new Set<DeviceKey>(devices);
      return added.filter(({ key, isVouchedFor }) => {
        if (isVouchedFor || seen.has(key)) return false;
        seen.add(key);
        return true;
      });
    },
    check: (devices) => checkTargets(currentGroup(), devices),
    async remove(devices, { reason, voidSince }) {
      const current = currentGroup();
      checkTargets(current, devices);
      for (let at = 0; at < devices.length; at += maxTargetsInRevocation) {
        const lists = new Map<DeviceKey, Uint8Array>();
        const targets = devices.slice(at, at + maxTargetsInRevocation).map((key) => {
          const positions = positionsOf(key);
          const list = positions.length === 0 ? undefined : encodeCutList(positions);
          if (list !== undefined) lists.set(key, list);
          return {
            key,
            keep: keepOf(current, key, voidSince),
            cut: list === undefined ? undefined : cutListHash(list),
          };
        });
        await group.write(createRevoke({ log: current.log, identity }, { targets, reason }), [
          ...lists.values(),
        ]);
      }
    },
    async recover(code, keep) {
      const current = currentGroup();
      const recovery = recoveryIdentity(code);
      const genesis = current.log.ops()[0]?.body;
      if (recovery === undefined || genesis?.kind !== 'genesis' || genesis.recoveryKey !== recovery.deviceKey)
        throw new SyncError('not-allowed', { what: 'recovery-code' }, { retry: 'after-user' });
      await group.write(createReset({ log: current.log, identity, recovery }, keep));
    },
  };
}

/** The key behind a recovery code; undefined if these are no such words. */
function recoveryIdentity(code: string): Identity | undefined {
  try {
    return recoveryKeyFromSeed(wordsToRecoverySeed(code));
  } catch (error) {
    if (error instanceof SyncError && error.code === 'bad-argument') return undefined;
    throw error;
  }
}
