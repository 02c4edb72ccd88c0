import { describe, expect, test } from 'vitest';
import { silentLog } from '../base/base.ts';
import { piecesOf } from '../chunker/chunker.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import {
  type BlockItem,
  decodeBlockRequest,
  encodeBlockAnswer,
  type FrameStream,
} from '../protocol/protocol.ts';
import { createManualClock, type ManualClock, pass, settle, until } from '../testing/manual-clock.ts';
import { connectInMemory, type TestConnection } from '../testing/memory-connection.ts';
import { createTestRandom, keyOf, testBlock, testFolder } from '../testing/index-device.ts';
import { createBlockFetcher, type FolderDoor, serveBlocks } from './transfer.ts';

const KiB = 1024;
const me = keyOf('me');

type Blocks = ReturnType<typeof testBlock>[];
const someBlocks = (count: number, sizeBytes: number, seed = 'b', content?: string): Blocks =>
  Array.from({ length: count }, (_, i) => testBlock(`${seed} ${i}`, sizeBytes, content));

/** A device that serves blocks, and what it was asked for. */
interface Server {
  readonly key: DeviceKey;
  readonly connection: TestConnection;
  readonly atServer: TestConnection;
  readonly asked: BlockItem[];
  sentBytes: number;
  isAllowed: boolean;
}

/** Serves `blocks`, each read taking `readMs` a KiB. */
function serve(
  name: string,
  blocks: Blocks,
  clock: ManualClock,
  { msPerKiB = 0, lie = (bytes: Uint8Array) => bytes } = {},
): Server {
  const [connection, atServer] = connectInMemory(me, keyOf(name));
  const byHash = new Map(blocks.map(({ item, bytes }) => [item.hash, bytes]));
  const server: Server = { key: keyOf(name), connection, atServer, asked: [], sentBytes: 0, isAllowed: true };
  const door = {
    folderId: testFolder,
    blockReader: () => async (item: BlockItem) => {
      server.asked.push(item);
      const delayMs = (item.sizeBytes / KiB) * msPerKiB;
      if (delayMs > 0) await new Promise<void>((resolve) => clock.after(delayMs, resolve));
      const bytes = byHash.get(item.hash);
      if (bytes?.length === 1) throw new Error('disk error');
      return bytes === undefined ? undefined : lie(bytes);
    },
  } as Partial<FolderDoor> as FolderDoor;
  atServer.onStream = (stream) =>
    void serveBlocks(
      { connection: atServer, stream },
      {
        log: silentLog,
        folder: (folderId) => (folderId === testFolder ? door : undefined),
        mayAccess: () => server.isAllowed,
        sent: (_folder, bytes) => {
          server.sentBytes += bytes;
        },
      },
    );
  return server;
}

function setUp(clock: ManualClock) {
  const fetcher = createBlockFetcher({ clock, random: createTestRandom('fetch'), log: silentLog });
  const got = new Map<string, number>();
  const from = new Map<DeviceKey, number>();
  const fetch = (
    blocks: Blocks,
    more: { holders?: readonly DeviceKey[]; signal?: AbortSignal; onBlock?: () => Promise<void> } = {},
  ) => {
    const { onBlock, ...rest } = more;
    return fetcher.fetch({
      folderId: testFolder,
      items: blocks.map(({ item }) => item),
      signal: new AbortController().signal,
      ...rest,
      onBlock: async (item, { bytes }, peer) => {
        expect(bytes.length).toBe(item.sizeBytes);
        got.set(item.hash, (got.get(item.hash) ?? 0) + 1);
        from.set(peer, (from.get(peer) ?? 0) + bytes.length);
        await onBlock?.();
      },
    });
  };
  /** Runs the clock until the fetch is over. */
  const finish = async <T>(fetching: Promise<T>): Promise<T> => {
    let isOver = false;
    fetching
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    await until(clock, () => isOver, 'the fetch is over');
    return fetching;
  };
  return { fetcher, fetch, finish, got, from };
}

