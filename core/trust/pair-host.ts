import { SyncError } from '../model/errors.ts';
import type { Hash } from '../model/ids.ts';
import { consentSigningBytes, type PairHello } from '../protocol/protocol.ts';
import { createAdmit } from './build-op.ts';
import { keyWords } from './device-key-text.ts';
import { verifyStrict } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';
import { type PairChannel, withPairChannel } from './pair-channel.ts';
import type { HostPairingInput, HostStep, JoinRequest, Welcome } from './pair-host-input.ts';
import { welcomeInvited } from './pair-invite.ts';
import { welcomeNearby } from './pair-nearby.ts';
import { welcomeAllowed } from './pair-typed.ts';

/** A device that was admitted. */
export interface HostPairingResult {
  readonly request: JoinRequest;
  /** Whether the joiner has said that it took the whole log; if not, it is a member that does not know it yet and may pair again. */
  readonly delivered: boolean;
}

const welcomes = { invite: welcomeInvited, sas: welcomeNearby, typed: welcomeAllowed } as const;

/**
 * Answers a joiner's pairing, in whichever way it asks for, and admits it.
 * Rejects, before anything is written, with SyncError `not-allowed` (`what`: `wrong-proof`), `invitation-used`, `invitation-refused` (the person said no),
 * `pairing-refused` (`what`: a `PairingEnd`), `version-unsupported`, `peer-misbehaved`, `interrupted`, the signal's reason, or with what `openGroup`, the log or
 * `commit` failed of; a `commit` that fails after storing leaves a member that does not know it. An invitation is spent from the first right proof on, a
 * session with a device near by once this side has promised its nonce, a typed key when its device is admitted.
 */
export function hostPairing(input: HostPairingInput): Promise<HostPairingResult> {
  const { stream, joiner, identity, signal } = input;
  return withPairChannel({ stream, joiner, host: identity.deviceKey, signal }, async (channel) => {
    const hello = await receiveHello(channel);
    const { claimedName, method } = hello;
    const request = { deviceKey: joiner, claimedName, words: keyWords(joiner), method };
    const overs: ((isAdmitted: boolean) => void)[] = [];
    const step = {
      channel,
      hello,
      request,
      input,
      whenOver: (run: (typeof overs)[number]) => overs.push(run),
    };
    let isAdmitted = false;
    try {
      const log = await admit(step, await welcomes[method](step));
      isAdmitted = true;
      return { request, delivered: await deliver(channel, log, input) };
    } finally {
      for (const run of overs) run(isAdmitted);
    }
  });
}

async function receiveHello(channel: PairChannel): Promise<PairHello> {
  try {
    return await channel.receive('hello');
  } catch (error) {
    if (error instanceof SyncError && error.code === 'version-unsupported') await channel.refuse('version');
    throw error;
  }
}

async function admit(
  { channel, request, input }: HostStep,
  { transcript, consenting }: Welcome,
): Promise<MembershipLog> {
  const { joiner, identity, hostName, openGroup, commit } = input;
  const log = await refusingOnFailure(channel, openGroup);
  const group = log.group as Hash;
  await channel.send({ kind: 'offer', group, claimedName: hostName });
  const { consent } = await consenting;
  const agreed = consentSigningBytes({ group, sponsor: identity.deviceKey, key: joiner, transcript });
  if (!verifyStrict(consent, agreed, joiner))
    throw new SyncError('peer-misbehaved', { what: 'pair-consent' });
  const admission = { key: joiner, method: request.method, transcript, consent };
  await refusingOnFailure(channel, () => commit(createAdmit({ log, identity }, admission)));
  return log;
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
