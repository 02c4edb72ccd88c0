import { describe, expect, test } from 'vitest';
import { createFrameStreamPair } from '../testing/memory-frame-stream.ts';
import { admitting, copyOf, foundedLog, identityOf, testRecovery } from '../testing/trust-world.ts';
import { folderId, type Hash, incarnationId } from '../model/ids.ts';
import { type CutPosition, cutListHash, encodeCutList, type TrustMessage } from '../protocol/protocol.ts';
import { createFolderOp, createReset, createRevoke } from './build-op.ts';
import { createCutExchange } from './cut-exchange.ts';
import { createCutStore, type CutStore } from './cuts.ts';
import type { Identity } from './identity.ts';
import type { MembershipLog } from './membership-log.ts';
import { createStatementStore } from './statements.ts';
import { exchangeTrust } from './trust-exchange.ts';
import type { TrustSession } from './trust-session.ts';

const [anna, berta, dora, laptop] = ['anna', 'berta', 'dora', 'laptop'].map(identityOf) as [
  Identity,
  Identity,
  Identity,
  Identity,
];
const at = (incarnation: string, counter: number): CutPosition => ({
  folderId: folderId('ab'.repeat(16)),
  incarnation: incarnationId(incarnation.repeat(8)),
  counter,
});

function group(): MembershipLog {
  const log = foundedLog(anna);
  for (const other of [berta, dora, laptop]) log.add(admitting(log, anna, other));
  return log;
}

/** The laptop removed by `by`; `list` is up to where its changes stand. */
function remove(log: MembershipLog, by: Identity, list: Uint8Array | undefined): Hash {
  const cut = list && cutListHash(list);
  const targets = [{ key: laptop.deviceKey, cut }];
  const { id, accepted } = log.add(createRevoke({ log, identity: by }, { targets, reason: 'stolen' }));
  expect(accepted).toHaveLength(1);
  return id as Hash;
}

describe('up to where the changes of a removed device stand', () => {
  const lists = [
    encodeCutList([at('01', 7), at('02', 3), at('03', 9)]),
    encodeCutList([at('01', 5), at('03', 12)]),
  ] as const;

  test('[TR36] is what every removal says of each incarnation, the least of it', () => {
    const log = group();
    const other = copyOf(log);
    remove(log, anna, lists[0]);
    remove(other, berta, lists[1]);
    for (const { envelope } of other.ops()) log.add(envelope);
    const cuts = createCutStore(log);
    expect(cuts.cutOf(dora.deviceKey)).toEqual({ kind: 'none' });
    expect(cuts.missing().toSorted()).toEqual(lists.map(cutListHash).toSorted());
    expect(cuts.cutOf(laptop.deviceKey)).toEqual({ kind: 'unknown' });
    expect([cuts.add(lists[1]), cuts.add(lists[1])]).toEqual([true, false]);
    expect(cuts.cutOf(laptop.deviceKey)).toEqual({ kind: 'unknown' });
    expect(cuts.add(lists[0])).toBe(true);
    expect(cuts.missing()).toEqual([]);
    const least = { kind: 'known', positions: [at('01', 5), at('03', 9)] };
    expect(cuts.cutOf(laptop.deviceKey)).toEqual(least);
    // What was kept is taken again.
    expect(createCutStore(log, lists).cutOf(laptop.deviceKey)).toEqual(least);
    remove(log, dora, undefined);
    expect(cuts.cutOf(laptop.deviceKey)).toEqual({ kind: 'known', positions: [] });
  });

  test('[TR36] is nothing for a device that a reset did not keep', () => {
    const log = group();
    remove(log, anna, lists[0]);
    const keep = [anna, berta].map(({ deviceKey }) => deviceKey);
    log.add(createReset({ log, identity: anna, recovery: testRecovery }, keep));
    const cuts = createCutStore(log, lists);
    expect(cuts.cutOf(laptop.deviceKey)).toEqual({ kind: 'known', positions: [] });
    expect(cuts.cutOf(dora.deviceKey)).toEqual({ kind: 'known', positions: [] });
  });

  test('[TR36] only lists that a removal names are taken, and only so many bytes of them', () => {
    const log = group();
    const cuts = createCutStore(log);
    expect(cuts.add(lists[0])).toBe(false);
    const noList = new Uint8Array(3);
    remove(log, anna, noList);
    expect(() => cuts.add(noList)).toThrow('peer-misbehaved');
    const more = [1, 2, 3, 4].map((counter) => encodeCutList([at('01', counter)]));
    for (const each of more) remove(log, anna, each);
    const small = createCutStore(log, [], 3 * (more[0]?.length as number) + 1);
    expect(more.map((each) => small.add(each))).toEqual([true, true, true, false]);
  });
});

interface Device {
  readonly identity: Identity;
  readonly log: MembershipLog;
  readonly cuts: CutStore;
  readonly stored: Uint8Array[];
}

function deviceWith(identity: Identity, log: MembershipLog): Device {
  return { identity, log, cuts: createCutStore(log), stored: [] };
}

