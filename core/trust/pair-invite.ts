import { type Random, systemRandom, throwIfAborted } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import {
  consentSigningBytes,
  type FrameStream,
  type MembershipOp,
  type PairHello,
} from '../protocol/protocol.ts';
import { createAdmit } from './build-op.ts';
import { keyWords } from './device-key-text.ts';
import { type Identity, verifyStrict } from './identity.ts';
import type { Invitation } from './invitation.ts';
import { type InvitationBook, ticketOf } from './invitation-book.ts';
import { createMembershipLog, type MembershipLog } from './membership-log.ts';
import { equalProofs, invitationProof, type PairChannel, withPairChannel } from './pair-channel.ts';

/** A device that proved it holds an invitation and waits for a person. Its name is its own word, cleaned but unproved. */
export interface JoinRequest {
  readonly deviceKey: DeviceKey;
  readonly claimedName: string;
  readonly words: readonly string[];
}

/** What a host needs to answer one `/lockstep/pair/1` stream. */
export interface HostPairingInput {
  readonly stream: FrameStream;
  /** Whose key the other end of the connection has proved. */
  readonly joiner: DeviceKey;
  readonly identity: Identity;
  readonly hostName: string;
  readonly invitations: InvitationBook;
  /** Asks a person; its signal aborts when the joiner left. Not called for a preapproved invitation. */
  readonly confirm: (request: JoinRequest, signal: AbortSignal) => Promise<boolean>;
  /** The group to join, founded by now if there was none. Called only after the yes. */
  readonly openGroup: () => Promise<MembershipLog>;
  /** Makes the operation part of that log, and durable. */
  readonly commit: (envelope: Uint8Array) => Promise<void>;
  readonly signal: AbortSignal;
  readonly random?: Random;
}

/** A device that was admitted. */
export interface HostPairingResult {
  readonly request: JoinRequest;
  /** Whether the joiner has said that it took the whole log; if not, it is a member that does not know it yet and may pair again. */
  readonly delivered: boolean;
}

/**
 * Answers a joiner's pairing by invitation and admits it.
 * Rejects, before anything is written, with SyncError `not-allowed` (`what`: `pairing-method`, `wrong-proof`), `invitation-used`, `invitation-refused` (the person said no),
 * `version-unsupported`, `peer-misbehaved`, `interrupted`, the signal's reason, or with what `openGroup`, the log or `commit` failed of; a `commit` that fails after
 * storing leaves a member that does not know it. The invitation is spent from the first right proof on.
 */
export function hostPairing(input: HostPairingInput): Promise<HostPairingResult> {
  const { stream, joiner, identity, signal } = input;
  return withPairChannel({ stream, joiner, host: identity.deviceKey, signal }, async (channel) => {
    const hello = await receiveHello(channel);
    const { preapproved } = await checkInvitation(channel, hello, input);
    const transcript = channel.transcript();
    const request = { deviceKey: joiner, claimedName: hello.claimedName, words: keyWords(joiner) };
    await channel.send({ kind: 'pending' });
    // Read from now on: the only thing to come before the offer is the joiner's leaving.
    const consenting = channel.receive('consent');
    consenting.catch(() => {});
    if (!preapproved && !(await confirmWhile(consenting, request, input))) {
      await channel.refuse('declined');
      throw new SyncError('invitation-refused', { what: 'declined' });
    }
    const log = await refusingOnFailure(channel, input.openGroup);
    const group = log.group as Hash;
    await channel.send({ kind: 'offer', group, claimedName: input.hostName });
    const { consent } = await consenting;
    const agreed = consentSigningBytes({ group, sponsor: identity.deviceKey, key: joiner, transcript });
    if (!verifyStrict(consent, agreed, joiner))
      throw new SyncError('peer-misbehaved', { what: 'pair-consent' });
    const admit = { key: joiner, method: 'invite', transcript, consent } as const;
    await refusingOnFailure(channel, () => input.commit(createAdmit({ log, identity }, admit)));
    return { request, delivered: await deliver(channel, log, input) };
  });
}

async function receiveHello(channel: PairChannel): Promise<PairHello & { ticket: Uint8Array }> {
  let hello: PairHello;
  try {
    hello = await channel.receive('hello');
  } catch (error) {
    if (error instanceof SyncError && error.code === 'version-unsupported') await channel.refuse('version');
    throw error;
  }
  const { ticket } = hello;
  if (ticket === undefined) {
    await channel.refuse('closed');
    throw new SyncError('not-allowed', { what: 'pairing-method' });
  }
  return { ...hello, ticket };
}

