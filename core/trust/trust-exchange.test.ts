import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { admitting, copyOf, foundedLog, identityOf, testTranscript } from '../testing/trust-world.ts';
import { systemRandom } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import {
  decodeTrustMessage,
  encodeCanonical,
  encodeTrustMessage,
  type FrameStream,
  type TrustMessage,
} from '../protocol/protocol.ts';
import { createAdmit, createMerge, createRevoke, signOp } from './build-op.ts';
import { createEvidenceGate, evidenceLimits, standingBetween } from './evidence.ts';
import { hearingOf } from './hearing.ts';
import type { Identity } from './identity.ts';
import { createMembershipLog, type MembershipLog } from './membership-log.ts';
import { createStatement, createStatementStore, type StatementStore } from './statements.ts';
import { exchangeTrust, type TrustExchangeInput, type TrustExchangeResult } from './trust-exchange.ts';
import type { TrustSession } from './trust-session.ts';

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
  change: Partial<TrustExchangeInput> = {},
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
    ...change,
  });
}

function exchangeBoth(
  a: Device,
  b: Device,
  change: Partial<TrustExchangeInput> = {},
): Promise<[TrustExchangeResult, TrustExchangeResult]> {
  const [here, there] = createFrameStreamPair('/lockstep/trust/1', { maxQueuedFrames: 2 });
  return Promise.all([
    exchangeOn(here, a, b.identity, undefined, change),
    exchangeOn(there, b, a.identity, undefined, change),
  ]);
}

async function meet(a: Device, b: Device): Promise<[TrustSession, TrustSession]> {
  const results = await exchangeBoth(a, b);
  return results.map((result) => {
    if (result.kind !== 'same-group') throw new Error(result.kind);
    return result.session;
  }) as [TrustSession, TrustSession];
}

/** Both sessions, followed; what following ends with is not looked at. */
async function followed(a: Device, d: Device): Promise<readonly [TrustSession, TrustSession]> {
  const sessions = await meet(a, d);
  for (const session of sessions) session.follow().catch(() => {});
  return sessions;
}

