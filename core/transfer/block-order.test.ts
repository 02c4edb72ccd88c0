import { describe, expect, test } from 'vitest';
import { silentLog } from '../base/base.ts';
import { createPacing } from '../engine/pacing.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { BlockItem } from '../protocol/protocol.ts';
import { createTestRandom, keyOf, testBlock } from '../testing/index-device.ts';
import { createManualClock, type ManualClock, pass, until } from '../testing/manual-clock.ts';
import { connectInMemory } from '../testing/memory-connection.ts';
import { createBlockFetcher, type FolderDoor, serveBlocks, type WishForBlocks } from './transfer.ts';

const KiB = 1024;
const work = 'a'.repeat(32) as FolderId;
const photos = 'b'.repeat(32) as FolderId;

/** A device that has every block of `blocks` in every folder and needs `msPerKiB` for each. */
function holder(name: string, blocks: ReadonlyMap<string, Uint8Array>, clock: ManualClock, msPerKiB: number) {
  const [connection, there] = connectInMemory(keyOf('me'), keyOf(name));
  const door = (folderId: FolderId) =>
    ({
      folderId,
      blockReader: () => async (item: BlockItem) => {
        await new Promise<void>((resolve) => clock.after((item.sizeBytes / KiB) * msPerKiB, resolve));
        return blocks.get(item.hash);
      },
    }) as Partial<FolderDoor> as FolderDoor;
  const doors = new Map([work, photos].map((id) => [id, door(id)]));
  there.onStream = (stream) =>
    void serveBlocks(
      { connection: there, stream },
      { log: silentLog, folder: (id) => doors.get(id), mayAccess: () => true },
    );
  return connection;
}

function setUp({ receiveBps = null as number | null } = {}) {
  const clock = createManualClock();
  const pacing = createPacing(clock);
  pacing.set({ sendBps: null, receiveBps, lanExempt: true });
  const fetcher = createBlockFetcher({
    clock,
    random: createTestRandom('order'),
    log: silentLog,
    intake: pacing.intake,
  });
  const blocks = new Map<string, Uint8Array>();
  const came: {
    readonly wish: string;
    readonly at: number;
    readonly bytes: number;
    readonly from: DeviceKey;
  }[] = [];
  const ended = new Set<string>();
  const fetch = (
    wish: string,
    folderId: FolderId,
    { count, sizeBytes }: { readonly count: number; readonly sizeBytes: number },
    more: Partial<WishForBlocks> = {},
  ): void => {
    const own = Array.from({ length: count }, (_, i) => testBlock(`${wish} ${i}`, sizeBytes, wish));
    for (const { item, bytes } of own) blocks.set(item.hash, bytes);
    void fetcher
      .fetch({
        folderId,
        items: own.map(({ item }) => item),
        signal: new AbortController().signal,
        onBlock(_item, { bytes }, from) {
          pacing.pace.received({ peer: from, isNear: false }, bytes.length, 'blocks');
          came.push({ wish, at: clock.monotonic(), bytes: bytes.length, from });
        },
        ...more,
      })
      .then(({ missing }) => {
        expect(missing).toEqual([]);
        ended.add(wish);
      });
  };
  /** How many blocks of others came before this wish was fulfilled. */
  const before = (wish: string): number => {
    const last = came.findLastIndex((block) => block.wish === wish);
    return came.slice(0, last).filter((block) => block.wish !== wish).length;
  };
  return { clock, pacing, fetcher, blocks, came, ended, fetch, before };
}

describe('which blocks come first', () => {
  test('[LM21] a single edit does not wait for another folder’s many files, nor for its large one', async () => {
    for (const mass of [
      { count: 1_000, sizeBytes: KiB, asked: 128 },
      { count: 60, sizeBytes: 128 * KiB, asked: 8 },
    ]) {
      const { clock, fetcher, blocks, ended, fetch, before } = setUp();
      fetch('mass', photos, mass);
      fetch('edit', work, { count: 1, sizeBytes: 4 * KiB });
      fetcher.addPeer(holder('h', blocks, clock, 1));
      await until(clock, () => ended.has('edit'));
      expect(before('edit')).toBeLessThanOrEqual(mass.asked);
      await until(clock, () => ended.has('mass'));
    }
  });

  test('[LM21] folders share what comes, by bytes', async () => {
    const { clock, fetcher, blocks, came, fetch } = setUp();
    fetch('small', work, { count: 4_000, sizeBytes: KiB });
    fetch('large', photos, { count: 100, sizeBytes: 64 * KiB });
    fetcher.addPeer(holder('h', blocks, clock, 1));
    await pass(clock, 5_000);
    const bytesOf = (wish: string) =>
      came.filter((block) => block.wish === wish).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(came.length).toBeGreaterThan(100);
    expect(bytesOf('small') / bytesOf('large')).toBeGreaterThan(0.6);
    expect(bytesOf('small') / bytesOf('large')).toBeLessThan(1.6);
  });

  test('[LM20] what a person waits for comes before all, in its own folder and in others', async () => {
    for (const folder of [work, photos]) {
      const { clock, fetcher, blocks, came, ended, fetch, before } = setUp();
      fetch('mass', photos, { count: 120, sizeBytes: 64 * KiB });
      fetch('edit', work, { count: 50, sizeBytes: 64 * KiB });
      fetcher.addPeer(holder('h', blocks, clock, 1));
      await until(clock, () => came.length > 20);
      const cameBefore = came.length;
      fetch('opened', folder, { count: 20, sizeBytes: 64 * KiB }, { urgency: 'waited-for' });
      fetcher.addPeer(holder('h2', blocks, clock, 1));
      await until(clock, () => ended.has('opened'));
      // What both devices had been asked for already, and one is asked for while the other delivers the last of it.
      expect(before('opened') - cameBefore).toBeLessThan(70);
    }
  });

  test('[LM22] in a folder large files come after small ones', async () => {
    const { clock, fetcher, blocks, ended, fetch, before } = setUp();
    fetch('film', work, { count: 40, sizeBytes: 64 * KiB }, { urgency: 'later' });
    fetch('edits', work, { count: 50, sizeBytes: 4 * KiB });
    fetcher.addPeer(holder('h', blocks, clock, 1));
    await until(clock, () => ended.has('film'));
    expect(before('edits')).toBe(0);
  });
});