async function checkInvitation(
  channel: PairChannel,
  { ticket }: { readonly ticket: Uint8Array },
  { invitations, joiner, identity, random = systemRandom }: HostPairingInput,
): Promise<{ readonly preapproved: boolean }> {
  if (!invitations.isOpen(ticket)) return refuseUsed(channel);
  const hostNonce = random.bytes(32);
  await channel.send({ kind: 'nonce', nonce: hostNonce });
  const { nonce: joinerNonce } = await channel.receive('nonce');
  const facts = { joiner, host: identity.deviceKey, joinerNonce, hostNonce };
  const expectedOver = channel.transcript();
  const { proof } = await channel.receive('proof');
  const redemption = invitations.redeem(ticket, (secret) =>
    equalProofs(invitationProof('J', secret, { ...facts, transcript: expectedOver }), proof),
  );
  if (redemption.kind === 'used') return refuseUsed(channel);
  if (redemption.kind === 'wrong-proof') {
    await channel.refuse('wrong-proof');
    throw new SyncError('not-allowed', { what: 'wrong-proof' });
  }
  const transcript = channel.transcript();
  await channel.send({
    kind: 'proof',
    proof: invitationProof('H', redemption.secret, { ...facts, transcript }),
  });
  return { preapproved: redemption.preapproved };
}

/** Runs a step of the host's own; the joiner is told that it failed, not why. */
async function refusingOnFailure<T>(channel: PairChannel, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await channel.refuse('failed');
    throw error;
  }
}

async function refuseUsed(channel: PairChannel): Promise<never> {
  await channel.refuse('invitation-used');
  throw new SyncError('invitation-used');
}

async function confirmWhile(
  consenting: Promise<unknown>,
  request: JoinRequest,
  { confirm, signal }: HostPairingInput,
): Promise<boolean> {
  const left = new AbortController();
  const early = consenting.then(
    () => {
      throw new SyncError('peer-misbehaved', { what: 'pair-out-of-turn' });
    },
    (error: unknown) => {
      left.abort(error);
      throw error;
    },
  );
  try {
    return await Promise.race([confirm(request, AbortSignal.any([signal, left.signal])), early]);
  } catch (error) {
    // Whatever the question made of it, the joiner's leaving is the reason.
    throwIfAborted(left.signal);
    throw error;
  }
}

// From here on the joiner is a member: that it left now is no failure of the host's.
async function deliver(
  channel: PairChannel,
  log: MembershipLog,
  { stream, signal }: HostPairingInput,
): Promise<boolean> {
  try {
    const ops = log.ops();
    await channel.send({ kind: 'admitted', ops: ops.length });
    for (const { envelope } of ops) await stream.send(envelope);
    await stream.finish();
    return (await stream.receive(signal)) === undefined;
  } catch {
    return false;
  }
}

/** What a joiner needs to use an invitation on a `/lockstep/pair/1` stream it opened. */
export interface JoinInput {
  readonly stream: FrameStream;
  /** Whose key the other end of the connection has proved. */
  readonly host: DeviceKey;
  readonly invitation: Invitation;
  readonly identity: Identity;
  /** What this device calls itself. */
  readonly claimedName: string;
  /** Called when the host has taken the invitation and asks a person there. */
  readonly onPending?: () => void;
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

/**
 * Uses an invitation: proves to hold it, checks that the host does, agrees to be admitted, and takes the group's log.
 * Rejects, with nothing changed here, with SyncError `invitation-used`, `invitation-refused` (`what`: `declined`, `wrong-proof`, `closed`, `busy`, `failed`),
 * `version-unsupported`, `peer-misbehaved`, `interrupted`, or the signal's reason.
 */
export function joinByInvitation(input: JoinInput): Promise<JoinResult> {
  const { stream, host, invitation, identity, signal } = input;
  const joiner = identity.deviceKey;
  return withPairChannel({ stream, joiner, host, signal }, async (channel) => {
    if (host !== invitation.hostKey) throw new SyncError('peer-misbehaved', { what: 'pair-other-host' });
    await proveInvitation(channel, input);
    const transcript = channel.transcript();
    await channel.receive('pending');
    input.onPending?.();
    const { group, claimedName: hostName } = await channel.receive('offer');
    const consent = identity.sign(consentSigningBytes({ group, sponsor: host, key: joiner, transcript }));
    await channel.send({ kind: 'consent', consent });
    const { ops } = await channel.receive('admitted');
    const envelopes: Uint8Array[] = [];
    for (let i = 0; i < ops; i++) envelopes.push(await channel.receiveRaw());
    const log = createMembershipLog({ group, ops: envelopes });
    checkAdmitted(log, { joiner, host, transcript });
    await stream.finish();
    return { group, log, hostName };
  });
}

async function proveInvitation(
  channel: PairChannel,
  { invitation, identity, claimedName, random = systemRandom }: JoinInput,
): Promise<void> {
  const { secret, hostKey } = invitation;
  await channel.send({ kind: 'hello', method: 'invite', claimedName, ticket: ticketOf(secret) });
  const { nonce: hostNonce } = await channel.receive('nonce');
  const joinerNonce = random.bytes(32);
  await channel.send({ kind: 'nonce', nonce: joinerNonce });
  const facts = { joiner: identity.deviceKey, host: hostKey, joinerNonce, hostNonce };
  const proof = invitationProof('J', secret, { ...facts, transcript: channel.transcript() });
  await channel.send({ kind: 'proof', proof });
  const expected = invitationProof('H', secret, { ...facts, transcript: channel.transcript() });
  const answer = await channel.receive('proof');
  if (!equalProofs(expected, answer.proof))
    throw new SyncError('peer-misbehaved', { what: 'pair-host-proof' });
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
