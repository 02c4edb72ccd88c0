import type { Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { consentSigningBytes, type FrameStream, type MembershipOp } from '../protocol/protocol.ts';
import type { Identity } from './identity.ts';
import { createMembershipLog, type MembershipLog } from './membership-log.ts';
import { askWhile, type PairChannel, pairingRefused } from './pair-channel.ts';

/** What a joiner needs on a `/lockstep/pair/1` stream it opened, whichever way it pairs. */
export interface JoinInput {
  readonly stream: FrameStream;
  /** Whose key the other end of the connection has proved. */
  readonly host: DeviceKey;
  readonly identity: Identity;
  /** What this device calls itself. */
  readonly claimedName: string;
  readonly signal: AbortSignal;
  readonly random?: Random;
}

/** The group this device now belongs to; nothing of it is stored yet. */
export interface JoinResult {
  readonly group: Hash;
  readonly log: MembershipLog;
  /** What the host calls itself, unproved. */
  readonly hostName: string;
}

/** What a joiner is offered, to be shown before it agrees; the name is unproved. */
export interface JoinOffer {
  readonly group: Hash;
  readonly hostName: string;
}

/**
 * The end of every pairing at the joiner: takes the offer, agrees (asking a person first if `confirm` is given), and takes the group's log.
 * `transcript` is what the consent is bound to.
 */
export async function acceptOffer(
  channel: PairChannel,
  { stream, host, identity, signal }: JoinInput,
  transcript: Hash,
  confirm?: (offer: JoinOffer, signal: AbortSignal) => Promise<boolean>,
): Promise<JoinResult> {
  const joiner = identity.deviceKey;
  const { group, claimedName: hostName } = await channel.receive('offer');
  // Read early, so that the host's leaving is seen while a person is asked.
  const admitting = channel.receive('admitted');
  admitting.catch(() => {});
  if (confirm !== undefined) {
    const agrees = await askWhile(admitting, signal, (asking) => confirm({ group, hostName }, asking));
    if (!agrees) {
      await channel.refuse('declined');
      throw pairingRefused('declined-here');
    }
  }
  const consent = identity.sign(consentSigningBytes({ group, sponsor: host, key: joiner, transcript }));
  await channel.send({ kind: 'consent', consent });
  const { ops } = await admitting;
  const envelopes: Uint8Array[] = [];
  for (let i = 0; i < ops; i++) envelopes.push(await channel.receiveRaw());
  const log = createMembershipLog({ group, ops: envelopes });
  checkAdmitted(log, { joiner, host, transcript });
  await stream.finish();
  return { group, log, hostName };
}

function checkAdmitted(
  log: MembershipLog,
  {
    joiner,
    host,
    transcript,
  }: { readonly joiner: DeviceKey; readonly host: DeviceKey; readonly transcript: Hash },
): void {
  const admitsMe = ({ author, body }: MembershipOp): boolean =>
    author === host && body.kind === 'admit' && body.key === joiner && body.transcript === transcript;
  const { active } = log.members();
  if (!log.ops().some(admitsMe) || !active.has(joiner) || !active.has(host))
    throw new SyncError('peer-misbehaved', { what: 'pair-not-admitted' });
}
