import { equalBytes, type Random, systemRandom } from '../base/base.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { encodeTrustMessage, type FrameStream, type TrustHello, trustLimits } from '../protocol/protocol.ts';
import type { CutStore } from './cuts.ts';
import { evidenceLimits, type Standing, standingBetween } from './evidence.ts';
import type { Identity } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';
import { createStatement, type StatementStore } from './statements.ts';
import { openTrustSession, type TrustSession } from './trust-session.ts';
import { brokenOff, misbehaved, receiveMessage } from './trust-stream.ts';

/** What a trust exchange needs; both ends call it alike, on the two ends of one `/lockstep/trust/1` stream. */
export interface TrustExchangeInput {
  readonly stream: FrameStream;
  /** Whose key the other end of the connection has proved. */
  readonly peer: DeviceKey;
  readonly identity: Identity;
  /** Random, 16 bytes, the same for as long as this program runs. */
  readonly instance: Uint8Array;
  /** Undefined while this device is in no group. */
  readonly membership:
    | {
        readonly log: MembershipLog;
        readonly statements: StatementStore;
        /** Without it no lists are asked for or given. */
        readonly cuts?: CutStore | undefined;
      }
    | undefined;
  /** Gets every envelope that became part of the log, in order, to store it; the next ones wait for it. */
  readonly onAccepted: (envelopes: readonly Uint8Array[]) => Promise<void> | void;
  /** Gets every list that was taken into the store, to store it; other sessions may be asked for it, so push them. */
  readonly onCut?: (list: Uint8Array) => Promise<void> | void;
  /** Ends the exchange, and breaks the stream off. */
  readonly signal: AbortSignal;
  readonly features?: readonly number[];
  readonly random?: Random;
  /** Bytes taken where the two devices are not both active when it begins; {@link evidenceLimits} unless told otherwise. */
  readonly maxEvidenceBytes?: number;
}

/** How an exchange ended. */
export type TrustExchangeResult =
  /** The stream stays open for what comes later. `suspended`: nothing but this stream may be used, until a member approves the one that is. */
  | {
      readonly kind: 'same-group';
      readonly standing: Exclude<Standing, 'revoked'>;
      readonly session: TrustSession;
    }
  /** One of the two is revoked, or was never admitted. Both have heard all there is to tell, and the stream is finished. */
  | { readonly kind: 'evidence'; readonly peerInstance: Uint8Array }
  /** The stream is finished; nothing was told. */
  | {
      readonly kind: 'other-group';
      readonly peerGroup: Hash | undefined;
      readonly peerInstance: Uint8Array;
    };

/**
 * Tells the other device of the whole log and hears of the other's; each operation is judged before the next is looked at.
 * Rejects, with the stream broken off, with SyncError `peer-misbehaved` for an invalid operation or a message out of turn, `version-unsupported`
 * for a later version's hello or operation, `not-allowed` (`what`: `evidence-quota`) where the peer had more to tell than is taken from it at once, or the signal's
 * reason. What was accepted before stays in the log and has been given to `onAccepted`: the next exchange goes on from there.
 */
export async function exchangeTrust(input: TrustExchangeInput): Promise<TrustExchangeResult> {
  try {
    return await exchange(input);
  } catch (error) {
    input.membership?.log.forgetSource(input.peer);
    throw error;
  }
}

function exchange(input: TrustExchangeInput): Promise<TrustExchangeResult> {
  const { stream, signal, membership, identity, peer } = input;
  return brokenOff(stream, signal, async () => {
    const mine = helloOf(input);
    await stream.send(encodeTrustMessage(mine));
    const theirs = (await receiveMessage(stream, signal))?.message;
    if (theirs?.kind !== 'hello') throw misbehaved('trust-hello-missing');
    // What only echoes does not prove that anybody is there.
    if (equalBytes(theirs.nonce, mine.nonce)) throw misbehaved('trust-echo');
    const { instance: peerInstance } = theirs;
    if (membership === undefined || mine.group === undefined || theirs.group !== mine.group) {
      await stream.finish();
      return { kind: 'other-group', peerGroup: theirs.group, peerInstance };
    }
    const { log } = membership;
    const standingNow = (): Standing => standingBetween(log.members(), identity.deviceKey, peer);
    const maxBytes =
      standingNow() === 'active' ? Infinity : (input.maxEvidenceBytes ?? evidenceLimits.maxBytes);
    const session = await openTrustSession({ ...input, membership, mine, theirs, maxBytes });
    const standing = standingNow();
    if (standing !== 'revoked') return { kind: 'same-group', standing, session };
    // Both sides hold the same operations, so both come to this. Neither leaves before the other has what was sent.
    await session.conclude();
    return { kind: 'evidence', peerInstance };
  });
}

function helloOf({
  membership,
  identity,
  instance,
  features = [],
  random = systemRandom,
}: TrustExchangeInput): TrustHello {
  const log = membership?.log;
  return {
    kind: 'hello',
    group: log?.group,
    heads: log?.heads().slice(0, trustLimits.maxHeads) ?? [],
    nonce: random.bytes(32),
    instance,
    features,
    statement: log?.group === undefined ? undefined : createStatement(log, identity),
  };
}
