import type { Random } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { consentSigningBytes, prefixed, sha256Of, type TrustMessage } from '../protocol/protocol.ts';
import { type Identity, verifyStrict } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';
import { misbehaved } from './trust-stream.ts';

/** LIMIT: consents one trust session gives. */
const maxConsentsGiven = 16;

/** A device's agreement to be admitted by this one, for `createAdmit`. */
export interface Consent {
  readonly transcript: Hash;
  readonly consent: Uint8Array;
}

/** Asking for and giving consents on one trust stream. */
export interface Consents {
  /** Asks the peer to agree to be admitted by this device. */
  ask(): Promise<Consent>;
  take(message: Extract<TrustMessage, { kind: 'want-consent' | 'consent' }>): Promise<void>;
  /** The stream is over: rejects what was asked. */
  end(reason: unknown): void;
}

/**
 * The consents of one session. A device agrees by itself to be admitted again by an active member of the group it is in, for that adds nothing to what it agreed to
 * when it joined; one that was revoked, or has left, does not.
 */
export function createConsents({
  log,
  identity,
  peer,
  random,
  send,
}: {
  readonly log: MembershipLog;
  readonly identity: Identity;
  readonly peer: DeviceKey;
  readonly random: Random;
  readonly send: (message: TrustMessage) => Promise<void>;
}): Consents {
  const asked = new Map<Hash, PromiseWithResolvers<Consent>>();
  let given = 0;
  let over: { readonly reason: unknown } | undefined;
  const self = identity.deviceKey;
  return {
    async ask() {
      if (over !== undefined) throw new SyncError('interrupted', { what: 'consent' }, { cause: over.reason });
      const transcript = sha256Of(prefixed('lockstep readmission 1\n', random.bytes(32)));
      const answer = Promise.withResolvers<Consent>();
      asked.set(transcript, answer);
      answer.promise.catch(() => {});
      await send({ kind: 'want-consent', transcript });
      return answer.promise;
    },
    async take(message) {
      const { transcript } = message;
      const group = log.group as Hash;
      if (message.kind === 'want-consent') {
        given += 1;
        if (given > maxConsentsGiven) throw misbehaved('trust-too-many-consents');
        const { active, revoked } = log.members();
        if (!active.has(peer) || revoked.has(self)) return;
        const agreed = consentSigningBytes({ group, sponsor: peer, key: self, transcript });
        await send({ kind: 'consent', transcript, consent: identity.sign(agreed) });
        return;
      }
      const answer = asked.get(transcript);
      const agreed = consentSigningBytes({ group, sponsor: self, key: peer, transcript });
      if (answer === undefined || !verifyStrict(message.consent, agreed, peer))
        throw misbehaved('trust-consent');
      asked.delete(transcript);
      answer.resolve({ transcript, consent: message.consent });
    },
    end(reason) {
      over ??= { reason };
      const error = new SyncError('interrupted', { what: 'consent' }, { cause: reason });
      for (const answer of asked.values()) answer.reject(error);
      asked.clear();
    },
  };
}
