import { describe, expect, test } from 'vitest';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { admitting, copyOf, foundedLog, identityOf } from '../testing/trust-world.ts';
import { systemRandom } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import {
  decodeTrustMessage,
  encodeCanonical,
  encodeTrustMessage,
  type FrameStream,
  type TrustMessage,
} from '../protocol/protocol.ts';
import { createMerge, createRevoke, signOp } from './build-op.ts';
import type { Identity } from './identity.ts';
import { createMembershipLog, type MembershipLog } from './membership-log.ts';
import { createStatement, createStatementStore, type StatementStore } from './statements.ts';
import { exchangeTrust, type TrustExchangeResult, type TrustSession } from './trust-exchange.ts';

const [anna, berta, dora, laptop] = ['anna', 'berta', 'dora', 'laptop'].map(identityOf) as [
  Identity,
  Identity,
  Identity,
  Identity,
];

interface Device {
  readonly identity: Identity;
  readonly log: MembershipLog;
  readonly statements: StatementStore;
  readonly stored: Uint8Array[];
}

function deviceWith(identity: Identity, log: MembershipLog): Device {
  return { identity, log, statements: createStatementStore(log), stored: [] };
}

function group(...others: Identity[]): MembershipLog {
  const log = foundedLog(anna);
  for (const other of others) log.add(admitting(log, anna, other));
  return log;
}

function exchangeOn(
  stream: FrameStream,
  device: Device,
  peer: Identity,
  signal = new AbortController().signal,
): Promise<TrustExchangeResult> {
  return exchangeTrust({
    stream,
    peer: peer.deviceKey,
    identity: device.identity,
    instance: new Uint8Array(16).fill(device.identity.deviceKey.charCodeAt(0)),
    membership: { log: device.log, statements: device.statements },
    onAccepted: (envelopes) => void device.stored.push(...envelopes),
    signal,
    features: [3],
  });
}

async function meet(a: Device, b: Device): Promise<[TrustSession, TrustSession]> {
  const [here, there] = createFrameStreamPair('/lockstep/trust/1', { maxQueuedFrames: 2 });
  const results = await Promise.all([exchangeOn(here, a, b.identity), exchangeOn(there, b, a.identity)]);
  return results.map((result) => {
    if (result.kind !== 'same-group') throw new Error(result.kind);
    return result.session;
  }) as [TrustSession, TrustSession];
}

/** An end that says what it is told to; `anna` is at the other. */
async function against(device: Device, ...messages: (TrustMessage | Uint8Array)[]): Promise<unknown> {
  const [here, there] = createFrameStreamPair('/lockstep/trust/1');
  const answer = exchangeOn(here, device, laptop).then(
    () => 'went well',
    (error: unknown) => error,
  );
  for (const message of messages)
    await there.send(message instanceof Uint8Array ? message : encodeTrustMessage(message));
  await there.finish();
  const outcome = await answer;
  return outcome;
}

const helloOf = (log: MembershipLog): TrustMessage => ({
  kind: 'hello',
  group: log.group,
  heads: log.heads(),
  nonce: systemRandom.bytes(32),
  instance: new Uint8Array(16),
  features: [],
  statement: undefined,
});
const idsOf = (log: MembershipLog): Hash[] => log.ops().map(({ id }) => id);