describe('fetching blocks', () => {
  test('[TF20] small blocks travel many to a request, large ones alone', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = [
      ...someBlocks(200, 2 * KiB),
      ...someBlocks(1, 3000 * KiB, 'large'),
      ...someBlocks(5, 300 * KiB, 'middle'),
    ];
    const server = serve('s', blocks, clock);
    const requests: number[] = [];
    fetcher.addPeer({
      ...server.connection,
      openStream: async (protocol) => countRequests(await server.connection.openStream(protocol), requests),
    });
    expect(await finish(fetch(blocks))).toEqual({ missing: [] });
    expect([...got.values()].every((times) => times === 1)).toBe(true);
    expect(got.size).toBe(206);
    expect(requests.length).toBeLessThan(12);
    expect(Math.max(...requests)).toBe(64);
  });

  test('[TF20] a block wanted in two places is fetched once and delivered for each', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(3, KiB);
    const server = serve('s', blocks, clock);
    fetcher.addPeer(server.connection);
    expect(await finish(fetch([...blocks, ...blocks]))).toEqual({ missing: [] });
    expect(server.asked).toHaveLength(3);
    expect([...got.values()]).toEqual([2, 2, 2]);
  });

  test('[TF21] several holders share the work by what they deliver; a slow one does not hold up the end', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, from } = setUp(clock);
    const blocks = someBlocks(240, 128 * KiB);
    const fast = [0, 1, 2].map((i) => serve(`fast ${i}`, blocks, clock, { msPerKiB: 0.4 }));
    const slow = serve('slow', blocks, clock, { msPerKiB: 40 });
    for (const server of [...fast, slow]) fetcher.addPeer(server.connection);
    expect(await finish(fetch(blocks))).toEqual({ missing: [] });
    const total = 240 * 128 * KiB;
    for (const server of fast) expect(from.get(server.key) ?? 0).toBeGreaterThan(total / 5);
    expect(from.get(slow.key) ?? 0).toBeLessThan(total / 20);
    // One alone would take 12.3 s, three 4.1 s; the slow one holds up to 20 s of work from its first moment.
    expect(clock.monotonic()).toBeLessThan(7000);
    const wasted = [...fast, slow].reduce((sum, server) => sum + server.sentBytes, 0) - total;
    expect(wasted).toBeLessThan(2 * 1024 * KiB);
  });

  test('[TF22] what a dropped peer owes goes to another at once', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(40, 64 * KiB);
    const a = serve('a', blocks, clock, { msPerKiB: 5 });
    const b = serve('b', blocks, clock, { msPerKiB: 1 });
    fetcher.addPeer(a.connection);
    const fetching = fetch(blocks);
    await until(clock, () => got.size >= 3);
    fetcher.addPeer(b.connection);
    await settle();
    a.atServer.abort(new Error('unplugged'));
    const before = clock.monotonic();
    expect(await finish(fetching)).toEqual({ missing: [] });
    expect(got.size).toBe(40);
    expect(clock.monotonic() - before).toBeLessThan(40 * 64 + 500);
  });

  test('[TF22] with the last peer gone the rest is missing, in the order given', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(40, 64 * KiB);
    const a = serve('a', blocks, clock, { msPerKiB: 5 });
    fetcher.addPeer(a.connection);
    const fetching = fetch(blocks);
    await until(clock, () => got.size >= 3);
    a.connection.abort(new Error('unplugged'));
    const { missing } = await finish(fetching);
    expect(missing).toEqual(blocks.map(({ item }) => item).filter((item) => !got.has(item.hash)));
    expect(await finish(fetch(blocks))).toEqual({ missing: blocks.map(({ item }) => item) });
  });

  test('[TF23] a holder that does not have a content is left alone for a while, longer each time', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish } = setUp(clock);
    const blocks = someBlocks(3, KiB, 'b', 'one content');
    const server = serve('s', [], clock);
    fetcher.addPeer(server.connection);
    const tries = async (): Promise<number> => {
      const before = server.asked.length;
      expect((await finish(fetch(blocks))).missing).toHaveLength(3);
      return server.asked.length - before;
    };
    expect(await tries()).toBe(3);
    expect(await tries()).toBe(0);
    await pass(clock, 60_000);
    expect(await tries()).toBe(3);
    await pass(clock, 2_000);
    expect(await tries()).toBe(0);
    expect(await finish(fetch(blocks, { holders: [keyOf('somebody else')] }))).toMatchObject({
      missing: { length: 3 },
    });
    expect(server.asked).toHaveLength(6);
  });

  test('[TF23] what one holder lacks, cannot read or may not give comes from another', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(20, KiB);
    const half = serve('half', blocks.slice(0, 10), clock);
    const broken = serve(
      'broken',
      blocks.map(({ item }) => ({ item, bytes: new Uint8Array(1) })),
      clock,
    );
    const changed = serve('changed', blocks, clock, { lie: (bytes) => bytes.map((byte) => byte ^ 1) });
    const closed = serve('closed', blocks, clock);
    closed.isAllowed = false;
    const whole = serve('whole', blocks, clock, { msPerKiB: 2 });
    for (const server of [half, broken, changed, closed, whole]) fetcher.addPeer(server.connection);
    expect(await finish(fetch(blocks))).toEqual({ missing: [] });
    expect(got.size).toBe(20);
    expect(closed.sentBytes + changed.sentBytes + broken.sentBytes).toBe(0);
    for (const server of [half, broken, changed, closed]) expect(server.connection.reason).toBeUndefined();
  });

  test('[TF24] [A34] a peer that sends something else is refused it, and cut off at the third time', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got, from } = setUp(clock);
    const blocks = someBlocks(12, KiB);
    const [connection, atLiar] = connectInMemory(me, keyOf('liar'));
    atLiar.onStream = (stream) => void lieForever(stream).catch(() => {});
    const honest = serve('honest', blocks, clock, { msPerKiB: 50 });
    fetcher.addPeer(connection);
    fetcher.addPeer(honest.connection);
    expect(await finish(fetch(blocks))).toEqual({ missing: [] });
    expect(got.size).toBe(12);
    expect([...from.keys()]).toEqual([honest.key]);
    expect(connection.reason).toMatchObject({ code: 'peer-misbehaved' });
  });

  test('[TF24] [A36] a malformed or greedy request ends the connection', async () => {
    const clock = createManualClock();
    const server = serve('s', [], clock);
    const stream = await server.connection.openStream('/lockstep/blk/1');
    await stream.send(Uint8Array.of(1, 2, 3));
    await settle();
    expect(server.atServer.reason).toMatchObject({ code: 'peer-misbehaved' });
  });

  test('[TF25] while a block is being taken, its peer is not read from', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(100, 128 * KiB);
    const server = serve('s', blocks, clock);
    fetcher.addPeer(server.connection);
    const { promise: open, resolve } = Promise.withResolvers<void>();
    const fetching = fetch(blocks, { onBlock: () => open });
    await pass(clock, 120_000);
    expect(got.size).toBe(1);
    expect(server.sentBytes).toBeLessThanOrEqual(2 * 1024 * KiB);
    expect(server.connection.reason).toBeUndefined();
    resolve();
    expect(await finish(fetching)).toEqual({ missing: [] });
  });

  test('[TF25] an abort, or a throw of onBlock, ends one fetch and no other', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish } = setUp(clock);
    const blocks = someBlocks(30, 64 * KiB);
    fetcher.addPeer(serve('s', blocks, clock, { msPerKiB: 1 }).connection);
    const stop = new AbortController();
    const stopped = fetch(blocks.slice(0, 10), { signal: stop.signal });
    const failing = fetch(blocks.slice(10, 20), { onBlock: () => Promise.reject(new Error('disk full')) });
    const fine = fetch(blocks.slice(20));
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    await expect(finish(failing)).rejects.toThrow('disk full');
    expect(await finish(fine)).toEqual({ missing: [] });
    const late = fetch(blocks);
    fetcher.stop();
    await expect(late).rejects.toMatchObject({ code: 'interrupted' });
    await expect(fetch(blocks)).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('[TF26] a peer that takes requests and answers nothing is doubled soon and given up later', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(6, 64 * KiB);
    const [silent, atSilent] = connectInMemory(me, keyOf('silent'));
    atSilent.onStream = () => {};
    fetcher.addPeer(silent);
    const fetching = fetch(blocks);
    await settle();
    const honest = serve('honest', blocks, clock);
    fetcher.addPeer(honest.connection);
    expect(await finish(fetching)).toEqual({ missing: [] });
    expect(clock.monotonic()).toBeLessThan(3000);
    expect(got.size).toBe(6);
    fetcher.removePeer(honest.connection);
    const alone = fetch(someBlocks(1, KiB, 'other'));
    expect((await finish(alone)).missing).toHaveLength(1);
    expect(clock.monotonic()).toBeLessThan(120_000);
  });

  test('[TF29] gives the lists of pieces that are asked for beside blocks', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish, got } = setUp(clock);
    const blocks = someBlocks(20, 40 * KiB);
    fetcher.addPeer(serve('s', blocks, clock).connection);
    const lists = new Map<BlockItem, Manifest>();
    const listing = fetcher.fetch({
      folderId: testFolder,
      items: blocks.map(({ item }) => item),
      signal: new AbortController().signal,
      onPieces: (item, list) => void lists.set(item, list),
    });
    const fetching = fetch(blocks);
    expect(await finish(listing)).toEqual({ missing: [] });
    expect(await finish(fetching)).toEqual({ missing: [] });
    expect(got.size).toBe(20);
    for (const { item, bytes } of blocks) expect(lists.get(item)).toEqual(piecesOf(bytes));
  });

  test('[TF29] a list that cannot be the block counts as a wrong block does', async () => {
    const clock = createManualClock();
    const { fetcher, finish } = setUp(clock);
    const [connection, atLiar] = connectInMemory(me, keyOf('liar'));
    atLiar.onStream = (stream) => void lieForever(stream).catch(() => {});
    fetcher.addPeer(connection);
    const listing = fetcher.fetch({
      folderId: testFolder,
      items: someBlocks(3, KiB).map(({ item }) => item),
      signal: new AbortController().signal,
      onPieces: () => expect.unreachable(),
    });
    expect((await finish(listing)).missing).toHaveLength(3);
    expect(connection.reason).toMatchObject({ code: 'peer-misbehaved' });
  });

  test('[TF21] what is short says of a rate only that it is not lower', async () => {
    const clock = createManualClock();
    const { fetcher, fetch, finish } = setUp(clock);
    const large = someBlocks(20, 128 * KiB);
    const small = someBlocks(20, KiB, 'small');
    fetcher.addPeer(serve('s', [...large, ...small], clock, { msPerKiB: 0.1 }).connection);
    await finish(fetch(large));
    const rate = fetcher.fastestRate();
    for (const block of small) await finish(fetch([block]));
    expect(fetcher.fastestRate()).toBeGreaterThanOrEqual(rate);
  });
});

function countRequests(stream: FrameStream, counts: number[]): FrameStream {
  return {
    ...stream,
    send(...parts) {
      counts.push(decodeBlockRequest(parts[0] as Uint8Array)?.items.length ?? 0);
      return stream.send(...parts);
    },
  };
}

async function lieForever(stream: FrameStream): Promise<void> {
  for (let frame = await stream.receive(); frame !== undefined; frame = await stream.receive()) {
    const request = decodeBlockRequest(frame);
    if (request === undefined) continue;
    await stream.send(
      encodeBlockAnswer({ id: request.id, statuses: request.items.map(() => 'here'), parts: [] }),
    );
    for (const item of request.items) await stream.send(new Uint8Array(item.sizeBytes).fill(7));
  }
}
