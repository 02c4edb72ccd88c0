import { type Clock, compareText, createLimiter, type Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import {
  createCutStore,
  createGenesis,
  type CutStore,
  createMembershipLog,
  createStatementStore,
  type FolderAccess,
  folderAccess,
  type Identity,
  type MembershipLog,
  recoveryKeyFromSeed,
  recoverySeedBytes,
  recoverySeedToWords,
  type StatementStore,
} from '../trust/trust.ts';
import type { Quorum } from './folder-floor.ts';
import type { MembershipStore } from './membership-store.ts';

/** LIMIT: until when after its start an operation of this device's own waits for the first meeting with another, milliseconds; devices that are there are met in one or two seconds. */
const firstMeetingMs = 10_000;

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
  /** Rises with every change: something to compare. */
  readonly revision: number;
  /** Whether a device is an active member now. */
  isActive(device: DeviceKey): boolean;
  /** Whether the log ever admitted a device, whatever became of it. */
  isKnown(device: DeviceKey): boolean;
  /**
   * Whether a device is an active member that knows it: one that has said, since this one started, what it has heard of the group. A device that was let in while the
   * connection broke has not, and may pair again.
   */
  isAware(device: DeviceKey): boolean;
  /** What a device may do with a folder, as far as the group has said; in no group, anything. */
  accessTo(folder: FolderId, device: DeviceKey): FolderAccess;
  /** The group and the active members that are waited for, while this device is active. */
  quorum(): Quorum | undefined;
  /** Other active members, by key. */
  others(): readonly DeviceKey[];
  /**
   * With whom to be connected, by key. An active member: the other ones, and suspended ones, whom a person may approve. A suspended one: the active ones. A removed
   * one: those active that have not said that they have heard of all this device has, for it has nothing else to say to them.
   */
  wanted(): readonly DeviceKey[];
  /** Founds a group; the recovery words are returned this once. */
  found(options: {
    readonly recovery: boolean;
  }): Promise<{ readonly group: Hash; readonly recoveryCode?: string }>;
  /** A group that could be founded, and leaves no trace if it is not. */
  draft(options: { readonly recovery: boolean }): GroupDraft;
  /** Founds a group with all its log holds, durably. Rejects with SyncError `already-in-group`. */
  foundFrom(log: MembershipLog): Promise<void>;
  /** Takes over another group's whole log after joining it; a group nobody else ever joined is left for it. */
  adopt(log: MembershipLog): Promise<void>;
  /** Takes operations that the log has just accepted: cuts in this tick, stores, and tells of the change once they are durable. */
  accepted(envelopes: readonly Uint8Array[], log: MembershipLog | undefined): Promise<void>;
  /** Takes a list of cuts that came, durably; tells of the change. */
  acceptedCut(list: Uint8Array, group: CurrentGroup | undefined): Promise<void>;
  /** This device has exchanged the log with another one. */
  met(): void;
  /**
   * Resolves once this device has exchanged the log with another since it started, or a few seconds after that, and at once where there is no other. To be awaited
   * before an operation of its own is made: a device that was brought back from a backup lacks those it signed since, and would sign others in their place.
   */
  untilMet(): Promise<void>;
  /** Adds an operation of this device's own, durable when it resolves; whom it removes is cut off from the tick on in which the log has it. Rejects with SyncError if the log refuses it. */
  write(envelope: Uint8Array, lists?: readonly Uint8Array[]): Promise<void>;
  /** When an operation came, wall milliseconds; undefined if that is not known. */
  heardAt(id: Hash): number | undefined;
  /** Leaves: the log is set aside. If that fails, this device is in the group as before. */
  leave(): Promise<void>;
  /** Calls `listener` in the tick in which members may have changed, before that is durable: for what ends conversations, and for nothing else. */
  onTaken(listener: () => void): void;
  /** Calls `listener` after each change of the group, once it is durable. */
  onChange(listener: () => void): void;
}

