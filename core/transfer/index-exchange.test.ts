import { describe, expect, test } from 'vitest';
import { SyncError } from '../model/errors.ts';
import {
  encodeIndexMessage,
  type FrameStream,
  type IndexMessage,
  decodeIndexMessage,
  encodeCanonical,
  changeSetTree,
} from '../protocol/protocol.ts';
import { createManualClock, type ManualClock, pass, settle, until } from '../testing/manual-clock.ts';
import { connectInMemory } from '../testing/memory-connection.ts';
import {
  connectDevices,
  createTestDevice,
  keyOf,
  seal,
  type TestDevice,
  testFolder,
} from '../testing/index-device.ts';

const names = (count: number, directory = 'd'): string[] =>
  Array.from({ length: count }, (_, i) => `${directory}${i % 7}/file ${i}.txt`);
const device = (name: string, clock: ManualClock): Promise<TestDevice> => createTestDevice(name, clock);
const isSame = (...devices: readonly TestDevice[]): boolean =>
  new Set(devices.map((d) => d.root())).size === 1;

describe('index exchange', () => {
  test('[TF1] equal folders exchange one announcement each way and nothing else', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    const signed = a.sign(names(300), 'same');
    a.store(signed);
    await b.door.accept({ peer: a.key, live: false, sets: [signed.set], entries: signed.entries });
    b.door.tookOver(a.key, a.door.announcement(), []);
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 30_000);
    expect(overheard.messages.map(({ from, message }) => `${from} ${message.type}`).sort()).toEqual([
      'a announce',
      'b announce',
    ]);
    expect(a.tookOver.length + b.tookOver.length).toBe(3);
  });

  test('[TF2] a fresh device takes over 5,000 entries, the signatures once', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    for (let i = 0; i < 5; i++) a.store(a.sign(names(1000, `set${i}-`), `content ${i}`));
    const { overheard } = await connectDevices(a, b);
    await until(clock, () => isSame(a, b) && b.tookOver.length > 0);
    expect(b.paths()).toEqual(a.paths());
    expect(b.door.announcement().context).toEqual(a.door.announcement().context);
    const asked = overheard.messages.filter(
      ({ from, message }) => from === 'b' && message.type.startsWith('get-'),
    );
    expect(asked.length).toBe(1);
    const entryBytes = a
      .paths()
      .reduce((sum, path) => sum + (a.index.signedMembers(path as never)[0]?.bytes.length ?? 0), 0);
    expect(overheard.bytes).toBeLessThan(entryBytes * 1.5);
    for (const { message } of overheard.messages)
      expect(encodeIndexMessage(message).length).toBeLessThan(512 * 1024);
    await pass(clock, 5000);
    expect(b.door.announcement()).toEqual(a.door.announcement());
  });

  test('[TF3] three devices in a chain end equal, and later edits run through it', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    a.store(a.sign(names(700), 'one'));
    await connectDevices(a, b);
    await connectDevices(c, b);
    await until(clock, () => isSame(a, b, c));
    a.write(['live.txt'], 'edit');
    await until(clock, () => isSame(a, b, c) && c.paths().includes('live.txt'));
    c.write(['live.txt'], 'again');
    await until(clock, () => isSame(a, b, c));
    expect(a.index.members('live.txt' as never).map((m) => m.author)).toEqual([c.key]);
  });

  test('[TF2] random divergence converges, and small differences cost little', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    for (let i = 0; i < 2000; i += 1000) {
      const signed = a.sign(names(2000).slice(i, i + 1000), 'common');
      a.store(signed);
      await b.door.accept({ peer: a.key, live: false, sets: [signed.set], entries: signed.entries });
    }
    a.store(a.sign(['d1/file 1.txt', 'd2/only a.txt', 'x'], 'by a'));
    b.store(b.sign(['d1/file 1.txt', 'd3/file 3.txt', 'y/z'], 'by b'));
    const { overheard } = await connectDevices(a, b);
    await until(clock, () => isSame(a, b) && a.tookOver.length > 0 && b.tookOver.length > 0);
    expect(a.index.members('d1/file 1.txt' as never)).toHaveLength(2);
    expect(overheard.bytes).toBeLessThan(100_000);
    const sent = overheard.messages.flatMap(({ message }) =>
      message.type === 'entries' ? message.entries : [],
    );
    expect(sent.length).toBeLessThan(20);
  });

  test('[TF4] a new entry is pushed at once; an entry that came from a peer is not sent back to it', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 2000);
    overheard.messages.length = 0;
    a.write(['one.txt'], '1');
    await settle();
    expect(b.paths()).toEqual(['one.txt']);
    await pass(clock, 5000);
    const types = overheard.messages.map(({ from, message }) => `${from} ${message.type}`);
    expect(types.filter((t) => t.endsWith('entries'))).toEqual(['a entries']);
    expect(types.filter((t) => t.includes('get-'))).toEqual([]);
    expect(a.tookOver.at(-1)?.stateRoot).toBe(a.root());
  });

  test('[TF4] a relayed entry is not sent to those who have it from its author', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    const links = [await connectDevices(a, b), await connectDevices(b, c), await connectDevices(a, c)];
    await pass(clock, 2000);
    for (const { overheard } of links) overheard.messages.length = 0;
    a.write(['one.txt'], '1');
    await pass(clock, 5000);
    expect(isSame(a, b, c)).toBe(true);
    const pushes = links
      .flatMap(({ overheard }) => overheard.messages)
      .filter(({ message }) => message.type === 'entries');
    expect(pushes.map(({ from }) => from)).toEqual(['a', 'a']);
  });

  test('[TF4] a relayed entry that this device wrote over meanwhile keeps back nothing', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    await connectDevices(a, b);
    await connectDevices(b, c);
    await pass(clock, 2000);
    a.write(['one.txt'], '1');
    await settle();
    b.write(['one.txt'], '2');
    await settle();
    expect(c.index.members('one.txt' as never).map(({ author }) => author)).toEqual([b.key]);
  });

  test('[TF4] a backlog that grows too long is dropped, and comparing brings everything', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    await connectDevices(a, b);
    await pass(clock, 2000);
    for (let i = 0; i < 6; i++) a.write(names(1000, `bulk${i}-`), 'x');
    await until(clock, () => isSame(a, b));
    expect(b.paths()).toHaveLength(6000);
  });

  type Sent = Extract<IndexMessage, { type: 'entries' }>;
  const pushesOf = (overheard: { messages: readonly { message: IndexMessage }[] }): Sent[] =>
    overheard.messages.flatMap(({ message }) =>
      message.type === 'entries' && message.id === 0 ? [message] : [],
    );
  const hasEvidence = ({ sets, entries }: Sent): boolean =>
    sets.some(({ hashes }) => hashes !== undefined) || entries.some(({ proof }) => proof !== undefined);

  test('[TF15] entries that are pushed with all of their set carry neither list nor proof, and can be passed on with either', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 2000);
    a.write(names(500), null);
    a.write(['lone.txt'], '1');
    await pass(clock, 2000);
    expect(isSame(a, b)).toBe(true);
    expect(pushesOf(overheard).map(hasEvidence)).toEqual([false, false]);
    expect(overheard.bytes).toBeLessThan(500 * 40);
    b.write(names(400), 'anew');
    await connectDevices(b, c);
    await until(clock, () => isSame(b, c));
  });

  test('[TF15] sets that wait are cut into frames between them, and one that is larger than a frame has its list', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 2000);
    for (const [i, count] of [300, 200, 300, 400].entries()) a.write(names(count, `set ${i} `), 'x');
    await pass(clock, 2000);
    expect(isSame(a, b)).toBe(true);
    expect(pushesOf(overheard).map(({ entries }) => entries.length)).toEqual([300, 500, 400]);
    expect(pushesOf(overheard).some(hasEvidence)).toBe(false);
    a.write(names(600, 'large '), 'x');
    await pass(clock, 2000);
    expect(isSame(a, b)).toBe(true);
    expect(pushesOf(overheard).slice(-2).map(hasEvidence)).toEqual([true, true]);
  });

  test('[TF15] an entry that came with its own proof goes on with it', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    const { set, entries } = a.sign(['one', 'two', 'three'], 'x');
    const proof = changeSetTree(set.hashes).proofFor(1);
    const lone = entries.slice(1, 2).map((entry) => ({ ...entry, proof }));
    await b.door.accept({ peer: a.key, live: false, sets: [{ ...set, hashes: undefined }], entries: lone });
    await connectDevices(b, c);
    await until(clock, () => isSame(b, c));
    expect(c.paths()).toEqual(['two']);
  });

  test('[TF16] a device that is only behind is asked for nothing, however long it is', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    b.busy = true;
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 2000);
    for (let i = 0; i < 20; i++) {
      a.write(names(20, `batch ${i} `), 'x');
      await pass(clock, 400);
    }
    b.refusal = new Error('a full disk');
    a.write(['not taken'], 'x');
    await pass(clock, 5000);
    expect(isSame(a, b)).toBe(false);
    const asked = overheard.messages.filter(
      ({ from, message }) => from === 'a' && message.type.includes('get-'),
    );
    expect(asked).toEqual([]);
  });

  test('[TF16] what this device has lost since is asked for once all is compared again', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    await connectDevices(a, b);
    await pass(clock, 2000);
    a.write(['lost'], 'x');
    await pass(clock, 2000);
    b.refusal = new Error('a full disk');
    a.index.transaction(() => a.index.setMembers('lost' as never, [], []));
    a.write(['new'], 'x');
    await pass(clock, 5000);
    expect(a.paths()).toEqual(['new']);
    a.sessions[0]?.recheck();
    await until(clock, () => a.paths().includes('lost'));
  });

  test('[TF5] announcements are said at once when quiet, once a second while busy', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.busy = true;
    const { overheard } = await connectDevices(a, b);
    const said = () =>
      overheard.messages.filter(({ from, message }) => from === 'a' && message.type === 'announce').length;
    await settle();
    expect(said()).toBe(1);
    for (let i = 0; i < 100; i++) {
      a.store(a.sign([`f${i}`], 'x'));
      a.sessions[0]?.changed(testFolder);
      await pass(clock, 100);
    }
    expect(said()).toBeGreaterThanOrEqual(10);
    expect(said()).toBeLessThanOrEqual(12);
    await pass(clock, 60);
    const before = said();
    a.busy = false;
    a.sessions[0]?.changed(testFolder);
    await pass(clock, 300);
    expect(said()).toBe(before + 1);
    a.sessions[0]?.changed(testFolder);
    await pass(clock, 2000);
    expect(said()).toBe(before + 1);
  });

  test('[TF6] [A36] entries of an author not heard of are left out without harm, and come after it is', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    const c = await device('c', clock);
    a.store(a.sign(['by a'], '1'));
    const foreign = c.sign(['by c'], '2');
    await a.door.accept({ peer: c.key, live: false, sets: [foreign.set], entries: foreign.entries });
    b.strangers.add(c.key);
    const { atB } = await connectDevices(a, b);
    await pass(clock, 20_000);
    expect(b.paths()).toEqual(['by a']);
    expect(b.tookOver).toEqual([]);
    expect(atB.reason).toBeUndefined();
    b.strangers.clear();
    b.sessions[0]?.recheck();
    await settle();
    await pass(clock, 100);
    expect(b.paths()).toEqual(['by a', 'by c']);
    expect(b.tookOver.length).toBeGreaterThan(0);
  });

  test('[TF7] a peer without access gets and gives nothing, from the moment it loses it', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.store(a.sign(names(50), 'x'));
    a.revoked.add(b.key);
    const { overheard } = await connectDevices(a, b);
    b.write(['from b'], 'x');
    await pass(clock, 10_000);
    expect(b.paths()).toEqual(['from b']);
    expect(a.paths()).not.toContain('from b');
    expect(overheard.messages.filter(({ from }) => from === 'a')).toEqual([]);
    a.revoked.clear();
    a.sessions[0]?.recheck();
    await until(clock, () => isSame(a, b));
    a.revoked.add(b.key);
    b.write(['later'], 'x');
    await pass(clock, 5000);
    expect(a.paths()).not.toContain('later');
  });

  test('[TF7] a refusal is never taken for an empty folder', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.store(a.sign(names(50), 'x'));
    const { overheard } = await connectDevices(a, b);
    a.revoked.add(b.key);
    await pass(clock, 5000);
    expect(
      overheard.messages.some(({ message }) => message.type === 'entries' && message.ending === 'refused'),
    ).toBe(true);
    expect(b.tookOver).toEqual([]);
  });

  test('[TF8] a batch that cannot be stored is tried again later', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.store(a.sign(names(50), 'x'));
    b.refusal = new SyncError('no-space');
    const { atB } = await connectDevices(a, b);
    await pass(clock, 10_000);
    expect(b.paths()).toEqual([]);
    expect(b.tookOver).toEqual([]);
    b.refusal = undefined;
    await until(clock, () => isSame(a, b));
    expect(atB.reason).toBeUndefined();
  });

  test('[TF8] a peer that falls silent is given up, and another one is asked', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.store(a.sign(names(50), 'x'));
    const silent = await puppet(b);
    silent.say({ type: 'announce', announcement: { ...a.door.announcement(), heldPaths: 50 } });
    await until(clock, () => silent.heard.some(({ type }) => type === 'get-entries'));
    await connectDevices(a, b);
    await until(clock, () => isSame(a, b));
    expect(clock.monotonic()).toBeLessThan(10_000);
  });

  test('[TF2] two peers do not both send everything', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    const signed = a.sign(names(1000), 'x');
    a.store(signed);
    await b.door.accept({ peer: a.key, live: false, sets: [signed.set], entries: signed.entries });
    const links = [await connectDevices(a, c), await connectDevices(b, c)];
    await until(clock, () => isSame(a, c) && c.tookOver.length > 1);
    const sent = links.flatMap(({ overheard }) =>
      overheard.messages.flatMap(({ message }) => (message.type === 'entries' ? message.entries : [])),
    );
    expect(sent.length).toBe(1000);
  });

  test('[TF8] when the connection ends the session ends, and a new one goes on', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    for (let i = 0; i < 3; i++) a.store(a.sign(names(1000, `p${i}-`), 'x'));
    const { atA } = await connectDevices(a, b);
    b.accepted = () => atA.abort(new Error('cable pulled'));
    await until(clock, () => atA.reason !== undefined);
    b.accepted = undefined;
    await settle();
    expect(b.paths().length).toBeGreaterThan(0);
    expect(a.sessions.length + b.sessions.length).toBe(0);
    expect(b.paths().length).toBeLessThan(3000);
    expect(b.tookOver).toEqual([]);
    await connectDevices(b, a);
    await until(clock, () => isSame(a, b));
  });

  test('[TF9] bye ends the session on both sides, the connection stays', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    const { atA } = await connectDevices(a, b);
    await pass(clock, 200);
    expect(b.sessions[0]?.peerAnnouncement(testFolder)).toEqual(a.door.announcement());
    const atB = b.sessions[0];
    await a.sessions[0]?.finish('stopping');
    await expect(atB?.closed).resolves.toMatchObject({ facts: { reason: 'stopping' } });
    expect(atA.reason).toBeUndefined();
  });

  test('[TF9] a folder given up is withdrawn', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    await connectDevices(a, b);
    await pass(clock, 200);
    a.gaveUp = true;
    a.sessions[0]?.changed(testFolder);
    await pass(clock, 200);
    expect(b.sessions[0]?.peerAnnouncements()).toEqual([]);
    b.write(['later'], 'x');
    await pass(clock, 2000);
    expect(a.paths()).toEqual([]);
  });
});

