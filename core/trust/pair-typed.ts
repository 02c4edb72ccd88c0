import { compareText, systemRandom } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { AllowedDevices } from './allowed-devices.ts';
import { pairingRefused, withPairChannel } from './pair-channel.ts';
import { becomePending, type HostStep, type Welcome } from './pair-host-input.ts';
import { acceptOffer, type JoinInput, type JoinResult } from './pair-join.ts';

/** What a joiner needs to pair with a device whose key was typed here, and which had this one's typed there. */
export interface AllowedJoinInput extends JoinInput {
  readonly allowed: AllowedDevices;
}

/**
 * Whether a device may answer, as the host, one that it allows and that allows it: if it is in a group with others, or has the smaller key.
 * Whoever is in no group with others also tries to join; so of two such devices exactly one comes to be the host.
 */
export function mayHostAllowed({
  self,
  peer,
  hasGroup,
}: {
  readonly self: DeviceKey;
  readonly peer: DeviceKey;
  /** Whether this device is in a group with others. */
  readonly hasGroup: boolean;
}): boolean {
  return hasGroup || compareText(self, peer) < 0;
}

/** The host's side up to the offer: the connection has proved the joiner's key, and a person has typed that key here, so nothing is asked. */
export async function welcomeAllowed({ channel, input, whenOver }: HostStep): Promise<Welcome> {
  const claim = input.allowed?.claim(input.joiner);
  if (claim === undefined) {
    await channel.refuse('closed');
    throw pairingRefused('closed');
  }
  whenOver((isAdmitted) => (isAdmitted ? claim.spend() : claim.release()));
  await channel.send({ kind: 'nonce', nonce: (input.random ?? systemRandom).bytes(32) });
  await channel.receive('nonce');
  return becomePending(channel);
}

/**
 * Pairs with a device whose key was typed here; it admits this one only if this one's key was typed there. The permission is spent when that is done, and only then.
 * Rejects, with nothing changed here, with SyncError `pairing-refused` (`what`: a `PairingEnd`; `closed` while one of the two was not typed, or is in use),
 * `version-unsupported`, `peer-misbehaved`, `interrupted`, or the signal's reason.
 */
export async function joinAllowed(input: AllowedJoinInput): Promise<JoinResult> {
  const { stream, host, identity, claimedName, signal, allowed, random = systemRandom } = input;
  const joiner = identity.deviceKey;
  const claim = allowed.claim(host);
  try {
    const result = await withPairChannel({ stream, joiner, host, signal }, async (channel) => {
      if (claim === undefined) throw pairingRefused('closed');
      await channel.send({ kind: 'hello', method: 'typed', claimedName, ticket: undefined });
      await channel.receive('nonce');
      await channel.send({ kind: 'nonce', nonce: random.bytes(32) });
      const transcript = channel.transcript();
      await channel.receive('pending');
      return acceptOffer(channel, input, transcript);
    });
    claim?.spend();
    return result;
  } finally {
    claim?.release();
  }
}