describe('trust exchange', () => {
  test('[TR17] equal logs say hello and done', async () => {
    const log = group(berta);
    const [a, b] = [deviceWith(anna, log), deviceWith(berta, copyOf(log))];
    const [session] = await meet(a, b);
    expect(session.peerHeads).toEqual(log.heads());
    expect(session.peerFeatures).toEqual([3]);
    expect(session.peerInstance[0]).toBe(berta.deviceKey.charCodeAt(0));
    expect([...a.stored, ...b.stored]).toEqual([]);
  });

  test('[TR17] both end with the union, each told of what it did not have', async () => {
    const start = group(berta, dora);
    const [a, b] = [deviceWith(anna, start), deviceWith(berta, copyOf(start))];
    for (let i = 0; i < 40; i++) a.log.add(createMerge({ log: a.log, identity: anna }));
    for (let i = 0; i < 3; i++) b.log.add(createMerge({ log: b.log, identity: berta }));
    await meet(a, b);
    expect(a.log.heads()).toEqual(b.log.heads());
    expect(a.log.ops()).toHaveLength(3 + 43);
    expect([a.stored.length, b.stored.length]).toEqual([3, 40]);
    expect(
      createMembershipLog({
        ops: [
          ...start
            .ops()
            .slice(0, 3)
            .map(({ envelope }) => envelope),
          ...b.stored,
        ],
      }).ops(),
    ).toHaveLength(43);
  });

  test('[TR17] attack 11: a lie about removals lasts until the first honest meeting', async () => {
    const start = group(berta, dora, laptop);
    const [a, d, l] = [
      deviceWith(anna, start),
      deviceWith(dora, copyOf(start)),
      deviceWith(laptop, copyOf(start)),
    ];
    a.log.add(
      createRevoke(
        { log: a.log, identity: anna },
        { targets: [{ key: laptop.deviceKey }], reason: 'stolen' },
      ),
    );
    const others = [{ key: anna.deviceKey }, { key: berta.deviceKey }];
    l.log.add(createRevoke({ log: l.log, identity: laptop }, { targets: others, reason: 'stolen' }));
    await meet(l, d);
    expect(d.log.members().active).toEqual(new Set([dora, laptop].map(({ deviceKey }) => deviceKey)));
    await meet(d, a);
    expect(d.log.members().active).toEqual(new Set([dora.deviceKey]));
    expect(a.log.members().active).toEqual(new Set([dora.deviceKey]));
  });

  test('[TR17] afterwards each new operation is pushed once, to where it is not known', async () => {
    const start = group(berta, dora);
    const [a, b, d] = [
      deviceWith(anna, start),
      deviceWith(berta, copyOf(start)),
      deviceWith(dora, copyOf(start)),
    ];
    const [toB, toA] = await meet(a, b);
    const [bToD, dToB] = await meet(b, d);
    const [hereA, hereB] = [toB.follow(), toA.follow()];
    const stop = new AbortController();
    const [bFollowsD, dFollowsB] = [bToD.follow(stop.signal), dToB.follow(stop.signal)];
    bFollowsD.catch(() => {});
    a.log.add(createMerge({ log: a.log, identity: anna }));
    await Promise.all([toB.push(), toB.push()]);
    await until(() => b.log.ops().length === 4);
    expect(b.stored).toHaveLength(1);
    await bToD.push();
    await until(() => d.log.ops().length === 4);
    await Promise.all([toA.push(), dToB.push()]);
    expect([a.stored.length, b.stored.length, d.stored.length]).toEqual([0, 1, 1]);
    stop.abort(new Error('stopped'));
    await expect(dFollowsB).rejects.toThrow('stopped');
    void [hereA, hereB];
  });

  test('[TR17] what came in while the others were telling is pushed afterwards', async () => {
    const start = group(berta);
    const [a, b] = [deviceWith(anna, start), deviceWith(berta, copyOf(start))];
    const [here, there] = createFrameStreamPair('/lockstep/trust/1');
    const both = Promise.all([exchangeOn(here, a, berta), exchangeOn(there, b, anna)]);
    a.log.add(createMerge({ log: a.log, identity: anna }));
    await both;
    expect(b.log.heads()).toEqual(a.log.heads());
  });

  test('[TR17] an invalid operation ends it; what came before is kept', async () => {
    const device = deviceWith(anna, group(laptop));
    const other = copyOf(device.log);
    const good = createMerge({ log: other, identity: laptop });
    other.add(good);
    const bad = signOp(
      {
        group: other.group,
        author: laptop.deviceKey,
        ...other.nextPlace(laptop.deviceKey),
        body: { kind: 'merge' },
      },
      berta,
    );
    const have: TrustMessage = { kind: 'have', ids: idsOf(other), last: true };
    const outcome = await against(device, helloOf(other), have, { kind: 'ops', envelopes: [good, bad] });
    expect(outcome).toMatchObject({ code: 'peer-misbehaved', facts: { what: 'op-bad-signature' } });
    expect(device.stored).toEqual([good]);
  });

  test.each([
    ['no hello', () => [{ kind: 'done', heads: [] }], 'trust-hello-missing'],
    [
      'operations before the ids',
      (log) => [helloOf(log), { kind: 'ops', envelopes: [new Uint8Array(3)] }],
      'trust-out-of-turn',
    ],
    ['a second hello', (log) => [helloOf(log), helloOf(log)], 'trust-out-of-turn'],
    ['done before the ids', (log) => [helloOf(log), { kind: 'done', heads: [] }], 'trust-out-of-turn'],
    ['nothing more', (log) => [helloOf(log)], 'trust-ended-early'],
    ['no message', (log) => [helloOf(log), Uint8Array.of(0xff)], 'cbor-foreign-type'],
    [
      'ids without end',
      (log) => [
        helloOf(log),
        ...Array.from(
          { length: 17 },
          (): TrustMessage => ({
            kind: 'have',
            ids: Array.from({ length: 1024 }, () => idsOf(log)[0] as Hash),
            last: false,
          }),
        ),
      ],
      'trust-too-many-ids',
    ],
  ] satisfies [string, (log: MembershipLog) => (TrustMessage | Uint8Array)[], string][])(
    '[TR17] a peer that sends %s',
    async (_says, messages, what) => {
      const device = deviceWith(anna, group(laptop));
      const other = copyOf(device.log);
      other.add(createMerge({ log: other, identity: laptop }));
      expect(await against(device, ...messages(other))).toMatchObject({
        code: 'peer-misbehaved',
        facts: { what },
      });
    },
  );

  test('[TR17] an echo is nobody', async () => {
    const [here, there] = createFrameStreamPair('/lockstep/trust/1');
    const outcome = exchangeOn(here, deviceWith(anna, group(laptop)), laptop);
    await there.send((await there.receive()) as Uint8Array);
    await expect(outcome).rejects.toThrow('trust-echo');
  });

  test('[TR17] ends with its signal, and breaks the stream off', async () => {
    const [here, there] = createFrameStreamPair('/lockstep/trust/1');
    const stop = new AbortController();
    const outcome = exchangeOn(here, deviceWith(anna, group(laptop)), laptop, stop.signal);
    await there.receive();
    stop.abort(new Error('took too long'));
    await expect(outcome).rejects.toThrow('took too long');
    await expect(there.receive()).rejects.toThrow('interrupted');
  });

  test('[TR18] other groups, and none', async () => {
    const [a, b] = [deviceWith(anna, group(berta)), deviceWith(berta, foundedLog(berta))];
    const stranger = deviceWith(dora, createMembershipLog());
    for (const [one, other] of [
      [a, b],
      [b, a],
      [a, stranger],
      [stranger, stranger],
    ] as const) {
      const [here, there] = createFrameStreamPair('/lockstep/trust/1');
      const results = await Promise.all([
        exchangeOn(here, one, other.identity),
        exchangeOn(there, other, one.identity),
      ]);
      expect(results[0]).toMatchObject({ kind: 'other-group', peerGroup: other.log.group });
      expect(results[1]).toMatchObject({ kind: 'other-group', peerGroup: one.log.group });
      expect(await here.receive()).toBeUndefined();
    }
    expect(a.log.ops()).toHaveLength(2);
  });

  test('[TR18] another version', async () => {
    const hello = encodeCanonical([0, 2, 'anything'.length]);
    expect(await against(deviceWith(anna, group(laptop)), hello)).toMatchObject({
      code: 'version-unsupported',
    });
  });
});