async function meet(a: Device, b: Device): Promise<readonly [TrustSession, TrustSession]> {
  const ends = createFrameStreamPair('/lockstep/trust/1', { maxQueuedFrames: 2 });
  const results = await Promise.all(
    [a, b].map((device, i) =>
      exchangeTrust({
        stream: ends[i] as (typeof ends)[0],
        peer: (i === 0 ? b : a).identity.deviceKey,
        identity: device.identity,
        instance: new Uint8Array(16),
        membership: { log: device.log, statements: createStatementStore(device.log), cuts: device.cuts },
        onAccepted: () => {},
        onCut: (list) => void device.stored.push(list),
        signal: new AbortController().signal,
      }),
    ),
  );
  return results.map((result) => {
    if (result.kind !== 'same-group') throw new Error(result.kind);
    result.session.follow().catch(() => {});
    return result.session;
  }) as [TrustSession, TrustSession];
}

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000 && !holds(); turns++) await Promise.resolve();
  expect(holds()).toBe(true);
}

test('[TR52] the changes of a device that may only read a folder stand up to the least that was said of it', () => {
  const log = group();
  const other = copyOf(log);
  const lists = [encodeCutList([at('01', 7)]), encodeCutList([at('01', 5), at('02', 1)])] as const;
  const folder = at('01', 1).folderId;
  const say = (on: MembershipLog, by: Identity, mode: 'ro' | 'rw', list?: Uint8Array): void => {
    const cut = list && cutListHash(list);
    const word = { folderId: folder, verb: 'grant', key: laptop.deviceKey, mode, cut } as const;
    expect(on.add(createFolderOp({ log: on, identity: by }, word)).status).toBe('added');
  };
  say(log, anna, 'ro', lists[0]);
  say(other, berta, 'ro', lists[1]);
  for (const { envelope } of other.ops()) log.add(envelope);
  const cuts = createCutStore(log);
  expect(cuts.readerCutOf(folder, laptop.deviceKey)).toEqual({ kind: 'unknown' });
  expect([cuts.add(lists[0]), cuts.add(lists[1])]).toEqual([true, true]);
  expect(cuts.readerCutOf(folder, laptop.deviceKey)).toEqual({ kind: 'known', positions: [at('01', 5)] });
  expect(cuts.readerCutOf(folder, dora.deviceKey)).toEqual({ kind: 'none' });
  expect(cuts.readerCutOf(folderId('cd'.repeat(16)), laptop.deviceKey)).toEqual({ kind: 'none' });
  expect(cuts.cutOf(laptop.deviceKey)).toEqual({ kind: 'none' });
  say(log, dora, 'rw');
  expect(cuts.readerCutOf(folder, laptop.deviceKey)).toEqual({ kind: 'none' });
  say(log, dora, 'ro');
  expect(cuts.readerCutOf(folder, laptop.deviceKey)).toEqual({ kind: 'known', positions: [] });
});

describe('lists on their way', () => {
  const list = encodeCutList([at('01', 7)]);

  test('[TR37] are asked for once the removal is known, given, and stored', async () => {
    const start = group();
    const [a, b] = [deviceWith(anna, copyOf(start)), deviceWith(berta, copyOf(start))];
    remove(a.log, anna, list);
    a.cuts.add(list);
    const [, fromB] = await meet(a, b);
    await fromB.push();
    await until(() => b.stored.length > 0);
    expect(b.stored).toEqual([list]);
    expect(b.cuts.cutOf(laptop.deviceKey)).toEqual({ kind: 'known', positions: [at('01', 7)] });
    expect(a.stored).toEqual([]);
  });

  test('[TR37] come later from who did not hold them when asked', async () => {
    const start = group();
    const [a, b, d] = [
      deviceWith(anna, copyOf(start)),
      deviceWith(berta, copyOf(start)),
      deviceWith(dora, copyOf(start)),
    ];
    remove(a.log, anna, list);
    // Berta has heard of the removal alone, and tells Dora of it.
    for (const { envelope } of a.log.ops()) b.log.add(envelope);
    const [fromB, fromD] = await meet(b, d);
    await Promise.all([fromB.push(), fromD.push()]);
    expect(d.cuts.missing()).toEqual([cutListHash(list)]);
    a.cuts.add(list);
    const [, toA] = await meet(a, b);
    await toA.push();
    await until(() => b.stored.length > 0);
    await fromB.push();
    await until(() => d.stored.length > 0);
    expect(d.stored).toEqual([list]);
  });

  test('[TR37] are refused unless they were asked for', async () => {
    const log = group();
    remove(log, anna, list);
    const sent: TrustMessage[] = [];
    const exchange = createCutExchange({
      cuts: createCutStore(log),
      onCut: undefined,
      send: (message) => {
        sent.push(message);
        return Promise.resolve();
      },
    });
    await expect(exchange.take({ kind: 'cut', list })).rejects.toThrow('trust-cut-unasked');
    await exchange.sendWhatIsNew();
    await exchange.sendWhatIsNew();
    expect(sent).toEqual([{ kind: 'want-cuts', hashes: [cutListHash(list)] }]);
    await exchange.take({ kind: 'cut', list });
    await expect(exchange.take({ kind: 'cut', list: encodeCutList([]) })).rejects.toThrow(
      'trust-cut-unasked',
    );
  });
});