/** The other end of a conversation with `honest`, played by the test. */
async function puppet(honest: TestDevice, name = 'mallory') {
  const [mine, theirs] = connectInMemory(keyOf(name), honest.key);
  theirs.onStream = (stream) => honest.talk(theirs, stream);
  const stream: FrameStream = await mine.openStream('/lockstep/ctl/1');
  const heard: IndexMessage[] = [];
  let answer: (message: IndexMessage) => void = () => {};
  const listen = async (): Promise<void> => {
    for (let frame = await stream.receive(); frame !== undefined; frame = await stream.receive()) {
      const message = decodeIndexMessage(frame) as IndexMessage;
      heard.push(message);
      answer(message);
    }
  };
  listen().catch(() => {});
  return {
    heard,
    atHonest: theirs,
    say: (message: IndexMessage): void => void stream.send(encodeIndexMessage(message)).catch(() => {}),
    sayRaw: (frame: Uint8Array): void => void stream.send(frame).catch(() => {}),
    onMessage(handler: (message: IndexMessage) => void): void {
      answer = handler;
    },
  };
}

describe('a lying peer', () => {
  type Entries = Extract<IndexMessage, { type: 'entries' }>;
  const clock = createManualClock();
  const lies: [string, (honestly: Entries, m: TestDevice) => IndexMessage][] = [
    [
      'a signature that is none',
      (m) => ({ ...m, sets: m.sets.map((set) => ({ ...set, signature: new Uint8Array(64) })) }),
    ],
    [
      'a set signed by another',
      (m) => ({ ...m, sets: m.sets.map((set) => ({ ...set, author: keyOf('a') })) }),
    ],
    [
      'a signature for another folder',
      (m, who) => {
        const bytes = new Uint8Array(64);
        return { ...m, sets: m.sets.map((set) => ({ ...set, signature: seal(who.key, bytes) })) };
      },
    ],
    [
      'an entry of another set',
      (m, who) => ({
        ...m,
        entries: m.entries.map((entry) => ({
          ...entry,
          bytes: who.sign(['evil'], 'x').entries[0]?.bytes as Uint8Array,
        })),
      }),
    ],
    [
      'a wrong proof',
      (m) => ({
        ...m,
        entries: m.entries.map((entry) => ({ ...entry, proof: entry.proof?.map((byte) => byte ^ 1) })),
      }),
    ],
    [
      'no proof at all',
      (m) => ({ ...m, entries: m.entries.map((entry) => ({ ...entry, proof: undefined })) }),
    ],
    [
      'a wrong list',
      (m) => ({ ...m, sets: m.sets.map((set) => ({ ...set, hashes: new Uint8Array(set.count * 32) })) }),
    ],
    [
      'entries that are noise',
      (m) => ({ ...m, entries: m.entries.map((entry) => ({ ...entry, bytes: encodeCanonical([1, 2, 3]) })) }),
    ],
  ];

  const wholeLies: typeof lies = [
    [
      'a whole set that is signed otherwise',
      (m, who) => {
        const other = who.sign(['four', 'five', 'six'], 'x');
        return {
          ...m,
          entries: other.entries.map(({ bytes }, position) => ({
            set: 0,
            position,
            bytes,
            proof: undefined,
          })),
        };
      },
    ],
    [
      'a whole set with one entry of another',
      (m, who) => {
        const [evil] = who.sign(['evil'], 'x').entries;
        return { ...m, entries: m.entries.with(1, { ...m.entries[1], bytes: evil?.bytes } as never) };
      },
    ],
    [
      'a whole set in another order',
      (m) => ({
        ...m,
        entries: m.entries.map((entry, i) => ({ ...entry, position: (i + 1) % m.entries.length })),
      }),
    ],
    ['a set that lacks one entry', (m) => ({ ...m, entries: m.entries.slice(0, -1) })],
    [
      'a set that has one entry twice and lacks another',
      (m) => ({
        ...m,
        entries: m.entries.map((entry) => (entry.position === 2 ? (m.entries[0] as never) : entry)),
      }),
    ],
    [
      'a whole set beside an entry that is at a place twice',
      (m, who) => {
        const [evil] = who.sign(['evil'], 'x').entries;
        return { ...m, entries: [{ ...m.entries[0], bytes: evil?.bytes } as never, ...m.entries] };
      },
    ],
    [
      'a whole set with a signature that is none',
      (m) => ({ ...m, sets: m.sets.map((set) => ({ ...set, signature: new Uint8Array(64) })) }),
    ],
  ];

  const whole = (m: TestDevice): Entries => {
    const signed = m.sign(['one', 'two', 'three'], 'x');
    m.store(signed);
    const { author, count, root, signature } = signed.set;
    return {
      type: 'entries',
      id: 0,
      folderId: testFolder,
      sets: [{ author, count, root, signature, hashes: undefined }],
      entries: signed.entries.map(({ position, bytes }) => ({ set: 0, position, bytes, proof: undefined })),
      ending: 'end',
    };
  };

  const truth = (m: TestDevice): Entries => {
    const signed = m.sign(['one', 'two', 'three'], 'x');
    m.store(signed);
    const entry = signed.entries[1] as (typeof signed.entries)[number];
    const { author, count, root, signature } = signed.set;
    const proof = changeSetTree(signed.set.hashes).proofFor(1);
    return {
      type: 'entries',
      id: 0,
      folderId: testFolder,
      sets: [{ author, count, root, signature, hashes: undefined }],
      entries: [{ set: 0, position: 1, bytes: entry.bytes, proof }],
      ending: 'end',
    };
  };

  const allLies: [string, (m: TestDevice) => IndexMessage][] = [
    ...lies.map(([says, lie]): [string, (m: TestDevice) => IndexMessage] => [says, (m) => lie(truth(m), m)]),
    ...wholeLies.map(([says, lie]): [string, (m: TestDevice) => IndexMessage] => [
      says,
      (m) => lie(whole(m), m),
    ]),
  ];

  test('[TF10] [TF15] what is true is taken', async () => {
    const [b, m] = [await device('b', clock), await device('mallory', clock)];
    const liar = await puppet(b);
    liar.say(truth(m));
    await settle();
    expect(b.paths()).toEqual(['two']);
    const other = await device('b', clock);
    const teller = await puppet(other);
    const all = whole(m);
    teller.say({ ...all, entries: all.entries.toReversed() });
    await settle();
    expect(other.paths()).toEqual(['one', 'three', 'two']);
  });

  test.each(allLies)(
    '[TF10] [A30] [A36] is refused %s, and cut off at the third time',
    async (_says, lie) => {
      const [b, m] = [await device('b', clock), await device('mallory', clock)];
      const liar = await puppet(b);
      const message = lie(m);
      for (let i = 0; i < 2; i++) liar.say(message);
      await settle();
      expect(b.paths()).toEqual([]);
      expect(liar.atHonest.reason).toBeUndefined();
      liar.say(message);
      await settle();
      expect(b.paths()).toEqual([]);
      expect(liar.atHonest.reason).toMatchObject({ code: 'peer-misbehaved' });
    },
  );

  test('[TF10] is refused the same lies in answers', async () => {
    for (const [, lie] of allLies) {
      const [b, m] = [await device('b', clock), await device('mallory', clock)];
      const message = lie(m) as Entries;
      const liar = await puppet(b);
      liar.onMessage((question) => {
        if (question.type === 'get-entries') liar.say({ ...message, id: question.id });
      });
      liar.say({ type: 'announce', announcement: m.door.announcement() });
      await until(clock, () => liar.atHonest.reason !== undefined);
      expect(b.paths()).toEqual([]);
      expect(b.tookOver).toEqual([]);
    }
  });

  test('[TF10] [A36] is cut off for messages that are none, too many questions, and nodes nobody could have', async () => {
    const b = await device('b', clock);
    b.store(b.sign(names(200), 'x'));
    const noisy = await puppet(b);
    for (let i = 0; i < 3; i++) noisy.sayRaw(encodeCanonical([2, 1]));
    await settle();
    expect(noisy.atHonest.reason).toMatchObject({ code: 'peer-misbehaved' });

    const liar = await puppet(b);
    liar.onMessage((question) => {
      if (question.type !== 'get-nodes') return;
      const nodes = question.prefixes.map(() => ({
        kind: 'leaf' as const,
        prefix: 'f',
        items: [{ key: 'f'.repeat(40), digest: b.root() }],
      }));
      liar.say({ type: 'nodes', id: question.id, nodes: [...nodes, ...nodes] });
    });
    liar.say({
      type: 'announce',
      announcement: { ...b.door.announcement(), stateRoot: '00'.repeat(32) as never },
    });
    await until(clock, () => liar.atHonest.reason !== undefined);

    const flooder = await puppet(b);
    for (let i = 0; i < 20_000 && flooder.atHonest.reason === undefined; i++) {
      flooder.say({ type: 'get-entries', id: i + 1, folderId: testFolder, prefixes: [''], keys: [] });
      if (i % 100 === 0) await settle();
    }
    expect(flooder.atHonest.reason).toMatchObject({ code: 'peer-misbehaved' });
  });

  type Question = Extract<IndexMessage, { type: 'get-nodes' }>;
  const otherHash = 'ab'.repeat(32) as never;
  const wrongAnswers: [string, (asked: Question, b: TestDevice) => IndexMessage][] = [
    [
      'an answer to another question',
      ({ id }) => ({ type: 'entries', id, folderId: testFolder, sets: [], entries: [], ending: 'end' }),
    ],
    [
      'a node beside what was asked for',
      ({ id, prefixes }, b) => ({
        type: 'nodes',
        id,
        nodes: prefixes.map((prefix) => {
          const own = b.door.trieNode('state', prefix);
          if (prefix === '' && own?.kind === 'inner')
            return { ...own, children: own.children.map((child) => ({ ...child, hash: otherHash })) };
          const beside = prefix.startsWith('0') ? '1' : '0';
          return { kind: 'leaf', prefix: beside, items: [{ key: beside.repeat(40), digest: otherHash }] };
        }),
      }),
    ],
  ];

  test.each(wrongAnswers)('[TF10] [A36] is cut off for %s', async (_says, lie) => {
    const b = await device('b', clock);
    // So many that they lie under more than one node.
    b.store(b.sign(names(500), 'x'));
    const liar = await puppet(b);
    liar.onMessage((question) => {
      if (question.type === 'get-nodes') liar.say(lie(question, b));
    });
    const announcement = { ...b.door.announcement(), stateRoot: '00'.repeat(32) as never };
    liar.say({ type: 'announce', announcement });
    await until(clock, () => liar.atHonest.reason !== undefined);
    expect(liar.atHonest.reason).toMatchObject({ code: 'peer-misbehaved' });
    expect(b.paths()).toHaveLength(500);
  });

  test('[TF10] [A36] is cut off for a floor beyond what it knows, and for more folders than may be', async () => {
    const [b, m] = [await device('b', clock), await device('mallory', clock)];
    const announcement = m.door.announcement();
    const forgetful = await puppet(b);
    const floor = [{ incarnation: '11'.repeat(8) as never, counter: 1 }];
    for (let i = 0; i < 3; i++) forgetful.say({ type: 'announce', announcement: { ...announcement, floor } });
    await settle();
    expect(forgetful.atHonest.reason).toMatchObject({ code: 'peer-misbehaved' });

    const flooder = await puppet(b);
    for (let i = 0; i < 1024 + 3; i++) {
      const folderId = i.toString(16).padStart(32, '0') as typeof testFolder;
      flooder.say({ type: 'announce', announcement: { ...announcement, folderId } });
      if (i % 50 === 0) await settle();
    }
    await settle();
    expect(flooder.atHonest.reason).toMatchObject({ code: 'peer-misbehaved' });
  });
});
