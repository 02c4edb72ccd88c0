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
  const receiveRaw = async (): Promise<Uint8Array> => {
    const frame = await stream.receive(signal);
    if (frame === undefined) throw new SyncError('interrupted', { what: 'pairing' }, { retry: 'soon' });
    return frame;
  };
  const channel: PairChannel = {
    async send(message) {
      const frame = encodePairMessage(message);
      note(frame);
      await stream.send(frame);
    },
    async receive<K extends PairMessage['kind']>(kind: K) {
      const frame = await receiveRaw();
      note(frame);
      const message = decodePairMessage(frame);
      if (message.kind === 'refuse') throw refusalToError(message.reason);
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

function refusalToError(reason: PairRefusal): SyncError {
  if (reason === 'version')
    return new SyncError('version-unsupported', { what: 'pair' }, { retry: 'after-user' });
  if (reason === 'invitation-used') return new SyncError('invitation-used', {}, { retry: 'after-user' });
  const retry = reason === 'busy' || reason === 'failed' ? 'soon' : 'after-user';
  return new SyncError('invitation-refused', { what: reason }, { retry });
}