/** The beginning of a group that is not this device's yet. */
export interface GroupDraft {
  readonly log: MembershipLog;
  /** The recovery words, to be shown once it is founded. */
  readonly recoveryCode?: string;
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
  const takenListeners: (() => void)[] = [];
  /** Founding and joining happen one at a time: two beginnings of one log would never be one group. */
  const changing = createLimiter(1);
  let current: ReturnType<Group['current']>;
  const meeting = Promise.withResolvers<void>();
  const openedAt = clock.monotonic();
  const others = (): readonly DeviceKey[] =>
    [...(current?.log.members().active ?? [])].filter((device) => device !== identity.deviceKey).sort();
  const begin = (log: MembershipLog): void => {
    current = { log, statements: createStatementStore(log), cuts: createCutStore(log, store.cuts) };
  };
  let revision = 0;
  const run = (all: readonly (() => void)[]): void => {
    revision += 1;
    for (const listener of all) listener();
  };
  const taken = (): void => run(takenListeners);
  const tell = (): void => run(listeners);

  /** What the log has and the disk has not: a write that failed is made good by the next one, for an operation without its past is of no use. */
  let unsaved: Uint8Array[] = [];
  const saving = createLimiter(1);
  const save = (envelopes: readonly Uint8Array[]): Promise<void> => {
    unsaved.push(...envelopes);
    return saving.run(async () => {
      const batch = [...unsaved];
      if (batch.length === 0) return;
      await store.append(batch, clock.now());
      unsaved = unsaved.slice(batch.length);
    });
  };
  const setAside = async (): Promise<void> => {
    const before = current;
    current = undefined;
    taken();
    try {
      await saving.run(async () => {
        await store.setAside(`${clock.now()}`);
        unsaved = [];
      });
    } catch (error) {
      current = before;
      tell();
      throw error;
    }
  };
  const draft: Group['draft'] = ({ recovery }) => {
    const seed = recovery ? random.bytes(recoverySeedBytes) : undefined;
    const genesis = createGenesis({
      identity,
      recoveryKey: seed && recoveryKeyFromSeed(seed).deviceKey,
      random,
    });
    return {
      log: createMembershipLog({ ops: [genesis] }),
      ...(seed === undefined ? {} : { recoveryCode: recoverySeedToWords(seed) }),
    };
  };
  const foundFrom = (log: MembershipLog): Promise<void> =>
    changing.run(async () => {
      if (current !== undefined) throw new SyncError('already-in-group');
      await store.append(log.missingFrom(new Set()), clock.now());
      begin(log);
      tell();
    });
  if (store.envelopes.length > 0) begin(createMembershipLog({ ops: store.envelopes }));

  return {
    current: () => current,
    get revision() {
      return revision;
    },
    isActive: (device) => current?.log.members().active.has(device) ?? false,
    isAware: (device) =>
      current?.log.members().active.has(device) === true && current.statements.of(device) !== undefined,
    isKnown: (device) => current?.log.members().known.has(device) ?? false,
    accessTo: (folder, device) => folderAccess(current?.log.folders().get(folder), device),
    quorum() {
      const group = current?.log.group;
      const members = current?.log.members();
      if (group === undefined || members?.active.has(identity.deviceKey) !== true) return undefined;
      return { group, members: [...members.active].filter((device) => !members.lapsed.has(device)) };
    },
    others,
    wanted() {
      if (current === undefined) return [];
      const { log, statements } = current;
      const { active, suspended } = log.members();
      const self = identity.deviceKey;
      if (active.has(self))
        return [...active, ...suspended].filter((device) => device !== self).sort(compareText);
      if (suspended.has(self)) return [...active].sort(compareText);
      return [...active].sort(compareText).filter((device) => {
        const heads = statements.of(device)?.heads ?? [];
        return log.missingFrom(log.closureOf(heads)).length > 0;
      });
    },
    async found(options) {
      const { log, recoveryCode } = draft(options);
      await foundFrom(log);
      return { group: log.group as Hash, ...(recoveryCode === undefined ? {} : { recoveryCode }) };
    },
    draft,
    foundFrom,
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
      const saved = save(envelopes);
      taken();
      await saved;
      tell();
    },
    async acceptedCut(list, of) {
      if (of === undefined || of !== current) throw new SyncError('no-group');
      await store.keepCut(list);
      tell();
    },
    met: meeting.resolve,
    async untilMet() {
      const leftMs = openedAt + firstMeetingMs - clock.monotonic();
      if (others().length === 0 || leftMs <= 0) return;
      // Once that is over, nothing waits any more.
      const cancel = clock.after(leftMs, meeting.resolve);
      await meeting.promise;
      cancel();
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
        const saved = save(accepted);
        taken();
        await saved;
        tell();
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
    onTaken(listener) {
      takenListeners.push(listener);
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
}