describe('at a rate', () => {
  test('[LM1] [LM4] no more comes than the rate, a quarter of a second and what was asked for last, from however many holders', async () => {
    const receiveBps = 500_000;
    const { clock, fetcher, blocks, came, ended, fetch } = setUp({ receiveBps });
    fetch('file', work, { count: 60, sizeBytes: 128 * KiB });
    for (const name of ['a', 'b', 'c']) fetcher.addPeer(holder(name, blocks, clock, 0.05));
    await until(clock, () => ended.has('file'));
    for (const [i, first] of came.entries()) {
      let sum = 0;
      for (const { at, bytes } of came.slice(i)) {
        sum += bytes;
        expect(sum).toBeLessThanOrEqual(
          receiveBps * ((at - first.at) / 1000 + 0.25) + 128 * KiB + 500_000 * 0.02,
        );
      }
    }
    const bestMs = ((60 * 128 * KiB) / receiveBps) * 1000;
    expect(clock.monotonic()).toBeLessThan(bestMs * 1.2);
    // Each of them had a share.
    for (const name of ['a', 'b', 'c'])
      expect(came.filter(({ from }) => from === keyOf(name)).length).toBeGreaterThan(10);
  });

  test('[LM21] [LM4] a holder that alone has something is not kept waiting by a faster one', async () => {
    const { clock, fetcher, blocks, ended, fetch } = setUp({ receiveBps: 200_000 });
    fetch('mass', photos, { count: 60, sizeBytes: 64 * KiB }, { holders: [keyOf('fast')] });
    fetch('edit', work, { count: 1, sizeBytes: 4 * KiB }, { holders: [keyOf('slow')] });
    fetcher.addPeer(holder('fast', blocks, clock, 0.01));
    fetcher.addPeer(holder('slow', blocks, clock, 10));
    await until(clock, () => ended.has('edit'));
    expect(clock.monotonic()).toBeLessThan(2_000);
  });

  test('[LM6] taking the rate away holds at once', async () => {
    const { clock, pacing, fetcher, blocks, came, ended, fetch } = setUp({ receiveBps: 10_000 });
    fetch('file', work, { count: 60, sizeBytes: 128 * KiB });
    fetcher.addPeer(holder('a', blocks, clock, 0.05));
    await pass(clock, 5_000);
    expect(came.length).toBeLessThan(3);
    const before = clock.monotonic();
    pacing.set({ sendBps: null, receiveBps: null, lanExempt: true });
    fetcher.intakeChanged();
    await until(clock, () => ended.has('file'));
    expect(clock.monotonic() - before).toBeLessThan(2_000);
  });
});

describe('past what is slow', () => {
  test('[LM23] a small block, and one that a person waits for, do not wait for the large ones that a slow device was asked for', async () => {
    const { clock, fetcher, blocks, came, ended, fetch } = setUp();
    fetch('film', work, { count: 30, sizeBytes: 256 * KiB }, { urgency: 'later' });
    fetcher.addPeer(holder('slow', blocks, clock, 40));
    await until(clock, () => came.length > 0);
    fetch('edit', work, { count: 1, sizeBytes: 4 * KiB });
    fetch('opened', photos, { count: 1, sizeBytes: 100 * KiB }, { urgency: 'waited-for' });
    const before = came.length;
    await until(clock, () => ended.has('edit') && ended.has('opened'));
    expect(came.slice(before).filter(({ wish }) => wish === 'film').length).toBeLessThanOrEqual(1);
  });

  test('[LM23] many small ones do not crowd that way', async () => {
    const { clock, fetcher, blocks, came, ended, fetch } = setUp();
    fetch('film', work, { count: 30, sizeBytes: 256 * KiB }, { urgency: 'later' });
    fetcher.addPeer(holder('slow', blocks, clock, 40));
    await until(clock, () => came.length > 0);
    fetch('many', photos, { count: 400, sizeBytes: 16 * KiB });
    await pass(clock, 3_000);
    fetch('edit', work, { count: 1, sizeBytes: 4 * KiB });
    const before = came.length;
    await until(clock, () => ended.has('edit'));
    expect(came.slice(before).filter(({ wish }) => wish === 'many').length).toBeLessThanOrEqual(16);
  });

  test('[TF26] a device that is held to a low rate is not taken for stuck', async () => {
    const { clock, fetcher, fetch, blocks, ended } = setUp();
    fetch('file', work, { count: 1, sizeBytes: 1024 * KiB });
    const slow = holder('slow', blocks, clock, 150);
    let isOver = false;
    void slow.closed.then(() => {
      isOver = true;
    });
    fetcher.addPeer({
      ...slow,
      traffic: () => ({
        sentBytes: 0,
        receivedBytes: clock.monotonic() * 7,
        lastReceivedAt: clock.monotonic(),
      }),
    });
    await until(clock, () => ended.has('file'));
    expect(clock.monotonic()).toBeGreaterThan(150_000);
    expect(isOver).toBe(false);
  });
});
