import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, type Clock, type Random, systemRandom } from '../base/base.ts';
import type { DeviceKey } from '../model/ids.ts';
import { prefixed } from '../protocol/protocol.ts';
import { invitationToText } from './invitation.ts';

/** The invitations of a host that can still be used; kept in memory only, so they end with the program. */
export interface InvitationBook {
  /** A new invitation. With `preapproved` its holder is admitted without a further question. When {@link maxOpenInvitations} are open, the oldest ends. */
  issue(options: { readonly addresses: readonly string[]; readonly preapproved?: boolean }): {
    readonly text: string;
    readonly expiresInMs: number;
  };
  /** Whether `ticket` names an invitation that can still be used. */
  isOpen(ticket: Uint8Array): boolean;
  /** Ends the invitation if `isProof` says yes to its secret, in this tick, so that nobody else can use it; `maxBadProofs` times no end it too. */
  redeem(ticket: Uint8Array, isProof: (secret: Uint8Array) => boolean): Redemption;
  /** Whether any invitation can still be used. */
  hasOpen(): boolean;
  /** Ends all invitations. */
  clear(): void;
}

/** What became of a try to use an invitation; `used` also means expired, ended or never made. */
export type Redemption =
  | { readonly kind: 'redeemed'; readonly secret: Uint8Array; readonly preapproved: boolean }
  | { readonly kind: 'wrong-proof' }
  | { readonly kind: 'used' };

/** LIMIT: how long an invitation can be used, monotonic milliseconds. */
export const invitationLifeMs = 10 * 60_000;
/** LIMIT: wrong proofs that end an invitation. Its 128 bits cannot be guessed: somebody has seen half of it, or a program is broken. */
export const maxBadProofs = 5;
/** LIMIT: invitations open at once. */
export const maxOpenInvitations = 16;

/** An empty book. No clock on the wall counts: setting it changes nothing. */
export function createInvitationBook({
  hostKey,
  clock,
  random = systemRandom,
}: {
  readonly hostKey: DeviceKey;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly random?: Random;
}): InvitationBook {
  const open = new Map<
    string,
    {
      readonly secret: Uint8Array;
      readonly endsAt: number;
      readonly preapproved: boolean;
      badProofs: number;
    }
  >();
  const find = (name: string) => {
    const invitation = open.get(name);
    if (invitation !== undefined && clock.monotonic() < invitation.endsAt) return invitation;
    open.delete(name);
    return undefined;
  };
  return {
    issue({ addresses, preapproved = false }) {
      const secret = random.bytes(16);
      const [oldest] = open.keys();
      if (open.size >= maxOpenInvitations && oldest !== undefined) open.delete(oldest);
      const endsAt = clock.monotonic() + invitationLifeMs;
      open.set(bytesToHex(ticketOf(secret)), { secret, endsAt, preapproved, badProofs: 0 });
      return { text: invitationToText({ hostKey, secret, addresses }), expiresInMs: invitationLifeMs };
    },
    hasOpen: () => [...open.keys()].some((name) => find(name) !== undefined),
    isOpen: (ticket) => find(bytesToHex(ticket)) !== undefined,
    redeem(ticket, isProof) {
      const name = bytesToHex(ticket);
      const invitation = find(name);
      if (invitation === undefined) return { kind: 'used' };
      if (isProof(invitation.secret)) {
        open.delete(name);
        return { kind: 'redeemed', secret: invitation.secret, preapproved: invitation.preapproved };
      }
      invitation.badProofs += 1;
      if (invitation.badProofs >= maxBadProofs) open.delete(name);
      return { kind: 'wrong-proof' };
    },
    clear: () => open.clear(),
  };
}

/** What names an invitation to its host without telling the secret: 16 bytes of a hash. */
export function ticketOf(secret: Uint8Array): Uint8Array {
  return sha256(prefixed('lockstep invitation ticket 1\n', secret)).slice(0, 16);
}
