import { abortReason, equalBytes, type Random, systemRandom, throwIfAborted } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import {
  decodeTrustMessage,
  encodeTrustMessage,
  type FrameStream,
  maxPairedOps,
  type TrustHello,
  trustLimits,
  type TrustMessage,
} from '../protocol/protocol.ts';
import type { Identity } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';
import { createStatement, type StatementStore } from './statements.ts';

/** What a trust exchange needs; both ends call it alike, on the two ends of one `/lockstep/trust/1` stream. */
export interface TrustExchangeInput {
  readonly stream: FrameStream;
  /** Whose key the other end of the connection has proved. */
  readonly peer: DeviceKey;
  readonly identity: Identity;
  /** Random, 16 bytes, the same for as long as this program runs. */
  readonly instance: Uint8Array;
  /** Undefined while this device is in no group. */
  readonly membership: { readonly log: MembershipLog; readonly statements: StatementStore } | undefined;
  /** Gets every envelope that became part of the log, in order, to store it; the next ones wait for it. */
  readonly onAccepted: (envelopes: readonly Uint8Array[]) => Promise<void> | void;
  /** Ends the exchange, and breaks the stream off. */
  readonly signal: AbortSignal;
  readonly features?: readonly number[];
  readonly random?: Random;
}

/** How an exchange ended: the stream is finished if the groups differ, and stays open for what comes later if they are one. */
export type TrustExchangeResult =
  | { readonly kind: 'same-group'; readonly session: TrustSession }
  | {
      readonly kind: 'other-group';
      readonly peerGroup: Hash | undefined;
      readonly peerInstance: Uint8Array;
    };

/** A trust stream after both sides have told all they had. */
export interface TrustSession {
  /** The peer's heads when it had told everything. */
  readonly peerHeads: readonly Hash[];
  readonly peerInstance: Uint8Array;
  readonly peerFeatures: readonly number[];
  /** Sends whatever the log and the statements hold now and the peer is not known to have; to be called after every change. */
  push(): Promise<void>;
  /** Takes what the peer pushes, until it finishes or the stream breaks; to be called once. Rejects as {@link exchangeTrust} does. */
  follow(signal?: AbortSignal): Promise<void>;
}

