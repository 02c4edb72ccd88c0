import { type Random, systemRandom } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import {
  decodeOp,
  encodeOpEnvelope,
  encodeOpPayload,
  type FolderMode,
  type OpBody,
  type OpDraft,
  opLimits,
  opSigningBytes,
  type PairingMethod,
  recoverySigningBytes,
  type RevokeReason,
} from '../protocol/protocol.ts';
import type { Identity } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';

// Each builder returns one signed envelope that the log it was made for accepts, and adds nothing to that log.
// Each but the genesis throws SyncError `not-allowed` if the log would refuse it (`what` is the fault, or `chain-full`),
// and with retry `soon` while operations of the author itself are known to exist but are not here yet.

/** Who writes, and on top of what. */
export interface OpContext {
  readonly log: MembershipLog;
  readonly identity: Identity;
}

/** The first operation of a new group; without a recovery key the group can never be recovered. */
export function createGenesis({
  identity,
  recoveryKey,
  random = systemRandom,
}: {
  readonly identity: Identity;
  readonly recoveryKey?: DeviceKey | undefined;
  readonly random?: Random;
}): Uint8Array {
  const body = { kind: 'genesis', recoveryKey, nonce: random.bytes(16) } as const;
  return signOp(
    { group: undefined, author: identity.deviceKey, seq: 0, prev: undefined, deps: [], body },
    identity,
  );
}

/** Admits a device that agreed to it: `consent` is its signature over group, sponsor, its key and the pairing's transcript. */
export function createAdmit(
  context: OpContext,
  admit: {
    readonly key: DeviceKey;
    readonly method: PairingMethod;
    readonly transcript: Hash;
    readonly consent: Uint8Array;
  },
): Uint8Array {
  return buildOp(context, { kind: 'admit', ...admit });
}

/** Removes devices for good. `keep` is the last operation of a device that still counts; without it, all that is in the log. */
export function createRevoke(
  context: OpContext,
  revoke: {
    readonly targets: readonly {
      readonly key: DeviceKey;
      readonly keep?: Hash | undefined;
      readonly cut?: Hash | undefined;
    }[];
    readonly reason: RevokeReason;
  },
): Uint8Array {
  const targets = revoke.targets.map(({ key, keep, cut }) => ({ key, keep, cut }));
  return buildOp(context, { kind: 'revoke', targets, reason: revoke.reason });
}

/** With the recovery key: keeps exactly these devices, whatever was signed before. */
export function createReset(
  context: OpContext & { readonly recovery: Identity },
  keep: readonly DeviceKey[],
): Uint8Array {
  return buildOp(context, { kind: 'reset', keep }, context.recovery);
}

/** Says what devices may do with a folder; without `key`, about every device. */
export function createFolderOp(
  context: OpContext,
  folder: {
    readonly folderId: FolderId;
    readonly verb: 'create' | 'grant' | 'withdraw';
    readonly key?: DeviceKey | undefined;
    readonly mode: FolderMode;
    readonly cut?: Hash | undefined;
  },
): Uint8Array {
  return buildOp(context, { kind: 'folder', key: undefined, cut: undefined, ...folder });
}

/** Says that nobody is to wait for a device that was silent for long. A device about which that was said takes it back by its next operation, a merge if it has nothing else to say. */
export function createLapse(context: OpContext, key: DeviceKey): Uint8Array {
  return buildOp(context, { kind: 'lapse', key });
}

/** Joins up to 8 heads into one; for logs with more, so that the next operation can name all of them. */
export function createMerge(context: OpContext): Uint8Array {
  return buildOp(context, { kind: 'merge' });
}

/** The envelope of a draft, signed; checks nothing. */
export function signOp(draft: OpDraft, identity: Identity, recovery?: Identity): Uint8Array {
  const payload = encodeOpPayload(draft);
  return encodeOpEnvelope(
    payload,
    identity.sign(opSigningBytes(payload)),
    recovery?.sign(recoverySigningBytes(payload)),
  );
}

function buildOp({ log, identity }: OpContext, body: OpBody, recovery?: Identity): Uint8Array {
  const author = identity.deviceKey;
  // Signing on top of an incomplete chain of one's own would look like a key in two places.
  if (log.hasOrphanBy(author))
    throw new SyncError('not-allowed', { what: 'own-chain-incomplete' }, { retry: 'soon' });
  const place = log.nextPlace(author);
  if (place.seq > opLimits.maxSeq) throw new SyncError('not-allowed', { what: 'chain-full' });
  const draft = { group: log.group, author, ...place, body };
  const envelope = signOp(draft, identity, recovery);
  let fault: string | undefined;
  try {
    fault = log.judge(decodeOp(envelope));
  } catch (cause) {
    throw new SyncError('not-allowed', { what: 'bad-form' }, { cause });
  }
  if (fault !== undefined) throw new SyncError('not-allowed', { what: fault });
  return envelope;
}
