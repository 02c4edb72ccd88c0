import type { Clock, Random } from '../base/base.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import type { FrameStream, PairHello, PairingMethod } from '../protocol/protocol.ts';
import type { AllowedDevices } from './allowed-devices.ts';
import type { Identity } from './identity.ts';
import type { InvitationBook } from './invitation-book.ts';
import type { MembershipLog } from './membership-log.ts';
import type { NearbyOpening } from './nearby-opening.ts';
import type { PairChannel, PairMessageOf } from './pair-channel.ts';

/** A device that asks to join and may wait for a person. Its name is its own word, cleaned but unproved. */
export interface JoinRequest {
  readonly deviceKey: DeviceKey;
  readonly claimedName: string;
  readonly words: readonly string[];
  readonly method: PairingMethod;
}

/** How a host pairs with devices near by. */
export interface NearbyHost {
  readonly opening: NearbyOpening;
  readonly clock: Clock;
  /** Shows a device as unverified; resolves with true when a person picks it. Its signal aborts when the joiner left or the opening ended. */
  readonly choose: (request: JoinRequest, signal: AbortSignal) => Promise<boolean>;
  /** Asks a person to type the six digits that the joiner shows; undefined if the person gives up. Its signal aborts when the joiner left or the time is over. */
  readonly askDigits: (
    request: JoinRequest,
    triesLeft: number,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** The digits were right: from now on, and not before, the host says that it is paired, for which the person at the joiner waits. */
  readonly matched: (request: JoinRequest) => void;
}

/** What a host needs to answer one `/lockstep/pair/1` stream. */
export interface HostPairingInput {
  readonly stream: FrameStream;
  /** Whose key the other end of the connection has proved. */
  readonly joiner: DeviceKey;
  readonly identity: Identity;
  readonly hostName: string;
  readonly invitations: InvitationBook;
  /** Without it no device near by can pair. */
  readonly nearby?: NearbyHost | undefined;
  /** Without it no device whose key was typed can; to be left out unless `mayHostAllowed` says that this is the one to host. */
  readonly allowed?: AllowedDevices | undefined;
  /** Asks a person about the holder of an invitation; its signal aborts when the joiner left. Not called for a preapproved one. */
  readonly confirm: (request: JoinRequest, signal: AbortSignal) => Promise<boolean>;
  /** The group to join, founded by now if there was none. Called only after the yes. */
  readonly openGroup: () => Promise<MembershipLog>;
  /** Makes the operation part of that log, and durable. */
  readonly commit: (envelope: Uint8Array) => Promise<void>;
  readonly signal: AbortSignal;
  readonly random?: Random;
}

/** What a way of pairing has to go on with once the joiner has said hello. */
export interface HostStep {
  readonly channel: PairChannel;
  readonly hello: PairHello;
  readonly request: JoinRequest;
  readonly input: HostPairingInput;
  /** `run` is called once when the pairing is over, told whether the joiner was admitted. */
  readonly whenOver: (run: (isAdmitted: boolean) => void) => void;
}

/** A joiner that may be admitted. */
export interface Welcome {
  /** What the joiner's consent is bound to. */
  readonly transcript: Hash;
  /** The joiner's next message; it is read early, so that its leaving is seen while a person is asked. */
  readonly consenting: Promise<PairMessageOf<'consent'>>;
}

/** Tells the joiner that all is said before a person's yes, and begins to read its answer. */
export async function becomePending(channel: PairChannel): Promise<Welcome> {
  const transcript = channel.transcript();
  await channel.send({ kind: 'pending' });
  const consenting = channel.receive('consent');
  consenting.catch(() => {});
  return { transcript, consenting };
}
