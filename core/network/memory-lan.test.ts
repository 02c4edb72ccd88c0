import { expect, test } from 'vitest';
import { deviceKey } from '../model/ids.ts';
import type { FrameStream } from '../protocol/protocol.ts';
import { createMemoryLan, type MemoryLan } from './memory-lan.ts';
import type { Connection, Network, Sighting } from './network-interface.ts';
import { createManualClock, from, type ManualClock, networkSuite } from './network-suite.ts';

const keyOf = (number: number) => deviceKey(number.toString(16).padStart(2, '0').repeat(32));

async function pump<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const over = (): void => {
    done = true;
  };
  promise.then(over, over);
  for (let step = 0; step < 60_000; step++) {
    await clock.advance(1);
    if (done) return promise;
  }
  throw new Error('nothing came of it in a minute');
}

networkSuite(() => {
  const clock = createManualClock();
  const lan = createMemoryLan({ clock });
  let count = 0;
  return {
    make: (admission) => Promise.resolve(lan.join({ self: keyOf(++count), admission })),
    until: (promise) => pump(clock, promise),
    settle: () => clock.advance(100),
  };
});

async function twoOnALan(): Promise<{
  clock: ManualClock;
  lan: MemoryLan;
  a: Network;
  b: Network;
  near: Connection;
  here: FrameStream;
  there: FrameStream;
}> {
  const clock = createManualClock();
  const lan = createMemoryLan({ clock });
  const a = lan.join({ self: keyOf(1), admission: () => 'admit' });
  const b = lan.join({ self: keyOf(2), admission: () => 'admit' });
  const arriving = new Promise<FrameStream>((resolve) => b.handle('/lockstep/ctl/1', resolve));
  await Promise.all([a.start(), b.start()]);
  const near = await pump(clock, a.dial(b.self, from(b)));
  const here = await pump(clock, near.openStream('/lockstep/ctl/1'));
  return { clock, lan, a, b, near, here, there: await arriving };
}

test('[NW12] devices with a tag in common see each other, others do not', async () => {
  const clock = createManualClock();
  const lan = createMemoryLan({ clock });
  const seen: [number, Sighting][] = [];
  const networks = [1, 2, 3].map((number) => {
    const network = lan.join({ self: keyOf(number), admission: () => 'admit' });
    network.onSighting((sighting) => seen.push([number, sighting]));
    return network;
  });
  for (const network of networks) await network.start();
  networks[0]?.discover(['aaaaaaaa']);
  networks[1]?.discover(['bbbbbbbb', 'aaaaaaaa']);
  networks[2]?.discover(['cccccccc']);
  await clock.advance(100);
  const eachOther = [
    [1, keyOf(2)],
    [2, keyOf(1)],
  ];
  expect(seen.map(([who, { peer }]) => [who, peer])).toEqual(eachOther);
  networks[1]?.woke();
  await clock.advance(100);
  expect(seen.slice(2).map(([who, { peer }]) => [who, peer])).toEqual(expect.arrayContaining(eachOther));
});

test('[NW13] a cut link carries nothing, tells nobody, and loses nothing', async () => {
  const { clock, lan, a, b, here, there } = await twoOnALan();
  lan.cut(a.self, b.self, 'one');
  await pump(clock, there.send(Uint8Array.of(2)));
  expect(await pump(clock, here.receive())).toEqual(Uint8Array.of(2));
  await pump(clock, here.send(Uint8Array.of(1)));
  const waiting = there.receive();
  let heard = false;
  void waiting.then(() => {
    heard = true;
  });
  await clock.advance(60_000);
  expect(heard).toBe(false);
  expect(b.connections()).toHaveLength(1);
  lan.heal(a.self, b.self);
  expect(await pump(clock, waiting)).toEqual(Uint8Array.of(1));
});

test('[NW13] dialling over a cut link fails in the end, and nothing comes of it later', async () => {
  const { clock, lan, a, b } = await twoOnALan();
  lan.drop(a.self, b.self);
  lan.cut(a.self, b.self);
  await expect(pump(clock, a.dial(b.self, from(b)))).rejects.toMatchObject({ code: 'unreachable' });
  lan.heal(a.self, b.self);
  await clock.advance(1_000);
  expect(a.connections()).toEqual([]);
  expect(b.connections()).toEqual([]);
});

test('[NW13] a truncated stream ends without an end frame', async () => {
  const { clock, lan, a, b, near, here, there } = await twoOnALan();
  await pump(clock, here.send(Uint8Array.of(1)));
  await clock.advance(10);
  lan.truncate(a.self, b.self);
  expect(await pump(clock, there.receive())).toEqual(Uint8Array.of(1));
  await expect(pump(clock, there.receive())).rejects.toThrow('without saying so');
  expect(a.connections()).toEqual([near]);
});

test('[NW13] delay holds up what is sent and keeps its order', async () => {
  const { clock, lan, a, b, here, there } = await twoOnALan();
  lan.delay(a.self, b.self, 500);
  await here.send(Uint8Array.of(1));
  lan.delay(a.self, b.self, 1);
  await here.send(Uint8Array.of(2));
  const first = there.receive();
  let heard = false;
  void first.then(() => {
    heard = true;
  });
  await clock.advance(499);
  expect(heard).toBe(false);
  expect(await pump(clock, first)).toEqual(Uint8Array.of(1));
  expect(await pump(clock, there.receive())).toEqual(Uint8Array.of(2));
});
