import { expect, test } from 'vitest';
import { type Random, silentLog } from '../base/base.ts';
import { type DeviceKey, deviceKey } from '../model/ids.ts';
import { createMemoryLan } from './memory-lan.ts';
import type { Admission, Connection, Network } from './network-interface.ts';
import { createManualClock, from } from './network-suite.ts';
import { createPeerKeeper, type PeerKeeper } from './peer-keeper.ts';

const small = deviceKey('11'.repeat(32));
const large = deviceKey('22'.repeat(32));

/** Always the middle: what is chosen at random is tested elsewhere. */
const middling: Random = { bytes: (length) => new Uint8Array(length).fill(0x80) };

interface Device {
  readonly network: Network;
  readonly keeper: PeerKeeper;
  readonly reported: Connection[];
  state(): string | undefined;
}

function makeWorld() {
  const clock = createManualClock();
  const lan = createMemoryLan({ clock });
  const makeDevice = async (self: DeviceKey, admission: Admission = () => 'admit'): Promise<Device> => {
    const network = lan.join({ self, admission });
    const keeper = createPeerKeeper({ network, clock, random: middling, log: silentLog });
    const reported: Connection[] = [];
    keeper.onPeer((connection) => reported.push(connection));
    await network.start();
    keeper.start();
    return { network, keeper, reported, state: () => keeper.states()[0]?.state };
  };
  return { clock, lan, makeDevice };
}

async function makePair() {
  const world = makeWorld();
  const a = await world.makeDevice(small);
  const b = await world.makeDevice(large);
  const wantEachOther = (): void => {
    a.keeper.want([{ peer: large, addresses: from(b.network) }]);
    b.keeper.want([{ peer: small, addresses: from(a.network) }]);
  };
  return { ...world, a, b, wantEachOther };
}

test('[PK1] at start each wanted device is dialled where it was last, and told of once it has answered', async () => {
  const { clock, a, b } = await makePair();
  b.keeper.want([{ peer: small, addresses: [] }]);
  a.keeper.want([{ peer: large, addresses: from(b.network) }]);
  expect(a.state()).toBe('waiting');
  await clock.advance(1);
  expect(a.state()).toBe('connecting');
  await clock.advance(100);
  expect([a.state(), b.state()]).toEqual(['connected', 'connected']);
  expect(a.reported.map(({ peer }) => peer)).toEqual([large]);
  expect(b.reported.map(({ peer }) => peer)).toEqual([small]);
  expect(a.keeper.states()[0]).toMatchObject({
    rttMs: 2,
    nextTryAt: undefined,
    address: b.network.addresses()[0],
  });
});

test('[PK1] a connection that was there before the device was wanted is taken over', async () => {
  const { clock, a, b } = await makePair();
  const dialled = a.network.dial(large, from(b.network));
  await clock.advance(10);
  const connection = await dialled;
  a.keeper.want([{ peer: large, addresses: [] }]);
  b.keeper.want([{ peer: small, addresses: [] }]);
  await clock.advance(100);
  expect(a.reported).toEqual([connection]);
  expect(b.state()).toBe('connected');
});

test('[PK2] of two connections both sides keep the one the smaller key dialled', async () => {
  const { clock, a, b, wantEachOther } = await makePair();
  wantEachOther();
  await clock.advance(500);
  expect(a.network.connections()).toHaveLength(2);
  expect(a.reported.at(-1)?.dialled).toBe(true);
  expect(b.reported.at(-1)?.dialled).toBe(false);
  await clock.advance(3_000);
  expect(a.network.connections()).toEqual([a.reported.at(-1)]);
  expect(b.network.connections()).toEqual([b.reported.at(-1)]);
  expect([a.state(), b.state()]).toEqual(['connected', 'connected']);
});

test('[PK2] when the better connection dies while there are two, the other one is kept', async () => {
  const { clock, a, b, wantEachOther } = await makePair();
  wantEachOther();
  await clock.advance(500);
  a.network
    .connections()
    .find(({ dialled }) => dialled)
    ?.abort(new Error('bad luck'));
  await clock.advance(3_000);
  expect(a.network.connections()).toHaveLength(1);
  expect(a.reported.at(-1)).toBe(a.network.connections()[0]);
  expect(b.reported.at(-1)).toBe(b.network.connections()[0]);
});

test('[PK3] on a sighting the smaller key dials and the larger waits', async () => {
  const { clock, a, b } = await makePair();
  a.keeper.want([{ peer: large, addresses: [] }]);
  b.keeper.want([{ peer: small, addresses: [] }]);
  await clock.advance(5_000);
  expect([a.state(), b.state()]).toEqual(['waiting', 'waiting']);
  a.network.discover(['aaaaaaaa']);
  b.network.discover(['aaaaaaaa']);
  await clock.advance(3_000);
  expect([a.state(), b.state()]).toEqual(['connected', 'connected']);
  expect(a.reported).toHaveLength(1);
  expect(a.reported[0]?.dialled).toBe(true);
});

