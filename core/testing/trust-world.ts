import type { DeviceKey, Hash } from '../model/ids.ts';
import { consentSigningBytes, sha256Of } from '../protocol/protocol.ts';
import { createAdmit, createGenesis } from '../trust/build-op.ts';
import { createIdentity, type Identity } from '../trust/identity.ts';
import { createMembershipLog, type LogLimits, type MembershipLog } from '../trust/membership-log.ts';
import { recoveryKeyFromSeed } from '../trust/recovery.ts';

/** The same identity for the same name, every time. */
export function identityOf(name: string): Identity {
  const known = identities.get(name);
  if (known !== undefined) return known;
  const seed = Buffer.from(sha256Of(new TextEncoder().encode(`test device ${name}`)), 'hex');
  const identity = createIdentity(seed);
  identities.set(name, identity);
  return identity;
}

const identities = new Map<string, Identity>();

/** The recovery key of every group made here. */
export const testRecovery = recoveryKeyFromSeed(new Uint8Array(16).fill(7));

/** A transcript that no pairing made. */
export const testTranscript: Hash = sha256Of(new Uint8Array([1, 2, 3]));

/** A log with a genesis by `founder`, with the recovery key unless told otherwise. */
export function foundedLog(
  founder: Identity,
  { recovery = true, limits }: { readonly recovery?: boolean; readonly limits?: LogLimits } = {},
): MembershipLog {
  const recoveryKey = recovery ? testRecovery.deviceKey : undefined;
  const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
  return createMembershipLog({ ops: [createGenesis({ identity: founder, recoveryKey, random })] }, limits);
}

/** The consent of `joiner` to be admitted by `sponsor`. */
export function consentOf(
  joiner: Identity,
  sponsor: DeviceKey,
  group: Hash,
  transcript = testTranscript,
): Uint8Array {
  return joiner.sign(consentSigningBytes({ group, sponsor, key: joiner.deviceKey, transcript }));
}

/** An envelope by which `sponsor` admits `joiner`, on top of `log`. */
export function admitting(log: MembershipLog, sponsor: Identity, joiner: Identity): Uint8Array {
  const consent = consentOf(joiner, sponsor.deviceKey, log.group as Hash);
  return createAdmit(
    { log, identity: sponsor },
    { key: joiner.deviceKey, method: 'invite', transcript: testTranscript, consent },
  );
}

/** A second log with the same operations. */
export function copyOf(log: MembershipLog): MembershipLog {
  return createMembershipLog({ ops: log.ops().map(({ envelope }) => envelope) });
}