/**
 * Tells the other device of the whole log and hears of the other's; each operation is judged before the next is looked at.
 * Rejects, with the stream broken off, with SyncError `peer-misbehaved` for an invalid operation or a message out of turn, `version-unsupported`
 * for a later version's hello or operation, or the signal's reason. What was accepted before stays in the log and has been given to `onAccepted`.
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
  const { stream, signal, membership } = input;
  return brokenOff(stream, signal, async () => {
    const mine = helloOf(input);
    await stream.send(encodeTrustMessage(mine));
    const theirs = await receiveMessage(stream, signal);
    if (theirs?.kind !== 'hello') throw misbehaved('trust-hello-missing');
    // What only echoes does not prove that anybody is there.
    if (equalBytes(theirs.nonce, mine.nonce)) throw misbehaved('trust-echo');
    if (membership === undefined || mine.group === undefined || theirs.group !== mine.group) {
      await stream.finish();
      return { kind: 'other-group', peerGroup: theirs.group, peerInstance: theirs.instance };
    }
    const session = await tellEachOther(input, membership, mine, theirs);
    return { kind: 'same-group', session };
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

async function tellEachOther(
  { stream, peer, identity, signal, onAccepted }: TrustExchangeInput,
  { log, statements }: NonNullable<TrustExchangeInput['membership']>,
  mine: TrustHello,
  theirs: TrustHello,
): Promise<TrustSession> {
  const peerHas = new Set<Hash>();
  const toldCounters = new Map<DeviceKey, number>();
  let opsReceived = 0;
  let tail = Promise.resolve();

  const sendWhatIsNew = async (): Promise<void> => {
    // Asked again after each round: the log may have grown while the frames left.
    for (let batch = nextOps(); batch.length > 0; batch = nextOps()) {
      for (const { id } of batch) peerHas.add(id);
      await send({ kind: 'ops', envelopes: batch.map(({ envelope }) => envelope) });
    }
    const own = statements.of(identity.deviceKey);
    if (own === undefined || own.counter < log.ops().length) statements.add(createStatement(log, identity));
    const news = statements.all().filter(({ device, counter }) => counter > (toldCounters.get(device) ?? -1));
    for (let i = 0; i < news.length; i += trustLimits.maxStatementsInFrame) {
      const batch = news.slice(i, i + trustLimits.maxStatementsInFrame);
      for (const { device, counter } of batch) toldCounters.set(device, counter);
      await send({ kind: 'statements', statements: batch });
    }
  };
  const nextOps = () =>
    log
      .ops()
      .filter(({ id }) => !peerHas.has(id))
      .slice(0, trustLimits.maxOpsInFrame);
  const send = (message: TrustMessage): Promise<void> => stream.send(encodeTrustMessage(message));

  const takeOps = async (envelopes: readonly Uint8Array[]): Promise<void> => {
    opsReceived += envelopes.length;
    if (opsReceived > maxPairedOps) throw misbehaved('trust-too-many-ops');
    const accepted: Uint8Array[] = [];
    try {
      for (const envelope of envelopes) {
        const result = log.add(envelope, peer);
        accepted.push(...result.accepted);
        if (result.status === 'invalid') throw misbehaved(`op-${result.fault}`);
        if (result.id !== undefined) peerHas.add(result.id);
      }
    } finally {
      if (accepted.length > 0) await onAccepted(accepted);
    }
  };
  const take = async (message: TrustMessage): Promise<void> => {
    if (message.kind === 'ops') await takeOps(message.envelopes);
    else if (message.kind === 'statements')
      for (const statement of message.statements) {
        if (statements.add(statement)) toldCounters.set(statement.device, statement.counter);
      }
    else throw misbehaved('trust-out-of-turn');
  };

  // Equal lists of all heads mean equal logs; a full list may have left some out.
  const equalLogs =
    mine.heads.length < trustLimits.maxHeads &&
    mine.heads.length === theirs.heads.length &&
    mine.heads.every((head, i) => head === theirs.heads[i]);

  // What has come since the hello is not part of it.
  if (equalLogs) for (const id of log.closureOf(mine.heads)) peerHas.add(id);

  const heardHave = Promise.withResolvers<void>();
  heardHave.promise.catch(() => {});
  const tell = async (): Promise<void> => {
    if (!equalLogs) {
      const ids = log.ops().map(({ id }) => id);
      for (let i = 0; i < ids.length; i += trustLimits.maxIdsInFrame) {
        const batch = ids.slice(i, i + trustLimits.maxIdsInFrame);
        await send({ kind: 'have', ids: batch, last: i + batch.length === ids.length });
      }
      await heardHave.promise;
    }
    await sendWhatIsNew();
    await send({ kind: 'done', heads: log.heads().slice(0, trustLimits.maxHeads) });
  };
  const hear = async (): Promise<readonly Hash[]> => {
    let idsReceived = 0;
    let listening = equalLogs ? 'ops' : 'have';
    for (;;) {
      const message = await receiveMessage(stream, signal);
      if (message === undefined) throw misbehaved('trust-ended-early');
      if (message.kind === 'have' && listening === 'have') {
        idsReceived += message.ids.length;
        if (idsReceived > maxPairedOps) throw misbehaved('trust-too-many-ids');
        for (const id of message.ids) peerHas.add(id);
        if (!message.last) continue;
        listening = 'ops';
        heardHave.resolve();
      } else if (message.kind === 'done' && listening === 'ops') return message.heads;
      else if (listening === 'ops') await take(message);
      else throw misbehaved('trust-out-of-turn');
    }
  };
  const hearing = hear();
  hearing.catch((error: unknown) => heardHave.reject(error));
  const [peerHeads] = await Promise.all([hearing, tell()]);

  // Only now: the operation that admits the peer may have come with the others.
  if (theirs.statement !== undefined) {
    if (theirs.statement.device !== peer) throw misbehaved('statement-of-another');
    if (statements.add(theirs.statement)) toldCounters.set(peer, theirs.statement.counter);
  }
  return {
    peerHeads,
    peerInstance: theirs.instance,
    peerFeatures: theirs.features,
    push() {
      const next = tail.then(sendWhatIsNew);
      tail = next.catch(() => {});
      return next;
    },
    follow: (followSignal) =>
      brokenOff(stream, followSignal, async () => {
        try {
          for (;;) {
            const message = await receiveMessage(stream, followSignal);
            if (message === undefined) return;
            await take(message);
          }
        } finally {
          log.forgetSource(peer);
        }
      }),
  };
}

async function receiveMessage(
  stream: FrameStream,
  signal: AbortSignal | undefined,
): Promise<TrustMessage | undefined> {
  const frame = await stream.receive(signal);
  return frame && decodeTrustMessage(frame);
}

/** Runs `work`; if it fails or the signal aborts, breaks the stream off, so that nothing waits on it for ever. */
async function brokenOff<T>(
  stream: FrameStream,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const stop = (): void => stream.abort(abortReason(signal as AbortSignal));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work();
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function misbehaved(what: string): SyncError {
  return new SyncError('peer-misbehaved', { what });
}
