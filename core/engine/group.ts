import { type Clock, createLimiter, type Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import {
  createCutStore,
  createGenesis,
  type CutStore,
  createMembershipLog,
  createStatementStore,
  type Identity,
  type MembershipLog,
  recoveryKeyFromSeed,
  recoverySeedBytes,
  recoverySeedToWords,
  type StatementStore,
} from '../trust/trust.ts';
import type { Quorum } from './folder-floor.ts';
import type { MembershipStore } from './membership-store.ts';

/** The log of a group with what devices said of it, and up to where the changes of removed ones stand. */
export interface CurrentGroup {
  readonly log: MembershipLog;
  readonly statements: StatementStore;
  readonly cuts: CutStore;
}

/** The group this device belongs to, if any, and its log on disk. */
export interface Group {
  /** The log and what devices said of it; undefined while this device is in no group. */
  current(): CurrentGroup | undefined;
  /** Rises with every change that was told: something to compare. */
  readonly revision: number;
  /** Whether a device is an active member now. */
  isActive(device: DeviceKey): boolean;
  /** Whether the log ever admitted a device, whatever became of it. */
  isKnown(device: DeviceKey): boolean;
  /** The group and the active members that are waited for, while this device is active. */
  quorum(): Quorum | undefined;
  /** Other active members, by key. */
  others(): readonly DeviceKey[];
  /** Active members that have not said that they have heard of all this device has: one that was removed itself has nothing else to say to them. */
  unaware(): readonly DeviceKey[];
  /** Founds a group; the recovery words are returned this once. */
  found(options: {
    readonly recovery: boolean;
  }): Promise<{ readonly group: Hash; readonly recoveryCode?: string }>;
  /** Takes over another group's whole log after joining it; a group nobody else ever joined is left for it. */
  adopt(log: MembershipLog): Promise<void>;
  /** Stores operations that the log has accepted; durable when it resolves. Then the change is told. */
  accepted(envelopes: readonly Uint8Array[], log: MembershipLog | undefined): Promise<void>;
  /** Takes a list of cuts that came, durably; tells of the change. */
  acceptedCut(list: Uint8Array, group: CurrentGroup | undefined): Promise<void>;
  /** Adds an operation of this device's own, durable when it resolves; what it does holds from this tick on. Rejects with SyncError if the log refuses it. */
  write(envelope: Uint8Array, lists?: readonly Uint8Array[]): Promise<void>;
  /** When an operation came, wall milliseconds; undefined if that is not known. */
  heardAt(id: Hash): number | undefined;
  /** Leaves: the log is set aside. */
  leave(): Promise<void>;
  /** Calls `listener` after each change of the group. */
  onChange(listener: () => void): void;
}

/** Opens the group over its store. */
export function openGroup(dependencies: {
  readonly store: MembershipStore;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
}): Group {
  const { store, identity, clock, random } = dependencies;
  const listeners: (() => void)[] = [];
  /** Founding and joining happen one at a time: two beginnings of one log would never be one group. */
  const changing = createLimiter(1);
  let current: ReturnType<Group['current']>;
  const begin = (log: MembershipLog): void => {
    current = { log, statements: createStatementStore(log), cuts: createCutStore(log, store.cuts) };
  };
  let revision = 0;
  const tell = (): void => {
    revision += 1;
    for (const listener of listeners) listener();
  };
  const setAside = async (): Promise<void> => {
    current = undefined;
    await store.setAside(`${clock.now()}`);
  };
  if (store.envelopes.length > 0) begin(createMembershipLog({ ops: store.envelopes }));

  return {
    current: () => current,
    get revision() {
      return revision;
    },
    isActive: (device) => current?.log.members().active.has(device) ?? false,
    isKnown: (device) => current?.log.members().known.has(device) ?? false,
    quorum() {
      const group = current?.log.group;
      const members = current?.log.members();
      if (group === undefined || members?.active.has(identity.deviceKey) !== true) return undefined;
      return { group, members: [...members.active].filter((device) => !members.lapsed.has(device)) };
    },
    others: () =>
      [...(current?.log.members().active ?? [])].filter((device) => device !== identity.deviceKey).sort(),
    unaware() {
      if (current === undefined) return [];
      const { log, statements } = current;
      return [...log.members().active].sort().filter((device) => {
        const heads = statements.of(device)?.heads ?? [];
        return log.missingFrom(log.closureOf(heads)).length > 0;
      });
    },
    found: ({ recovery }) =>
      changing.run(async () => {
        if (current !== undefined) throw new SyncError('already-in-group');
        const seed = recovery ? random.bytes(recoverySeedBytes) : undefined;
        const genesis = createGenesis({
          identity,
          recoveryKey: seed && recoveryKeyFromSeed(seed).deviceKey,
          random,
        });
        const log = createMembershipLog({ ops: [genesis] });
        await store.append([genesis], clock.now());
        begin(log);
        tell();
        return {
          group: log.group as Hash,
          ...(seed === undefined ? {} : { recoveryCode: recoverySeedToWords(seed) }),
        };
      }),
    adopt: (log) =>
      changing.run(async () => {
        const known = current?.log.members().known.size ?? 0;
        if (known > 1) throw new SyncError('already-in-group');
        if (current !== undefined) await setAside();
        await store.append(log.missingFrom(new Set()), clock.now());
        begin(log);
        tell();
      }),
    async accepted(envelopes, log) {
      // What belongs to a group left meanwhile has no place in the present one's file.
      if (log === undefined || log !== current?.log) throw new SyncError('no-group');
      await store.append(envelopes, clock.now());
      tell();
    },
    async acceptedCut(list, of) {
      if (of === undefined || of !== current) throw new SyncError('no-group');
      await store.keepCut(list);
      tell();
    },
    write: (envelope, lists = []) =>
      changing.run(async () => {
        if (current === undefined) throw new SyncError('no-group');
        const { log, cuts } = current;
        // What the operation names has to be there before it is.
        for (const list of lists) await store.keepCut(list);
        const { status, accepted, fault } = log.add(envelope);
        if (status !== 'added') throw new SyncError('not-allowed', { what: fault ?? status });
        for (const list of lists) cuts.add(list);
        const stored = store.append(accepted, clock.now());
        tell();
        await stored;
      }),
    heardAt(id) {
      const position = current?.log.ops().findIndex((op) => op.id === id) ?? -1;
      return position < 0 ? undefined : store.heardAt(position);
    },
    leave: () =>
      changing.run(async () => {
        if (current === undefined) throw new SyncError('no-group');
        await setAside();
        tell();
      }),
    onChange(listener) {
      listeners.push(listener);
    },
  };
}
