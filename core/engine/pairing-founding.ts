import { SyncError } from '../model/errors.ts';
import { createMembershipLog, type MembershipLog } from '../trust/trust.ts';
import type { Group, GroupDraft } from './group.ts';

/** Admitting one device into the group; where there is none, into one that comes to be with this admission and not before. */
export interface Founding {
  /** Throws SyncError `no-group` where there is none and none may be founded. */
  openGroup(): MembershipLog;
  /** Makes the admission part of it, durably. */
  commit(envelope: Uint8Array): Promise<void>;
  /** The recovery words of a group that was founded, if it has any. */
  recoveryCode(): string | undefined;
}

/** `draft` is the group that may be founded, undefined if none may. */
export function createFounding(
  group: Pick<Group, 'current' | 'accepted' | 'foundFrom'>,
  draft: () => GroupDraft | undefined,
): Founding {
  let drafted: { readonly log: MembershipLog; readonly recoveryCode: string | undefined } | undefined;
  return {
    openGroup() {
      const current = group.current();
      if (current !== undefined) return current.log;
      const made = draft();
      if (made === undefined) throw new SyncError('no-group');
      // A log of its own: what a pairing puts into it and cannot store must not be there for the next one.
      const log = createMembershipLog({ ops: made.log.missingFrom(new Set()) });
      drafted = { log, recoveryCode: made.recoveryCode };
      return log;
    },
    async commit(envelope) {
      const into = drafted?.log ?? group.current()?.log;
      if (into === undefined) throw new SyncError('no-group');
      const { accepted, fault } = into.add(envelope);
      if (fault !== undefined) throw new SyncError('not-allowed', { what: fault });
      await (drafted === undefined ? group.accepted(accepted, into) : group.foundFrom(into));
    },
    recoveryCode: () => drafted?.recoveryCode,
  };
}