test('[PK3] one that has just come dials at once, and is not dialled as well by whoever sees it come', async () => {
  const { clock, a, b } = await makePair();
  let dials = 0;
  for (const { network } of [a, b]) {
    const { dial } = network;
    network.dial = (...args) => {
      dials += 1;
      return dial(...args);
    };
  }
  a.keeper.want([{ peer: large, addresses: [] }]);
  a.keeper.sighted({ peer: large, addresses: b.network.addresses() });
  b.keeper.want([{ peer: small, addresses: from(a.network) }]);
  await clock.advance(3_000);
  expect([a.state(), b.state()]).toEqual(['connected', 'connected']);
  expect(dials).toBe(1);
});

test('[PK3] the larger key dials if the smaller does not', async () => {
  const { clock, a, b } = await makePair();
  a.keeper.want([{ peer: large, addresses: [] }]);
  b.keeper.want([{ peer: small, addresses: [] }]);
  b.keeper.sighted({ peer: small, addresses: a.network.addresses() });
  await clock.advance(900);
  expect(b.state()).toBe('waiting');
  await clock.advance(2_000);
  expect(b.state()).toBe('connected');
});

test('[PK4] a device that is away is tried again, ever more rarely, at least once a minute', async () => {
  const { clock, makeDevice } = makeWorld();
  const a = await makeDevice(small);
  const dialledAt: number[] = [];
  const dial = a.network.dial;
  a.network.dial = (...args) => {
    dialledAt.push(clock.monotonic());
    return dial(...args);
  };
  a.keeper.want([{ peer: large, addresses: [{ address: '/memory/99', origin: 'person' }] }]);
  await clock.advance(600_000);
  const gaps = dialledAt.slice(1).map((at, index) => at - (dialledAt[index] as number));
  expect(Math.round((gaps[0] as number) / 250)).toBe(3);
  for (const [index, gap] of gaps.entries()) {
    expect(gap).toBeGreaterThanOrEqual(Math.min((gaps[index - 1] ?? 0) * 0.99, 30_000));
    expect(gap).toBeLessThanOrEqual(61_000);
  }
  expect(gaps.length).toBeGreaterThan(10);
});

/** A device that has long tried in vain to reach another, which is there now. */
async function makeLatecomer() {
  const { clock, makeDevice } = makeWorld();
  const a = await makeDevice(small);
  a.keeper.want([{ peer: large, addresses: [{ address: '/memory/2', origin: 'person' }] }]);
  await clock.advance(300_000);
  const b = await makeDevice(large);
  b.keeper.want([{ peer: small, addresses: [] }]);
  return { clock, a };
}

test('[PK4] a sighting, and a wish, make the next try come at once', async () => {
  const { clock, a } = await makeLatecomer();
  expect(a.keeper.states()[0]?.nextTryAt).toBeGreaterThan(clock.now());
  a.keeper.tryNow(large);
  expect(a.state()).toBe('connecting');
  await clock.advance(100);
  expect(a.state()).toBe('connected');
});

test('[PK4] a machine that woke tries at once whom it is not connected to', async () => {
  const { clock, a } = await makeLatecomer();
  a.keeper.woke();
  await clock.advance(100);
  expect(a.state()).toBe('connected');
});

test('[PK4] invented sightings do not make a device dial more than once a second', async () => {
  const { clock, makeDevice } = makeWorld();
  const a = await makeDevice(small);
  let dials = 0;
  const dial = a.network.dial;
  a.network.dial = (...args) => {
    dials += 1;
    return dial(...args);
  };
  a.keeper.want([{ peer: large, addresses: [] }]);
  for (let index = 0; index < 100; index++) {
    a.keeper.sighted({ peer: large, addresses: [`/memory/${1000 + index}`] });
    await clock.advance(100);
  }
  expect(dials).toBeLessThanOrEqual(11);
});

test('[PK4] a device that lets nobody stay is not knocked at without pause', async () => {
  const { clock, makeDevice } = makeWorld();
  const a = await makeDevice(small);
  const b = await makeDevice(large, () => 'refuse');
  let dials = 0;
  const dial = a.network.dial;
  a.network.dial = (...args) => {
    dials += 1;
    return dial(...args);
  };
  a.keeper.want([{ peer: large, addresses: from(b.network) }]);
  await clock.advance(120_000);
  expect(dials).toBeLessThan(10);
  expect(a.reported).toEqual([]);
});

