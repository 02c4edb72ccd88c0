import { type Clock, compareText, type Log, type Random, sleep } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Connection } from '../network/network.ts';
import {
  type AllowedDevices,
  createAllowedDevices,
  type Identity,
  joinAllowed,
  type JoinResult,
  mayHostAllowed,
} from '../trust/trust.ts';
import type { GroupDraft } from './group.ts';
import type { Approach } from './pairing-approach.ts';

/** How long the device that would host leaves the first try to the other one. */
const politenessMs = 3_000;

/** Pairing with devices whose key a person typed here, as this one's was typed there. */
export interface AllowedPairing {
  /** Allows a device for a day of running, and goes looking for it. `recoveryCode` is told once, where this device may come to found the group. */
  allow(
    device: DeviceKey,
    options: { readonly recovery: boolean },
  ): { readonly expiresInMs: number; readonly recoveryCode?: string };
  has(device: DeviceKey): boolean;
  isAny(): boolean;
  /** What may answer this device when it asks; undefined if the other one is the one to host. */
  hostFor(device: DeviceKey): AllowedDevices | undefined;
  /** The group to found for such a device; undefined if it is not allowed. */
  draftFor(device: DeviceKey): GroupDraft | undefined;
  /** Forgets all that are allowed. */
  clear(): void;
}

/** What it needs. */
export interface AllowedPairingParts {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly approach: Approach;
  /** Whether this device is in a group, if only in one of its own: then it joins none, for that group's recovery code may have been written down. */
  hasGroup(): boolean;
  draft(options: { readonly recovery: boolean }): GroupDraft;
  deviceName(): string;
  reach(peer: DeviceKey, signal: AbortSignal): Promise<Connection>;
  /** Runs `join` unless a person here is joining something; that person's deed aborts its signal. */
  whileNobodyJoins<T>(peer: DeviceKey, join: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
  joined(result: JoinResult, connection: Connection): Promise<void>;
  changed(): void;
}

/** Makes it, with nobody allowed. */
export function createAllowedPairing(parts: AllowedPairingParts): AllowedPairing {
  const { identity, clock, random, log, approach } = parts;
  const self = identity.deviceKey;
  const allowed = createAllowedDevices({ clock });
  const looking = new Map<DeviceKey, AbortController>();
  let draft: GroupDraft | undefined;

  const lookFor = async (peer: DeviceKey, signal: AbortSignal): Promise<void> => {
    if (compareText(self, peer) < 0) await sleep(clock, politenessMs, signal);
    for (let attempt = 0; allowed.has(peer); attempt++) {
      try {
        const connection = await parts.reach(peer, signal);
        // A device that is to host has come near by this; the other one asks.
        if (!parts.hasGroup()) await parts.whileNobodyJoins(peer, (until) => join(peer, connection, until));
      } catch (error) {
        if (signal.aborted) throw error;
        log.write('debug', 'an allowed device is not there yet', { error: String(error) });
      }
      await approach.pause(peer, attempt, signal);
    }
  };
  const join = async (host: DeviceKey, connection: Connection, signal: AbortSignal): Promise<void> => {
    const stream = await connection.openStream('/lockstep/pair/1', signal);
    const claimedName = parts.deviceName();
    const result = await joinAllowed({ stream, host, identity, claimedName, signal, random, allowed });
    await parts.joined(result, connection);
  };
  const stopLooking = (peer: DeviceKey): void => {
    looking.get(peer)?.abort(new SyncError('interrupted'));
    looking.delete(peer);
  };
  return {
    allow(device, options) {
      const { expiresInMs } = allowed.allow(device);
      clock.after(expiresInMs + 1, parts.changed);
      stopLooking(device);
      const ending = new AbortController();
      looking.set(device, ending);
      lookFor(device, ending.signal).catch(() => {});
      const isFirst = draft === undefined;
      if (!parts.hasGroup() && compareText(self, device) < 0) draft ??= parts.draft(options);
      parts.changed();
      const recoveryCode = isFirst ? draft?.recoveryCode : undefined;
      return { expiresInMs, ...(recoveryCode === undefined ? {} : { recoveryCode }) };
    },
    has: (device) => allowed.has(device),
    isAny: () => allowed.list().length > 0,
    hostFor: (peer) => (mayHostAllowed({ self, peer, hasGroup: parts.hasGroup() }) ? allowed : undefined),
    draftFor: (device) => (allowed.has(device) ? draft : undefined),
    clear() {
      for (const peer of looking.keys()) stopLooking(peer);
      allowed.clear();
      draft = undefined;
    },
  };
}
