import { systemRandom } from '../base/base.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import {
  encodeTrustMessage,
  maxPairedOps,
  type TrustHello,
  trustLimits,
  type TrustMessage,
} from '../protocol/protocol.ts';
import { type Consent, createConsents } from './consents.ts';
import { createCutExchange } from './cut-exchange.ts';
import { createStatement } from './statements.ts';
import type { TrustExchangeInput } from './trust-exchange.ts';
import { brokenOff, misbehaved, receiveMessage } from './trust-stream.ts';

/** A trust stream after both sides have told all they had. */
export interface TrustSession {
  /** The peer's heads when it had told everything. */
  readonly peerHeads: readonly Hash[];
  readonly peerInstance: Uint8Array;
  readonly peerFeatures: readonly number[];
  /** Sends whatever the log, the statements and the lists hold now and the peer is not known to have, and asks for lists that are missing; to be called when the exchange is done and after every change. */
  push(): Promise<void>;
  /** Takes what the peer pushes, until it finishes or the stream breaks; to be called once. Rejects as {@link exchangeTrust} does. */
  follow(signal?: AbortSignal): Promise<void>;
  /**
   * For a session that is to end at once: lets both sides ask once more, with all operations in hand, for lists that are missing, gives what was asked for, and finishes; resolves when the
   * peer has finished too. Instead of {@link follow}.
   */
  conclude(): Promise<void>;
  /** Asks the peer to agree to be admitted by this device too, while {@link follow} runs. Rejects with SyncError `interrupted` when the stream ends first; a peer that does not trust this device does not answer. */
  askConsent(): Promise<Consent>;
}

/** What a session needs besides the exchange's input: both hellos, and how many bytes may come in what they lead to. */
interface SessionInput extends TrustExchangeInput {
  readonly membership: NonNullable<TrustExchangeInput['membership']>;
  readonly mine: TrustHello;
  readonly theirs: TrustHello;
  readonly maxBytes: number;
}

/** Goes on from the two hellos of one group: resolves when both sides have told all they had. */
export async function openTrustSession({
  stream,
  peer,
  identity,
  signal,
  onAccepted,
  onCut,
  membership: { log, statements, cuts },
  random = systemRandom,
  mine,
  theirs,
  maxBytes,
}: SessionInput): Promise<TrustSession> {
  const peerHas = new Set<Hash>();
  const toldCounters = new Map<DeviceKey, number>();
  let opsReceived = 0;
  let bytesLeft = maxBytes;
  let tail = Promise.resolve();

  const send = (message: TrustMessage): Promise<void> => stream.send(encodeTrustMessage(message));
  const consents = createConsents({ log, identity, peer, random, send });
  const lists = createCutExchange({ cuts, onCut, send });
  const nextOps = () =>
    log
      .ops()
      .filter(({ id }) => !peerHas.has(id))
      .slice(0, trustLimits.maxOpsInFrame);
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
    await lists.sendWhatIsNew();
  };
  const push = (): Promise<void> => {
    const next = tail.then(sendWhatIsNew);
    tail = next.catch(() => {});
    return next;
  };

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
  const take = async (message: TrustMessage, bytes: number): Promise<void> => {
    bytesLeft -= bytes;
    if (bytesLeft < 0) throw new SyncError('not-allowed', { what: 'evidence-quota' }, { retry: 'soon' });
    if (message.kind === 'ops') await takeOps(message.envelopes);
    else if (message.kind === 'statements')
      for (const statement of message.statements) {
        if (statements.add(statement)) toldCounters.set(statement.device, statement.counter);
      }
    else if (message.kind === 'want-consent' || message.kind === 'consent') await consents.take(message);
    else if (message.kind === 'cut') await lists.take(message);
    else if (message.kind === 'want-cuts') {
      await lists.take(message);
      // Not waited for: where two give each other much, both must go on reading. A stream that breaks is noticed by whoever reads.
      push().catch(() => {});
    } else throw misbehaved('trust-out-of-turn');
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
      const received = await receiveMessage(stream, signal);
      if (received === undefined) throw misbehaved('trust-ended-early');
      const { message, bytes } = received;
      if (message.kind === 'have' && listening === 'have') {
        idsReceived += message.ids.length;
        if (idsReceived > maxPairedOps) throw misbehaved('trust-too-many-ids');
        for (const id of message.ids) peerHas.add(id);
        if (!message.last) continue;
        listening = 'ops';
        heardHave.resolve();
      } else if (message.kind === 'done' && listening === 'ops') return message.heads;
      else if (listening === 'ops') await take(message, bytes);
      else throw misbehaved('trust-out-of-turn');
    }
  };
  const takeUntilDone = async (): Promise<void> => {
    for (;;) {
      const received = await receiveMessage(stream, signal);
      if (received === undefined) throw misbehaved('trust-ended-early');
      if (received.message.kind === 'done') return;
      await take(received.message, received.bytes);
    }
  };
  const follow = (followSignal: AbortSignal | undefined): Promise<void> =>
    brokenOff(stream, followSignal, async () => {
      try {
        for (;;) {
          const received = await receiveMessage(stream, followSignal);
          if (received === undefined) return;
          // A peer that has just heard of a removal concludes; what it told before that says the same here.
          if (received.message.kind !== 'done') await take(received.message, received.bytes);
        }
      } finally {
        log.forgetSource(peer);
        consents.end(new SyncError('interrupted', { what: 'trust' }));
      }
    });
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
    push,
    follow,
    async conclude() {
      const asking = push().then(() =>
        send({ kind: 'done', heads: log.heads().slice(0, trustLimits.maxHeads) }),
      );
      await Promise.all([takeUntilDone(), asking]);
      await push();
      await stream.finish();
      await follow(signal);
    },
    askConsent: () => consents.ask(),
  };
}