describe('statements', () => {
  test('[TR19] tell how far each device has heard, also through others', async () => {
    const start = group(berta, dora);
    const [a, b, d] = [
      deviceWith(anna, start),
      deviceWith(berta, copyOf(start)),
      deviceWith(dora, copyOf(start)),
    ];
    await meet(a, b);
    const followed = await meet(b, d);
    const following = followed[1].follow();
    await followed[0].push();
    expect(b.statements.of(anna.deviceKey)?.heads).toEqual(a.log.heads());
    await until(() => d.statements.of(anna.deviceKey) !== undefined);
    expect(d.statements.all()).toHaveLength(3);
    void following;
  });

  test('[TR19] the highest counter stays, and only the signed word of a known device counts', () => {
    const log = group(berta);
    const store = createStatementStore(log);
    const old = createStatement(log, berta);
    log.add(createMerge({ log, identity: berta }));
    const newer = createStatement(log, berta);
    expect([store.add(newer), store.add(old), store.add(newer)]).toEqual([true, false, false]);
    expect(store.of(berta.deviceKey)).toBe(newer);
    expect(store.add(createStatement(log, dora))).toBe(false);
    expect(() => store.add({ ...newer, counter: 99 })).toThrow('statement-signature');
    const elsewhere = createStatement(foundedLog(berta), berta);
    expect(() => store.add({ ...elsewhere, counter: 99 })).toThrow('statement-signature');
  });

  test("[TR19] a hello carries one's own word only", async () => {
    const log = group(laptop, berta);
    const hello = { ...helloOf(log), statement: createStatement(log, berta) } as TrustMessage;
    const outcome = await against(deviceWith(anna, copyOf(log)), hello, { kind: 'done', heads: [] });
    expect(outcome).toMatchObject({ facts: { what: 'statement-of-another' } });
    expect(decodeTrustMessage(encodeTrustMessage(hello))).toEqual(hello);
  });
});

/** Lets everything else run until `holds`. */
async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000; turns++) {
    if (holds()) return;
    await Promise.resolve();
  }
  expect(holds()).toBe(true);
}
