import { systemRandom } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { Invitation } from './invitation.ts';
import { ticketOf } from './invitation-book.ts';
import { askWhile, equalProofs, invitationProof, type PairChannel, withPairChannel } from './pair-channel.ts';
import { becomePending, type HostStep, type Welcome } from './pair-host-input.ts';
import { acceptOffer, type JoinInput, type JoinResult } from './pair-join.ts';

/** What a joiner needs to use an invitation. */
export interface InvitedJoinInput extends JoinInput {
  readonly invitation: Invitation;
  /** Called when the host has taken the invitation and asks a person there. */
  readonly onPending?: () => void;
}

/** The host's side up to the offer: checks that the joiner holds an open invitation and proves to know it too, then asks a person unless it is preapproved. */
export async function welcomeInvited({ channel, hello, request, input }: HostStep): Promise<Welcome> {
  const { preapproved } = await checkInvitation(channel, hello.ticket as Uint8Array, input);
  const welcome = await becomePending(channel);
  if (preapproved) return welcome;
  const ask = (signal: AbortSignal): Promise<boolean> => input.confirm(request, signal);
  if (await askWhile(welcome.consenting, input.signal, ask)) return welcome;
  await channel.refuse('declined');
  throw new SyncError('invitation-refused', { what: 'declined' });
}

async function checkInvitation(
  channel: PairChannel,
  ticket: Uint8Array,
  { invitations, joiner, identity, random = systemRandom }: HostStep['input'],
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

async function refuseUsed(channel: PairChannel): Promise<never> {
  await channel.refuse('invitation-used');
  throw new SyncError('invitation-used');
}

/**
 * Uses an invitation: proves to hold it, checks that the host does, agrees to be admitted, and takes the group's log.
 * Rejects, with nothing changed here, with SyncError `invitation-used`, `invitation-refused` (`what`: `declined`, `wrong-proof`, `closed`, `busy`, `failed`),
 * `version-unsupported`, `peer-misbehaved`, `interrupted`, or the signal's reason.
 */
export function joinByInvitation(input: InvitedJoinInput): Promise<JoinResult> {
  const { stream, host, invitation, identity, signal } = input;
  const joiner = identity.deviceKey;
  return withPairChannel({ stream, joiner, host, signal }, async (channel) => {
    if (host !== invitation.hostKey) throw new SyncError('peer-misbehaved', { what: 'pair-other-host' });
    await proveInvitation(channel, input);
    const transcript = channel.transcript();
    await channel.receive('pending');
    input.onPending?.();
    return acceptOffer(channel, input, transcript);
  });
}

async function proveInvitation(
  channel: PairChannel,
  { invitation, identity, claimedName, random = systemRandom }: InvitedJoinInput,
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
