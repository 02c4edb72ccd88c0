import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { type Statement, statementSigningBytes, trustLimits } from '../protocol/protocol.ts';
import { type Identity, verifyStrict } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';

/** What devices have signed about how far they have heard: of each device ever admitted the newest word, its own or passed on. Kept in memory only. */
export interface StatementStore {
  /** Keeps a statement if it is newer than what is known of its device; false if not, or if the log does not know the device. Throws SyncError `peer-misbehaved` if the signature is not the device's. */
  add(statement: Statement): boolean;
  /** The newest of each device. */
  all(): readonly Statement[];
  of(device: DeviceKey): Statement | undefined;
}

/** This device's word on what `log` holds now. Logs only grow, so their size serves as the counter. */
export function createStatement(log: MembershipLog, identity: Identity): Statement {
  const { group } = log;
  if (group === undefined) throw new SyncError('no-group');
  const statement = {
    device: identity.deviceKey,
    counter: log.ops().length,
    heads: log.heads().slice(0, trustLimits.maxHeads),
  };
  return { ...statement, signature: identity.sign(statementSigningBytes(group, statement)) };
}

/** An empty store for the group of `log`. */
export function createStatementStore(log: MembershipLog): StatementStore {
  const newest = new Map<DeviceKey, Statement>();
  return {
    add(statement) {
      const { device, counter, signature } = statement;
      if (log.group === undefined || !log.members().known.has(device)) return false;
      const kept = newest.get(device);
      if (kept !== undefined && kept.counter >= counter) return false;
      if (!verifyStrict(signature, statementSigningBytes(log.group, statement), device))
        throw new SyncError('peer-misbehaved', { what: 'statement-signature' });
      newest.set(device, statement);
      return true;
    },
    all: () => [...newest.values()],
    of: (device) => newest.get(device),
  };
}
