import { describe, expect, test } from 'vitest';
import { createLimiter, silentLog } from '../base/base.ts';
import { spreadOut } from '../engine/spread-out.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import { createTestRandom, keyOf, testBlock, testFolder } from '../testing/index-device.ts';
import { createManualClock, type ManualClock, pass, until } from '../testing/manual-clock.ts';
import { connectInMemory } from '../testing/memory-connection.ts';
import {
  type Arriving,
  type BlockFetcher,
  createBlockFetcher,
  type FolderDoor,
  serveBlocks,
} from './transfer.ts';

const KiB = 1024;
const blockBytes = 128 * KiB;
/** Of each device's uplink, which all that ask it share: 2.5 MB a second. */
const msPerBlock = blockBytes / 2_500;

const file = Array.from({ length: 400 }, (_, i) => {
  const { item, bytes } = testBlock(`film ${i}`, blockBytes, 'film');
  return { item: { ...item, offset: i * blockBytes }, bytes };
});
const bytesOf = new Map<Hash, Uint8Array>(file.map(({ item, bytes }) => [item.hash, bytes]));

/** A device that has some blocks of the file; `isWhole` says it has all, else it is receiving it. */
interface Member {
  readonly key: DeviceKey;
  readonly has: Set<BlockItem>;
  isWhole: boolean;
  sentBytes: number;
  readonly door: FolderDoor;
  readonly fetcher: BlockFetcher;
}

function member(name: string, clock: ManualClock, has: readonly BlockItem[], isWhole: boolean): Member {
  const uplink = createLimiter(1);
  const self: Member = {
    key: keyOf(name),
    has: new Set(has),
    isWhole,
    sentBytes: 0,
    fetcher: createBlockFetcher({ clock, random: createTestRandom(name), log: silentLog }),
    door: {
      folderId: testFolder,
      blockReader: () => (asked: BlockItem) => read(asked),
    } as Partial<FolderDoor> as FolderDoor,
  };
  const known = new Map(file.map(({ item }) => [item.hash, item]));
  const read = async (asked: BlockItem): Promise<Uint8Array | Arriving | undefined> => {
    const item = known.get(asked.hash);
    if (item === undefined || (!self.isWhole && self.has.size === 0)) return undefined;
    if (!self.isWhole && !self.has.has(item))
      return {
        spans: file.flatMap((block, i) => (self.has.has(block.item) ? [spanOf(i)] : [])).reduce(joined, []),
      };
    await uplink.run(() => new Promise<void>((resolve) => clock.after(msPerBlock, resolve)));
    self.sentBytes += blockBytes;
    return bytesOf.get(asked.hash);
  };
  return self;
}

type Spans = Arriving['spans'];
const spanOf = (i: number): Spans[number] => ({ start: i * blockBytes, end: (i + 1) * blockBytes });
const joined = (spans: Spans, next: Spans[number]): Spans => {
  const last = spans.at(-1);
  return last?.end === next.start
    ? [...spans.slice(0, -1), { start: last.start, end: next.end }]
    : [...spans, next];
};

function connect(a: Member, b: Member): void {
  const [atA, atB] = connectInMemory(a.key, b.key);
  for (const [connection, server] of [
    [atA, a],
    [atB, b],
  ] as const)
    connection.onStream = (stream) =>
      void serveBlocks(
        { connection, stream },
        { log: silentLog, folder: () => server.door, mayAccess: () => true },
      );
  a.fetcher.addPeer(atA);
  b.fetcher.addPeer(atB);
}

/** Begins to fetch what the member lacks, as the engine does it. */
function receive(self: Member) {
  const lacking = file.flatMap(({ item }, i) => (self.has.has(item) ? [] : [i]));
  return self.fetcher
    .fetch({
      folderId: testFolder,
      items: spreadOut(lacking, createTestRandom(`order ${self.key}`)).map(
        (i) => (file[i] as (typeof file)[number]).item,
      ),
      signal: new AbortController().signal,
      onBlock: (item) => void self.has.add(item),
    })
    .then((outcome) => {
      self.isWhole = outcome.missing.length === 0;
      return outcome;
    });
}

const allOf = file.map(({ item }) => item);

describe('a file that several devices receive', () => {
  test('[TF27] comes to all of them in little more than the time to send it once', async () => {
    const clock = createManualClock();
    const source = member('source', clock, allOf, true);
    const receivers = [1, 2, 3, 4, 5].map((i) => member(`receiver ${i}`, clock, [], false));
    for (const [i, receiver] of receivers.entries())
      for (const other of [source, ...receivers.slice(0, i)]) connect(other, receiver);
    const outcomes = Promise.all(receivers.map(receive));
    await until(clock, () => receivers.every(({ isWhole }) => isWhole), 'all have it');
    expect((await outcomes).flatMap(({ missing }) => missing)).toEqual([]);
    const onceMs = file.length * msPerBlock;
    expect(clock.monotonic() / onceMs).toBeLessThan(1.6);
    expect(source.sentBytes / (file.length * blockBytes)).toBeLessThan(1.5);
  });

  test('[TF27] is completed by devices that have different parts of it once its holder has gone', async () => {
    const clock = createManualClock();
    const a = member('a', clock, allOf.slice(0, 200), false);
    const b = member('b', clock, allOf.slice(200), false);
    connect(a, b);
    const outcomes = Promise.all([receive(a), receive(b)]);
    await until(clock, () => a.isWhole && b.isWhole, 'both have it');
    expect((await outcomes).flatMap(({ missing }) => missing)).toEqual([]);
    expect([a.sentBytes, b.sentBytes]).toEqual([200 * blockBytes, 200 * blockBytes]);
  });

  test('[TF28] is given up when those that receive it too have got nothing for 10 s', async () => {
    const clock = createManualClock();
    const a = member('a', clock, allOf.slice(0, 100), false);
    const b = member('b', clock, allOf.slice(0, 150), false);
    connect(a, b);
    const fetching = receive(a);
    await pass(clock, 5_000);
    for (const item of allOf.slice(150, 200)) b.has.add(item);
    await pass(clock, 14_000);
    expect(a.has.size).toBe(200);
    let missing: readonly BlockItem[] | undefined;
    void fetching.then((outcome) => {
      missing = outcome.missing;
    });
    await pass(clock, 5_000);
    expect(missing).toHaveLength(200);
  });
});
