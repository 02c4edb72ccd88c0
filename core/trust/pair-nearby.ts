import { sha256 } from '@noble/hashes/sha2.js';
import { abortable, sleep, systemRandom } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import { keyToBytes, prefixed } from '../protocol/protocol.ts';
import {
  askWhile,
  equalProofs,
  type PairChannel,
  type PairingEnd,
  pairingRefused,
  withPairChannel,
} from './pair-channel.ts';
import { becomePending, type HostStep, type NearbyHost, type Welcome } from './pair-host-input.ts';
import { acceptOffer, type JoinInput, type JoinOffer, type JoinResult } from './pair-join.ts';

/** LIMIT: wrong digits that end a session. */
export const maxDigitTries = 3;
/** LIMIT: how long a person at the host has to type the right digits, milliseconds. */
export const digitsTimeoutMs = 120_000;

/** How it can end by the host's own doing, as the joiner hears it. */
type HostEnd = Extract<PairingEnd, 'closed' | 'declined' | 'wrong-code' | 'expired'>;

/** What a joiner needs to pair with a device near by. One call is one try of a person: trying again by itself would give whoever stands between a new chance each time. */
export interface NearbyJoinInput extends JoinInput {
  /** Shows the six digits, which a person is to type at the host. Called once, when a person there has picked this device. */
  readonly showDigits: (digits: string) => void;
  /** Asks whether the host itself says that the devices are paired, which nobody between can make it say; its signal aborts when the host left. */
  readonly confirm: (offer: JoinOffer, signal: AbortSignal) => Promise<boolean>;
}

/**
 * The host's side up to the offer: waits until a person picks the joiner, exchanges nonces of which this side's is promised first, and has the person type the
 * digits that the joiner shows. Whoever stands between with keys of their own must choose before seeing either honest nonce.
 */
export async function welcomeNearby(step: HostStep): Promise<Welcome> {
  const { channel, request, input } = step;
  const { nearby, joiner, identity, random = systemRandom } = input;
  if (nearby?.opening.isOpen() !== true) return refuse(channel, 'closed');
  const host = identity.deviceKey;
  const answering = channel.receive('nonce');
  answering.catch(() => {});
  if (!(await isChosen(step, nearby, answering))) return refuse(channel, 'declined');
  const session = nearby.opening.begin();
  if (session === undefined) return refuse(channel, 'closed');
  step.whenOver((isAdmitted) => (isAdmitted ? session.paired() : session.dropped()));
  const hostNonce = random.bytes(32);
  await channel.send({ kind: 'commitment', commitment: commitmentTo(hostNonce, { host, joiner }) });
  const { nonce: joinerNonce } = await answering;
  await channel.send({ kind: 'nonce', nonce: hostNonce });
  const digits = sixDigits({ transcript: channel.transcript(), joiner, host, joinerNonce, hostNonce });
  const welcome = await becomePending(channel);
  const end = await askWhile(welcome.consenting, input.signal, (signal) =>
    comparedDigits(digits, { nearby, request, signal }),
  );
  if (end !== undefined) return refuse(channel, end);
  nearby.matched(request);
  return welcome;
}

async function isChosen(
  { channel, request, input }: HostStep,
  { opening, choose }: NearbyHost,
  answering: Promise<unknown>,
): Promise<boolean> {
  const { ended } = opening;
  try {
    return await askWhile(answering, AbortSignal.any([input.signal, ended]), (signal) =>
      abortable(choose(request, signal), signal),
    );
  } catch (error) {
    if (!ended.aborted || input.signal.aborted) throw error;
    return refuse(channel, 'closed');
  }
}

/** Undefined once the person has typed them; otherwise why it ends. */
async function comparedDigits(
  digits: string,
  {
    nearby,
    request,
    signal,
  }: {
    readonly nearby: NearbyHost;
    readonly request: HostStep['request'];
    readonly signal: AbortSignal;
  },
): Promise<HostEnd | undefined> {
  const over = new AbortController();
  const asking = AbortSignal.any([signal, over.signal]);
  const expired = sleep(nearby.clock, digitsTimeoutMs, asking).then(() => 'expired' as const);
  const ask = async (): Promise<HostEnd | undefined> => {
    for (let triesLeft = maxDigitTries; triesLeft > 0; triesLeft--) {
      const typed = await nearby.askDigits(request, triesLeft, asking);
      if (typed === undefined) return 'declined';
      if (typed.replace(/[\s-]/gu, '') === digits) return undefined;
    }
    return 'wrong-code';
  };
  try {
    return await Promise.race([ask(), expired]);
  } finally {
    over.abort(pairingRefused('expired'));
  }
}

async function refuse(channel: PairChannel, end: HostEnd): Promise<never> {
  await channel.refuse(end);
  throw pairingRefused(end === 'declined' ? 'declined-here' : end);
}

/**
 * Pairs with a device near by: shows six digits for a person to type there, and agrees to be admitted once the person here says that the host calls it paired.
 * Rejects, with nothing changed here, with SyncError `pairing-refused` (`what`: a `PairingEnd`), `version-unsupported`, `peer-misbehaved`, `interrupted`, or the
 * signal's reason.
 */
export function joinNearby(input: NearbyJoinInput): Promise<JoinResult> {
  const { stream, host, identity, claimedName, signal, random = systemRandom } = input;
  const joiner = identity.deviceKey;
  return withPairChannel({ stream, joiner, host, signal }, async (channel) => {
    await channel.send({ kind: 'hello', method: 'sas', claimedName, ticket: undefined });
    const { commitment } = await channel.receive('commitment');
    const joinerNonce = random.bytes(32);
    await channel.send({ kind: 'nonce', nonce: joinerNonce });
    const { nonce: hostNonce } = await channel.receive('nonce');
    if (!equalProofs(commitment, commitmentTo(hostNonce, { host, joiner })))
      throw new SyncError('peer-misbehaved', { what: 'pair-commitment' });
    const transcript = channel.transcript();
    await channel.receive('pending');
    input.showDigits(sixDigits({ transcript, joiner, host, joinerNonce, hostNonce }));
    return acceptOffer(channel, input, transcript, input.confirm);
  });
}

function commitmentTo(
  hostNonce: Uint8Array,
  { host, joiner }: { readonly host: DeviceKey; readonly joiner: DeviceKey },
): Uint8Array {
  return sha256(prefixed('lockstep pair commit 1\n', keyToBytes(host), keyToBytes(joiner), hostNonce));
}

/** What both devices come to if nobody stands between them. */
function sixDigits(facts: {
  readonly transcript: Hash;
  readonly joiner: DeviceKey;
  readonly host: DeviceKey;
  readonly joinerNonce: Uint8Array;
  readonly hostNonce: Uint8Array;
}): string {
  const keys = [facts.transcript, facts.joiner, facts.host].map(keyToBytes);
  const digest = sha256(prefixed('lockstep pair sas 1\n', ...keys, facts.joinerNonce, facts.hostNonce));
  const number = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0);
  return String(number % 1_000_000n).padStart(6, '0');
}
