import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Clock } from '../base/base.ts';
import { deviceKey } from '../model/ids.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import type { Admission, Connection, DialAddress, Network } from './network-interface.ts';

/** Time that moves only when told. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass: what falls due runs in order, and what it sets off too. */
  advance(ms: number): Promise<void>;
}

export function createManualClock(): ManualClock {
  let time = 1_000_000;
  let order = 0;
  const timers = new Set<{ readonly at: number; readonly order: number; readonly run: () => void }>();
  const advance = async (ms: number): Promise<void> => {
    const end = time + ms;
    await setImmediate();
    for (;;) {
      const [next] = [...timers]
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order);
      if (next === undefined) break;
      timers.delete(next);
      time = Math.max(time, next.at);
      next.run();
      await setImmediate();
    }
    time = end;
  };
  return {
    now: () => time + 1_700_000_000_000,
    monotonic: () => time,
    after(delayMs, run) {
      order += 1;
      const timer = { at: time + delayMs, order, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance,
  };
}

/** One kind of network under test. */
export interface NetworkWorld {
  /** A network that is not started yet. */
  make(admission: Admission): Promise<Network>;
  /** Waits for `promise` while the network's time passes. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Lets the network do all it can do by itself. */
  settle(): Promise<void>;
}

export const from = (network: Network): DialAddress[] =>
  network.addresses().map((address) => ({ address, origin: 'person' }));

/** The promises every {@link Network} keeps; `makeWorld` is called for each test. */
export function networkSuite(makeWorld: () => NetworkWorld): void {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  interface Pair {
    readonly world: NetworkWorld;
    readonly a: Network;
    readonly b: Network;
    readonly accepted: Promise<Connection>;
    readonly streams: AsyncIterator<FrameStream>;
    readonly refuse: { a: boolean; b: boolean };
  }
  /** Two networks that know each other; b answers blk streams by handing them to the test. */
  const makePair = async (): Promise<Pair> => {
    const world = makeWorld();
    const refuse = { a: false, b: false };
    const a = await world.make(() => (refuse.a ? 'refuse' : 'admit'));
    const b = await world.make(() => (refuse.b ? 'refuse' : 'admit'));
    cleanups.push(async () => {
      await world.until(Promise.all([a.stop(), b.stop()]));
    });
    const accepted = new Promise<Connection>((resolve) => b.onConnection(resolve));
    const arrived: FrameStream[] = [];
    let wake = (): void => {};
    b.handle('/lockstep/blk/1', (stream) => {
      arrived.push(stream);
      wake();
    });
    const streams = (async function* () {
      for (;;) {
        const next = arrived.shift();
        if (next !== undefined) yield next;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    })();
    await world.until(Promise.all([a.start(), b.start()]));
    return { world, a, b, accepted, streams, refuse };
  };
  const connect = async (): Promise<Pair & { near: Connection; far: Connection }> => {
    const pair = await makePair();
    const near = await pair.world.until(pair.a.dial(pair.b.self, from(pair.b)));
    const far = await pair.world.until(pair.accepted);
    return { ...pair, near, far };
  };
  const openStream = async () => {
    const pair = await connect();
    const here = await pair.world.until(pair.near.openStream('/lockstep/blk/1'));
    const there = (await pair.world.until(pair.streams.next())).value as FrameStream;
    return { ...pair, here, there };
  };
  const pattern = (length: number, seed: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);

  test('[NW1] both ends know each other by the key they proved', async () => {
    const { a, b, near, far } = await connect();
    expect(near).toMatchObject({ peer: b.self, dialled: true });
    expect(far).toMatchObject({ peer: a.self, dialled: false });
    expect(b.addresses()).toContain(near.address);
    expect(a.connections()).toEqual([near]);
    expect(b.connections()).toEqual([far]);
  });

  test('[NW1] [A20] whoever answers with another key is not the one who was called', async () => {
    const { world, a, b } = await makePair();
    const other = deviceKey('12'.repeat(32));
    await expect(world.until(a.dial(other, from(b)))).rejects.toMatchObject({ code: 'unreachable' });
    expect(a.connections()).toEqual([]);
  });

  test('[NW1] an open connection is used again', async () => {
    const { world, a, b, near } = await connect();
    expect(await world.until(a.dial(b.self, from(b)))).toBe(near);
  });

  test('[NW1] a device that is not there is unreachable, and a dial can be called off', async () => {
    const { world, a, b } = await makePair();
    const addresses = from(b);
    await expect(world.until(a.dial(b.self, []))).rejects.toMatchObject({ code: 'unreachable' });
    await expect(world.until(a.dial(b.self, addresses, AbortSignal.abort(new Error('off'))))).rejects.toThrow(
      'off',
    );
    await world.until(b.stop());
    await expect(world.until(a.dial(b.self, addresses))).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('[NW2] [A17] a refused device gets no connection, no stream and no answer', async () => {
    const { world, a, b, refuse, accepted } = await makePair();
    refuse.b = true;
    let told = false;
    void accepted.then(() => {
      told = true;
    });
    const outcome = await world.until(
      a.dial(b.self, from(b)).then(
        ({ closed }) => closed,
        (error: unknown) => error,
      ),
    );
    expect(outcome).toBeInstanceOf(Error);
    await world.settle();
    expect(told).toBe(false);
    expect(b.connections()).toEqual([]);
    expect(a.connections()).toEqual([]);
  });

  test('[NW2] a device this one refuses is not dialled into a connection', async () => {
    const { world, a, b, refuse } = await makePair();
    refuse.a = true;
    await expect(world.until(a.dial(b.self, from(b)))).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('[NW3] [A18] who is no longer admitted is gone in the same tick, streams included', async () => {
    const { world, b, refuse, near, far, here, there } = await openStream();
    const waiting = there.receive();
    waiting.catch(() => {});
    refuse.b = true;
    b.reconsider();
    expect(b.connections()).toEqual([]);
    await expect(waiting).rejects.toThrow('no longer admitted');
    expect((await far.closed).message).toBe('no longer admitted');
    await world.until(near.closed);
    await expect(here.receive()).rejects.toBeInstanceOf(Error);
    await expect(near.openStream('/lockstep/blk/1')).rejects.toBeInstanceOf(Error);
  });

  test('[NW3] reconsidering leaves those still admitted alone', async () => {
    const { b, far } = await connect();
    b.reconsider();
    expect(b.connections()).toEqual([far]);
  });

  test('[NW4] frames arrive whole, in order, each once, the empty and the largest too', async () => {
    const { world, here, there } = await openStream();
    const sizes = [
      0, 1, 2, 126, 127, 128, 4095, 4096, 16_383, 16_384, 65_000, 65_537, 1_000_000, 8_389_632, 0, 3,
    ];
    const sending = (async () => {
      for (const size of sizes) {
        const half = Math.floor(size / 2);
        const whole = pattern(size, size);
        await here.send(whole.subarray(0, half), whole.subarray(half));
      }
      await here.finish();
    })();
    for (const size of sizes) {
      const frame = await world.until(there.receive());
      expect(frame?.length).toBe(size);
      expect(Buffer.compare(frame as Uint8Array, pattern(size, size))).toBe(0);
    }
    expect(await world.until(there.receive())).toBeUndefined();
    expect(await world.until(there.receive())).toBeUndefined();
    await world.until(sending);
  });

  test('[NW4] sends that do not wait for each other do not mix', async () => {
    const { world, here, there } = await openStream();
    const sends = Array.from({ length: 50 }, (_, index) => here.send(pattern(10_000 + index, index)));
    for (let index = 0; index < 50; index++) {
      const frame = await world.until(there.receive());
      expect(Buffer.compare(frame as Uint8Array, pattern(10_000 + index, index))).toBe(0);
    }
    await world.until(Promise.all(sends));
  });

  test('[NW5] each side finishes for itself', async () => {
    const { world, here, there } = await openStream();
    await world.until(here.finish());
    await world.until(here.finish());
    expect(await world.until(there.receive())).toBeUndefined();
    await world.until(there.send(pattern(5, 1)));
    await world.until(there.finish());
    expect(await world.until(here.receive())).toEqual(pattern(5, 1));
    expect(await world.until(here.receive())).toBeUndefined();
  });

  test('[NW5] a server that answers and finishes at once is heard', async () => {
    const { world, near, streams } = await connect();
    for (let round = 0; round < 10; round++) {
      const here = await world.until(near.openStream('/lockstep/blk/1'));
      const there = (await world.until(streams.next())).value as FrameStream;
      await world.until(Promise.all([there.send(pattern(3, round)), there.finish()]));
      await world.settle();
      expect(await world.until(here.receive())).toEqual(pattern(3, round));
      expect(await world.until(here.receive())).toBeUndefined();
      await world.until(here.finish());
      expect(await world.until(there.receive())).toBeUndefined();
    }
  });

  test('[NW5] a stream that breaks says so, on both sides, and gives no reason away', async () => {
    const { world, here, there } = await openStream();
    const waiting = there.receive();
    waiting.catch(() => {});
    here.abort(new Error('a secret reason'));
    await expect(here.receive()).rejects.toThrow('a secret reason');
    await expect(here.send(pattern(1, 1))).rejects.toBeInstanceOf(Error);
    const heard = await world.until(waiting.catch((error: Error) => error));
    expect(heard).toBeInstanceOf(Error);
    expect(String(heard)).not.toContain('secret');
    await expect(there.receive()).rejects.toBeInstanceOf(Error);
    await expect(there.send(pattern(1, 1))).rejects.toBeInstanceOf(Error);
  });

  test('[NW5] a stream whose connection ends before its end frame is broken, not finished', async () => {
    const { world, far, here, there } = await openStream();
    await world.until(there.send(pattern(10, 1)));
    expect(await world.until(here.receive())).toEqual(pattern(10, 1));
    const waiting = here.receive();
    waiting.catch(() => {});
    far.abort(new Error('over'));
    await expect(world.until(waiting)).rejects.toBeInstanceOf(Error);
  });

  test('[NW6] a reader that takes nothing stops the sender, and loses nothing', {
    timeout: 60_000,
  }, async () => {
    const { world, near, far, here, there } = await openStream();
    const MiB = 1024 * 1024;
    const frame = pattern(512 * 1024, 7);
    const frames = 128;
    const sending = (async () => {
      for (let index = 0; index < frames; index++) await here.send(Uint8Array.of(index), frame);
      await here.finish();
    })();
    // RACE: nothing tells when a network has become quiet; the worst of looking too early is to see too little.
    for (let look = 0; look < 10; look++) await world.settle();
    expect(near.traffic().sentBytes).toBeLessThan(4 * MiB);
    expect(far.traffic().receivedBytes).toBeLessThan(4 * MiB);
    let ahead = 0;
    for (let index = 0; index < frames; index++) {
      const received = (await world.until(there.receive())) as Uint8Array;
      expect(received[0]).toBe(index);
      expect(Buffer.compare(received.subarray(1), frame)).toBe(0);
      ahead = Math.max(ahead, near.traffic().sentBytes - (index + 1) * frame.length);
    }
    expect(ahead).toBeLessThan(5 * MiB);
    expect(await world.until(there.receive())).toBeUndefined();
    await world.until(sending);
  });

  test('[NW6] one stream that stands still does not hold up another', async () => {
    const { world, near, here, streams } = await openStream();
    const large = new Uint8Array(8 * 1024 * 1024);
    const stuck = Promise.all([here.send(large), here.send(large)]);
    stuck.catch(() => {});
    await world.settle();
    const second = await world.until(near.openStream('/lockstep/blk/1'));
    const answering = (await world.until(streams.next())).value as FrameStream;
    await world.until(second.send(pattern(100_000, 3)));
    expect((await world.until(answering.receive()))?.length).toBe(100_000);
    here.abort(new Error('enough'));
    await expect(stuck).rejects.toBeInstanceOf(Error);
  });

  test('[NW7] a protocol without a handler is refused', async () => {
    const { world, near } = await connect();
    const asked = near.openStream('/lockstep/profile/1').then((stream) => stream.receive());
    await expect(world.until(asked)).rejects.toBeInstanceOf(Error);
  });

  test('[NW8] a read that is called off takes nothing with it', async () => {
    const { world, here, there } = await openStream();
    const stop = new AbortController();
    const called = there.receive(stop.signal);
    called.catch(() => {});
    stop.abort(new Error('not now'));
    await expect(called).rejects.toThrow('not now');
    await expect(there.receive(AbortSignal.abort(new Error('never')))).rejects.toThrow('never');
    await world.until(here.send(pattern(9, 9)));
    expect(await world.until(there.receive(new AbortController().signal))).toEqual(pattern(9, 9));
  });

  test('[NW9] what is sent is counted on both sides, and when it came', async () => {
    const { world, near, far, here, there } = await openStream();
    const before = far.traffic();
    await world.until(here.send(pattern(5_000, 1)));
    await world.until(there.receive());
    expect(near.traffic().sentBytes).toBeGreaterThanOrEqual(5_000);
    expect(far.traffic().receivedBytes).toBe(near.traffic().sentBytes);
    expect(far.traffic().lastReceivedAt).toBeGreaterThanOrEqual(before.lastReceivedAt);
  });

  test('[NW10] a frame over the limit is a bug here and is never sent', async () => {
    const { near, world, here } = await openStream();
    const before = near.traffic().sentBytes;
    await expect(here.send(new Uint8Array(9 * 1024 * 1024))).rejects.toThrow('over the limit');
    await world.settle();
    expect(near.traffic().sentBytes).toBe(before);
  });

  test('[NW11] a connection that is broken off ends at both sides with a reason', async () => {
    const { world, a, b, near, far } = await connect();
    near.abort(new Error('we part'));
    expect((await near.closed).message).toBe('we part');
    expect(await world.until(far.closed)).toBeInstanceOf(Error);
    await world.settle();
    expect([...a.connections(), ...b.connections()]).toEqual([]);
  });

  test('[NW11] stopping ends every connection', async () => {
    const { world, a, near, far } = await connect();
    await world.until(a.stop());
    await world.until(Promise.all([near.closed, far.closed]));
    expect(a.connections()).toEqual([]);
  });
}