/** An end that says what it is told to; `anna` is at the other. */
async function against(device: Device, ...messages: (TrustMessage | Uint8Array)[]): Promise<unknown> {
  const [here, there] = createFrameStreamPair('/lockstep/trust/1');
  const answer = exchangeOn(here, device, laptop).then(
    () => 'went well',
    (error: unknown) => error,
  );
  const drain = async (): Promise<void> => {
    while ((await there.receive()) !== undefined);
  };
  drain().catch(() => {});
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

  test('[TR17] [A11] a lie about removals lasts until the first honest meeting', async () => {
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
    // What each believes of the other does not matter: evidence is heard, and nothing else.
    expect(await exchangeBoth(d, a)).toMatchObject([{ kind: 'evidence' }, { kind: 'evidence' }]);
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

  test('[TR18] [A6] other groups, and none', async () => {
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

describe('evidence', () => {
  const removing = (log: MembershipLog, by: Identity, ...targets: Identity[]): Uint8Array =>
    createRevoke(
      { log, identity: by },
      { targets: targets.map(({ deviceKey }) => ({ key: deviceKey })), reason: 'stolen' },
    );

  test('[TR33] [A11] what a removed device missed comes in parts, each kept, until it knows all', async () => {
    const start = group(berta, laptop);
    const [a, b] = [deviceWith(anna, copyOf(start)), deviceWith(berta, copyOf(start))];
    b.log.add(removing(b.log, berta, anna));
    for (let i = 0; i < 60; i++) a.log.add(createMerge({ log: a.log, identity: anna }));
    a.log.add(removing(a.log, anna, laptop));
    const maxEvidenceBytes = 5 * 1024;
    const lengths: number[] = [];
    const cut: unknown[] = [];
    for (let meetings = 0; meetings < 20 && b.log.members().active.has(laptop.deviceKey); meetings++) {
      const [here, there] = createFrameStreamPair('/lockstep/trust/1');
      const [, heard] = await Promise.allSettled([
        exchangeOn(here, a, berta),
        exchangeOn(there, b, anna, undefined, { maxEvidenceBytes }),
      ]);
      lengths.push(b.log.ops().length);
      if (heard.status === 'rejected') cut.push(heard.reason);
    }
    expect(lengths.length).toBeGreaterThan(2);
    const reason = { code: 'not-allowed', facts: { what: 'evidence-quota' }, retry: 'soon' };
    expect(cut).toMatchObject(lengths.slice(1).map(() => reason));
    expect(lengths).toEqual([...new Set(lengths)]);
    expect(b.log.members().active).toEqual(new Set([berta.deviceKey]));
    // All but what it wrote itself.
    expect(b.stored).toHaveLength(b.log.ops().length - start.ops().length - 1);
  });

  test('[TR33] [A16] a removed device that floods is cut off; one that is active is not', async () => {
    const start = group(berta, laptop);
    const flood = copyOf(start);
    for (let i = 0; i < 60; i++) flood.add(createMerge({ log: flood, identity: laptop }));
    const maxEvidenceBytes = 8 * 1024;
    const [l, sameL] = [deviceWith(laptop, flood), deviceWith(laptop, copyOf(flood))];
    const removed = deviceWith(anna, copyOf(start));
    removed.log.add(removing(removed.log, anna, laptop));
    const [here, there] = createFrameStreamPair('/lockstep/trust/1');
    const results = await Promise.allSettled([
      exchangeOn(here, removed, laptop, undefined, { maxEvidenceBytes }),
      exchangeOn(there, l, anna),
    ]);
    expect(results).toMatchObject([
      { reason: { facts: { what: 'evidence-quota' } } },
      { status: 'rejected' },
    ]);
    const bytes = removed.stored.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(maxEvidenceBytes);
    const trusting = deviceWith(berta, copyOf(start));
    const others = await exchangeBoth(trusting, sameL, { maxEvidenceBytes });
    expect(others).toMatchObject([{ kind: 'same-group', standing: 'active' }, { standing: 'active' }]);
    expect(trusting.stored).toHaveLength(60);
  });

  test('[TR33] both streams are finished, and what came meanwhile is told before', async () => {
    const start = group(berta, laptop);
    const [a, l] = [deviceWith(anna, copyOf(start)), deviceWith(laptop, copyOf(start))];
    a.log.add(removing(a.log, anna, laptop));
    const [here, there] = createFrameStreamPair('/lockstep/trust/1');
    const both = [exchangeOn(here, a, laptop), exchangeOn(there, l, anna)] as const;
    await until(() => l.log.members().revoked.has(laptop.deviceKey));
    a.log.add(createMerge({ log: a.log, identity: anna }));
    expect(await Promise.all(both)).toMatchObject([{ kind: 'evidence' }, { kind: 'evidence' }]);
    expect(l.log.heads()).toEqual(a.log.heads());
    expect(await here.receive()).toBeUndefined();
    expect(await there.receive()).toBeUndefined();
  });

  test('[TR33] once a minute for each device', () => {
    const clock = createManualClock();
    const gate = createEvidenceGate({ clock });
    const admits = (who: Identity): boolean => gate.admits(who.deviceKey);
    expect([admits(laptop), admits(laptop), admits(berta)]).toEqual([true, false, true]);
    clock.advance(evidenceLimits.everyMs - 1);
    expect(admits(laptop)).toBe(false);
    clock.advance(1);
    expect([admits(laptop), admits(laptop)]).toEqual([true, false]);
  });

  test('[TR33] two devices are to each other what the lesser of them is', () => {
    const log = group(berta, laptop);
    const old = copyOf(log);
    log.add(removing(log, anna, laptop));
    old.add(admitting(old, laptop, dora));
    for (const envelope of old.missingFrom(new Set(idsOf(log)))) log.add(envelope);
    const standing = (self: Identity, peer: Identity) =>
      standingBetween(log.members(), self.deviceKey, peer.deviceKey);
    expect(standing(anna, berta)).toBe('active');
    expect([standing(anna, dora), standing(dora, anna)]).toEqual(['suspended', 'suspended']);
    expect([standing(laptop, dora), standing(dora, laptop), standing(berta, laptop)]).toEqual(
      Array.from({ length: 3 }, () => 'revoked'),
    );
    expect(standing(anna, identityOf('stranger'))).toBe('revoked');
  });
});

describe('approving', () => {
  /** Dora came in by the laptop, which was removed by somebody who had not seen that. */
  function suspendedDora(): { readonly a: Device; readonly d: Device } {
    const log = group(berta, laptop);
    const old = copyOf(log);
    log.add(
      createRevoke({ log, identity: anna }, { targets: [{ key: laptop.deviceKey }], reason: 'stolen' }),
    );
    old.add(admitting(old, laptop, dora));
    for (const envelope of old.missingFrom(new Set(idsOf(log)))) log.add(envelope);
    expect(log.members().suspended).toEqual(new Set([dora.deviceKey]));
    return { a: deviceWith(anna, log), d: deviceWith(dora, copyOf(log)) };
  }

  test('[TR34] a suspended device agrees by itself, and is a member again everywhere', async () => {
    const { a, d } = suspendedDora();
    const [here] = await followed(a, d);
    const { transcript, consent } = await here.askConsent();
    const admission = { key: dora.deviceKey, method: 'invite', transcript, consent } as const;
    expect(a.log.add(createAdmit({ log: a.log, identity: anna }, admission)).status).toBe('added');
    await here.push();
    await until(() => d.log.members().active.has(dora.deviceKey));
    expect(d.log.members().suspended).toEqual(new Set());
  });

  test('[TR34] the stream of a suspended device stays open', async () => {
    const { a, d } = suspendedDora();
    const results = await exchangeBoth(a, d);
    expect(results).toMatchObject([
      { kind: 'same-group', standing: 'suspended' },
      { kind: 'same-group', standing: 'suspended' },
    ]);
  });

  test('[TR34] a member that would go with another is admitted by a second, and stays', async () => {
    const log = group(laptop);
    log.add(admitting(log, laptop, dora));
    const before = copyOf(log);
    const [a, d] = [deviceWith(anna, log), deviceWith(dora, copyOf(log))];
    const [here] = await followed(a, d);
    const { transcript, consent } = await here.askConsent();
    a.log.add(
      createAdmit(
        { log: a.log, identity: anna },
        { key: dora.deviceKey, method: 'sas', transcript, consent },
      ),
    );
    const keep = before.group as Hash;
    const targets = [{ key: laptop.deviceKey, keep }];
    a.log.add(createRevoke({ log: a.log, identity: anna }, { targets, reason: 'stolen' }));
    expect(a.log.members().active).toEqual(new Set([anna, dora].map(({ deviceKey }) => deviceKey)));
  });

  test('[TR34] nobody agrees for one who is not active, and a question ends with its stream', async () => {
    const { a, d } = suspendedDora();
    const [here, there] = createFrameStreamPair('/lockstep/trust/1');
    const [toD, toA] = (await Promise.all([exchangeOn(here, a, dora), exchangeOn(there, d, anna)])).map(
      (result) => (result as Extract<TrustExchangeResult, { kind: 'same-group' }>).session,
    ) as [TrustSession, TrustSession];
    const following = [toD.follow(), toA.follow()];
    const asked = toA.askConsent();
    // It was heard, for what was asked afterwards is answered.
    await toD.askConsent();
    await there.finish();
    await here.finish();
    await Promise.all(following);
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
    await expect(toA.askConsent()).rejects.toMatchObject({ code: 'interrupted' });
  });

  test.each([
    [
      'to nothing that was asked',
      'trust-consent',
      [{ kind: 'consent', transcript: testTranscript, consent: new Uint8Array(64) }],
    ],
    [
      'too often',
      'trust-too-many-consents',
      Array.from({ length: 17 }, () => ({ kind: 'want-consent', transcript: testTranscript })),
    ],
  ] satisfies [string, string, TrustMessage[]][])(
    '[TR34] consents %s end it',
    async (_says, what, messages) => {
      const log = group(laptop);
      const hello = helloOf(log);
      expect(await against(deviceWith(anna, log), hello, ...messages)).toMatchObject({
        code: 'peer-misbehaved',
        facts: { what },
      });
    },
  );
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

  test('[TR35] tell who has heard of which removal, through whoever was there', async () => {
    const start = group(berta, dora, laptop);
    const [a, b, d] = [
      deviceWith(anna, start),
      deviceWith(berta, copyOf(start)),
      deviceWith(dora, copyOf(start)),
    ];
    const hearing = (device: Device) => {
      const told = hearingOf(device.log, device.statements, device.identity.deviceKey);
      return {
        notHeard: told
          .notHeardOf(laptop.deviceKey)
          .map((key) => (key === berta.deviceKey ? 'berta' : 'dora')),
        heard: [anna, berta, dora].map(({ deviceKey }) => told.hasHeardOfRemovals(deviceKey)),
      };
    };
    expect(hearing(a)).toEqual({ notHeard: [], heard: [true, true, true] });
    await meet(a, b);
    a.log.add(
      createRevoke({ log: a.log, identity: anna }, { targets: [{ key: laptop.deviceKey }], reason: 'lost' }),
    );
    expect(hearing(a).notHeard.toSorted()).toEqual(['berta', 'dora']);
    expect(hearing(a).heard).toEqual([true, false, false]);
    await exchangeBoth(a, b);
    // Berta has heard by now, but has not said so.
    const [, fromB] = await followed(a, b);
    await fromB.push();
    await until(() => hearing(a).notHeard.length === 1);
    expect(hearing(a)).toEqual({ notHeard: ['dora'], heard: [true, true, false] });
    // Dora tells Berta, who tells Anna.
    await meet(b, d);
    const [, again] = await meet(d, b);
    again.follow().catch(() => {});
    const [, told] = await followed(a, b);
    await told.push();
    await until(() => hearing(a).notHeard.length === 0);
    expect(hearing(a).heard).toEqual([true, true, true]);
  });

  test('[TR35] what somebody else claims to have heard does not count, and nobody is asked about who stays', () => {
    const log = group(berta, laptop);
    const statements = createStatementStore(log);
    statements.add(createStatement(log, berta));
    log.add(createRevoke({ log, identity: anna }, { targets: [{ key: laptop.deviceKey }], reason: 'lost' }));
    const told = hearingOf(log, statements, anna.deviceKey);
    expect(told.notHeardOf(laptop.deviceKey)).toEqual([berta.deviceKey]);
    expect(told.notHeardOf(berta.deviceKey)).toEqual([]);
    // Heads that are not known here say nothing.
    const elsewhere = copyOf(log);
    elsewhere.add(createMerge({ log: elsewhere, identity: berta }));
    const ahead = createStatementStore(log);
    ahead.add(createStatement(elsewhere, berta));
    expect(hearingOf(log, ahead, anna.deviceKey).hasHeardOfRemovals(berta.deviceKey)).toBe(false);
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
