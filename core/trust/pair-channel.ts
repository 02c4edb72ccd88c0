import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { abortReason, throwIfAborted } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import {
  bytesToHash,
  decodePairMessage,
  encodePairMessage,
  type FrameStream,
  keyToBytes,
  type PairingMethod,
  type PairMessage,
  type PairRefusal,
  prefixed,
} from '../protocol/protocol.ts';

/** The message of that kind. */
export type PairMessageOf<K extends PairMessage['kind']> = Extract<PairMessage, { kind: K }>;

/** One side of a pairing: messages in turn, and the hash of all of them so far, which both sides share if nobody stood between them. */
export interface PairChannel {
  send(message: PairMessage): Promise<void>;
  /** The next message, which must be of `kind`; a refusal or anything else throws. */
  receive<K extends PairMessage['kind']>(kind: K): Promise<PairMessageOf<K>>;
  /** The next frame as it came, outside the transcript. */
  receiveRaw(): Promise<Uint8Array>;
  /** Hash of both device keys and every message until now, in order. */
  transcript(): Hash;
  /** Tells the other side why, in order with what was sent before, and ends this side. */
  refuse(reason: PairRefusal): Promise<void>;
}

/** Runs one side of a pairing on a channel; if it fails without a refusal, or `signal` aborts, the stream is broken off. */
export async function withPairChannel<T>(
  input: {
    readonly stream: FrameStream;
    readonly joiner: DeviceKey;
    readonly host: DeviceKey;
    readonly signal: AbortSignal;
  },
  run: (channel: PairChannel) => Promise<T>,
): Promise<T> {
  const { stream, signal } = input;
  throwIfAborted(signal);
  const hash = sha256
    .create()
    .update(prefixed('lockstep pair 1\n', keyToBytes(input.joiner), keyToBytes(input.host)));
  const note = (frame: Uint8Array): void => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, frame.length);
    hash.update(length).update(frame);
  };
  let refused = false;
  // A refusal is told in the words of the way that was tried.
  let method: PairingMethod = 'invite';
  const receiveRaw = async (): Promise<Uint8Array> => {
    const frame = await stream.receive(signal);
    if (frame === undefined) throw new SyncError('interrupted', { what: 'pairing' }, { retry: 'soon' });
    return frame;
  };
  const channel: PairChannel = {
    async send(message) {
      const frame = encodePairMessage(message);
      note(frame);
      if (message.kind === 'hello') ({ method } = message);
      await stream.send(frame);
    },
    async receive<K extends PairMessage['kind']>(kind: K) {
      const frame = await receiveRaw();
      note(frame);
      const message = decodePairMessage(frame);
      if (message.kind === 'hello') ({ method } = message);
      if (message.kind === 'refuse') throw refusalToError(message.reason, method);
      if (message.kind !== kind) throw new SyncError('peer-misbehaved', { what: 'pair-out-of-turn' });
      return message as PairMessageOf<K>;
    },
    receiveRaw,
    transcript: () => bytesToHash(hash.clone().digest()),
    async refuse(reason) {
      refused = true;
      await stream.send(encodePairMessage({ kind: 'refuse', reason }));
      await stream.finish();
    },
  };
  const stop = (): void => stream.abort(abortReason(signal));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await run(channel);
  } catch (error) {
    if (!refused) stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One side's proof that it knows an invitation's secret: bound to both keys, both nonces and all that was said. */
export function invitationProof(
  side: 'J' | 'H',
  secret: Uint8Array,
  facts: {
    readonly transcript: Hash;
    readonly joiner: DeviceKey;
    readonly host: DeviceKey;
    readonly joinerNonce: Uint8Array;
    readonly hostNonce: Uint8Array;
  },
): Uint8Array {
  const keys = [facts.transcript, facts.joiner, facts.host].map(keyToBytes);
  return hmac(sha256, secret, prefixed(side, ...keys, facts.joinerNonce, facts.hostNonce));
}

/** Whether two proofs are the same, in a time that does not depend on where they differ. */
export function equalProofs(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0);
  return difference === 0;
}

/**
 * Asks a person while the other side's next message is awaited, which must not come before the answer: if the other side leaves, or speaks out of turn,
 * the question is taken back (its signal aborts) and this rejects with why.
 */
export async function askWhile<T>(
  coming: Promise<unknown>,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const left = new AbortController();
  const early = coming.then(
    () => {
      const error = new SyncError('peer-misbehaved', { what: 'pair-out-of-turn' });
      left.abort(error);
      throw error;
    },
    (error: unknown) => {
      left.abort(error);
      throw error;
    },
  );
  try {
    return await Promise.race([ask(AbortSignal.any([signal, left.signal])), early]);
  } catch (error) {
    // Whatever the question made of it, the other side's leaving is the reason.
    throwIfAborted(left.signal);
    throw error;
  }
}

/** How a pairing by digits or by a typed key ends without a new member: the other side's refusal, or this side's own. */
export type PairingEnd =
  /** Pairing is not open, or not with this device, or too many tries were dropped. */
  | 'closed'
  /** The person at the other device said no. */
  | 'declined'
  /** The person here said no. */
  | 'declined-here'
  /** Wrong digits were typed three times. */
  | 'wrong-code'
  /** Nobody answered in time. */
  | 'expired'
  /** Pairing was closed here after three sessions that failed: somebody may be standing between. */
  | 'unverified'
  | 'busy'
  | 'failed';

/** The error for a pairing that ended so. */
export function pairingRefused(what: PairingEnd, cause?: unknown): SyncError {
  const retry = what === 'busy' || what === 'failed' ? 'soon' : 'after-user';
  return new SyncError('pairing-refused', { what }, { retry, cause });
}

function refusalToError(reason: PairRefusal, method: PairingMethod): SyncError {
  if (reason === 'version')
    return new SyncError('version-unsupported', { what: 'pair' }, { retry: 'after-user' });
  if (reason === 'invitation-used') return new SyncError('invitation-used', {}, { retry: 'after-user' });
  if (method !== 'invite' && reason !== 'wrong-proof') return pairingRefused(reason);
  const retry = reason === 'busy' || reason === 'failed' ? 'soon' : 'after-user';
  return new SyncError('invitation-refused', { what: reason }, { retry });
}