test('[PK5] a silent connection is given up after fifteen seconds and made anew', async () => {
  const { clock, lan, a, b, wantEachOther } = await makePair();
  wantEachOther();
  await clock.advance(5_000);
  const first = a.reported.at(-1) as Connection;
  let overAt: number | undefined;
  void first.closed.then(() => {
    overAt = clock.monotonic();
  });
  await clock.advance(10_000);
  const cutAt = clock.monotonic();
  lan.cut(small, large);
  await clock.advance(25_000);
  expect((overAt as number) - cutAt).toBeGreaterThan(9_000);
  expect((overAt as number) - cutAt).toBeLessThanOrEqual(16_000);
  expect([a.state(), b.state()]).not.toContain('connected');
  lan.heal(small, large);
  await clock.advance(70_000);
  expect([a.state(), b.state()]).toEqual(['connected', 'connected']);
  expect(a.network.connections()).toHaveLength(1);
});

test('[PK5] after a sleep a connection that died in it is given up after five seconds, one that lives is kept', async () => {
  const { clock, lan, a, b, wantEachOther } = await makePair();
  wantEachOther();
  await clock.advance(20_000);
  const living = a.reported.at(-1) as Connection;
  a.keeper.woke();
  await clock.advance(60_000);
  expect(a.network.connections()).toEqual([living]);

  lan.cut(small, large);
  // A beat is on its way, and is lost with the sleep.
  await clock.advance(5_000);
  a.keeper.woke();
  await clock.advance(5_100);
  expect(a.network.connections()).toEqual([]);
  lan.heal(small, large);
  await clock.advance(20_000);
  expect([a.state(), b.state()]).toEqual(['connected', 'connected']);
});

test('[PK5] a quiet connection that answers its heartbeat is kept for ever', async () => {
  const { clock, a, wantEachOther } = await makePair();
  wantEachOther();
  await clock.advance(5_000);
  const connection = a.reported.at(-1);
  await clock.advance(3_600_000);
  expect(a.network.connections()).toEqual([connection]);
});

test('[PK5] bytes on any stream keep a connection whose heartbeat waits behind them', async () => {
  const { clock, makeDevice } = makeWorld();
  const a = await makeDevice(small);
  const b = await makeDevice(large);
  // It beats once, never answers, and sends data for 48 seconds.
  b.network.handle('/lockstep/beat/1', (stream) => void stream.send(Uint8Array.of(0, 0, 0, 0, 1)));
  b.network.handle('/lockstep/blk/1', (stream) => {
    void (async () => {
      for (let index = 0; index < 12; index++) {
        await stream.send(new Uint8Array(1000));
        await new Promise<void>((resolve) => void clock.after(4_000, resolve));
      }
    })();
  });
  a.keeper.want([{ peer: large, addresses: from(b.network) }]);
  await clock.advance(1_000);
  const connection = a.reported.at(-1) as Connection;
  const opening = connection.openStream('/lockstep/blk/1');
  await clock.advance(10);
  await opening;
  let over = false;
  void connection.closed.then(() => {
    over = true;
  });
  await clock.advance(55_000);
  expect(over).toBe(false);
  await clock.advance(10_000);
  expect(over).toBe(true);
});

test('[PK5] a heartbeat that is no heartbeat ends the connection', async () => {
  const { clock, makeDevice } = makeWorld();
  const a = await makeDevice(small);
  const b = await makeDevice(large);
  b.network.handle('/lockstep/beat/1', (stream) => void stream.send(Uint8Array.of(7, 7, 7)));
  a.keeper.want([{ peer: large, addresses: from(b.network) }]);
  await clock.advance(200);
  expect(a.network.connections()).toEqual([]);
  expect(a.reported).toEqual([]);
});

test('[PK6] who is no longer wanted is let go and not dialled again', async () => {
  const { clock, a, b } = await makePair();
  a.keeper.want([{ peer: large, addresses: from(b.network) }]);
  b.keeper.want([{ peer: small, addresses: [] }]);
  await clock.advance(500);
  a.keeper.want([]);
  await clock.advance(60_000);
  expect(a.network.connections()).toEqual([]);
  expect(a.keeper.states()).toEqual([]);
  expect(b.state()).toBe('waiting');
});

test('[PK6] connections of devices nobody asked for are left alone', async () => {
  const { clock, a, b } = await makePair();
  const dialled = a.network.dial(large, from(b.network));
  await clock.advance(60_000);
  expect(a.network.connections()).toEqual([await dialled]);
  expect([...a.reported, ...b.reported]).toEqual([]);
});

test('[PK7] a stopped keeper does nothing more', async () => {
  const { clock, lan, a, b, wantEachOther } = await makePair();
  wantEachOther();
  await clock.advance(5_000);
  a.keeper.stop();
  b.keeper.stop();
  lan.drop(small, large);
  await clock.advance(120_000);
  expect(a.network.connections()).toEqual([]);
});
