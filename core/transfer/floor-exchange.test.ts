import { describe, expect, test } from 'vitest';
import type { VectorItem } from '../model/past.ts';
import { type AppliedStatement, encodeIndexMessage, type IndexMessage } from '../protocol/protocol.ts';
import { createManualClock, type ManualClock, pass, settle, until } from '../testing/manual-clock.ts';
import { connectDevices, createTestDevice, keyOf, seal, type TestDevice } from '../testing/index-device.ts';
import { connectInMemory } from '../testing/memory-connection.ts';

const device = (name: string, clock: ManualClock): Promise<TestDevice> => createTestDevice(name, clock);
const isSame = (...devices: readonly TestDevice[]): boolean =>
  new Set(devices.map((d) => d.root())).size === 1;
const contextOf = (d: TestDevice): readonly VectorItem[] => d.door.announcement().context;
const floorOf = (d: TestDevice): readonly VectorItem[] => d.door.announcement().floor;
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `d${i % 7}/file ${i}.txt`);

/** Two devices that have told each other all of it and no longer talk. */
async function inStep(clock: ManualClock, ...devices: readonly TestDevice[]): Promise<void> {
  const [first, ...others] = devices as [TestDevice, ...TestDevice[]];
  const links = [];
  for (const other of others) links.push(await connectDevices(first, other));
  await until(clock, () => isSame(...devices));
  await pass(clock, 5_000);
  for (const { atA } of links) atA.abort(new Error('parted'));
  await settle();
}

describe('floors between devices', () => {
  test('[TF12] a floor comes with all that lies under it, and then both announce the same', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.write(names(200), 'x');
    await inStep(clock, a, b);
    a.write(names(150), null);
    a.write(['new'], 'y');
    a.raise(contextOf(a));
    expect(a.paths()).toHaveLength(51);
    await connectDevices(a, b);
    await until(clock, () => isSame(a, b));
    expect(floorOf(b)).toEqual(floorOf(a));
    // What b never got of the deletions it lacks in a's state under a's floor.
    expect(b.paths()).toEqual(a.paths());
    await pass(clock, 30_000);
    expect(isSame(a, b)).toBe(true);
  });

  test('[TF12] a floor that was announced with entries that do not arrive is not joined', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.write(['one', 'two'], 'x');
    a.write(['one'], null);
    a.raise(contextOf(a));
    b.strangers.add(a.key);
    await connectDevices(a, b);
    await pass(clock, 10_000);
    expect([floorOf(b), contextOf(b)]).toEqual([[], []]);
    b.strangers.clear();
    for (const session of b.sessions) session.recheck();
    await until(clock, () => isSame(a, b));
    expect(floorOf(b)).toEqual(floorOf(a));
  });

  test('[TF12] a takeover in which it is not known whether an entry counts is not told of', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.write(['one'], 'x');
    b.write(['two'], 'y');
    b.isUndecided = true;
    await connectDevices(a, b);
    await pass(clock, 2_000);
    expect(b.tookOver.map(({ context }) => context)).not.toContainEqual(contextOf(a));
    b.isUndecided = false;
    await until(clock, () => isSame(a, b));
    await pass(clock, 120_000);
    expect(contextOf(b)).toEqual(contextOf(a));
  });

  test('[TF13] what a peer has forgotten is given up, beside what is new; what is new at the same path stays', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.write([...names(100), 'edited', 'gone'], 'x');
    await inStep(clock, a, b);
    a.write(['edited', 'gone', ...names(90)], null);
    a.raise(contextOf(a));
    b.write(['edited', 'other'], 'by b');
    await connectDevices(a, b);
    await until(clock, () => isSame(a, b));
    expect(b.paths()).toEqual([...names(100).slice(90), 'edited', 'other'].sort());
    expect(b.index.members('edited' as never).map(({ author }) => author)).toEqual([b.key]);
  });

  test('[TF13] devices with different floors end with the same, whichever they meet first', async () => {
    const clock = createManualClock();
    const devices = [await device('a', clock), await device('b', clock), await device('c', clock)];
    const [a, b, c] = devices as [TestDevice, TestDevice, TestDevice];
    a.write(['a1', 'a2'], 'x');
    b.write(['b1', 'b2'], 'y');
    await inStep(clock, a, b, c);
    a.write(['a1'], null);
    b.write(['b1'], null);
    a.raise(contextOf(a));
    b.raise(contextOf(b));
    expect(floorOf(a)).not.toEqual(floorOf(b));
    await connectDevices(a, c);
    await connectDevices(c, b);
    await until(clock, () => isSame(a, b, c));
    for (const one of devices) expect(one.paths()).toEqual(['a2', 'b2']);
    await pass(clock, 60_000);
    expect(isSame(a, b, c)).toBe(true);
  });

  test('[TF13] what comes by a late push while a floor is on its way goes all the same', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.write(names(100), 'x');
    const late = a.write(['late'], 'x');
    a.write(['late'], null);
    const set = a.index.changeSet(late[0]?.changeSet as never);
    a.raise(contextOf(a));
    let isPushed = false;
    b.accepted = () => {
      if (isPushed) return;
      isPushed = true;
      void b.door.accept({
        peer: keyOf('c'),
        live: true,
        sets: set === undefined ? [] : [set],
        entries: late,
      });
    };
    await connectDevices(a, b);
    await until(clock, () => isPushed && isSame(a, b));
    expect(b.paths()).toEqual([...names(100)].sort());
  });

  test('[TF12] a peer that begins anew while its state is taken over takes nothing away', async () => {
    const clock = createManualClock();
    const [a, b, fresh] = [await device('a', clock), await device('b', clock), await device('a', clock)];
    a.write(names(300), 'x');
    await inStep(clock, a, b);
    a.write(['gone'], 'x');
    a.write(['gone'], null);
    a.write(['d1/more'], 'x');
    a.raise(contextOf(a));
    // At the first question the folder is given up and taken on again: there is nothing in it now.
    const { folder } = a.dependencies;
    let isFresh = false;
    Object.assign(a.dependencies, {
      folder: (id: never) => (isFresh && folder(id) !== undefined ? fresh.door : folder(id)),
    });
    const trieNode = a.door.trieNode.bind(a.door);
    Object.assign(a.door, {
      trieNode(...question: Parameters<typeof trieNode>) {
        isFresh = true;
        return question[1] === '' ? trieNode(...question) : undefined;
      },
    });
    await connectDevices(a, b);
    await until(clock, () => isFresh);
    for (const session of a.sessions) session.changed(a.door.folderId);
    await pass(clock, 30_000);
    expect(b.paths()).toEqual([...names(300)].sort());
    expect(floorOf(b)).toEqual([]);
  });

  test('[TF12] a floor beyond its own context is misbehaviour', async () => {
    const clock = createManualClock();
    const b = await device('b', clock);
    b.write(['one'], 'x');
    const [mine, theirs] = connectInMemory(keyOf('liar'), b.key);
    theirs.onStream = (stream) => void b.talk(theirs, stream);
    const stream = await mine.openStream('/lockstep/ctl/1');
    const floor = [{ incarnation: 'f'.repeat(16) as never, counter: 5 }];
    const announcement = { ...b.door.announcement(), floor };
    for (let i = 0; i < 3; i++) await stream.send(encodeIndexMessage({ type: 'announce', announcement }));
    await settle();
    expect(theirs.reason).toMatchObject({ code: 'peer-misbehaved' });
    expect(floorOf(b)).toEqual([]);
  });
});

describe('words on what disks have shown', () => {
  const word = (author: TestDevice, serial: number): AppliedStatement => ({
    device: author.key,
    serial,
    applied: [],
    signature: seal(author.key, Uint8Array.of(serial)),
  });
  const applied = (messages: readonly { from: string; message: IndexMessage }[]): string[] =>
    messages.flatMap(({ from, message }) =>
      message.type === 'applied' ? message.statements.map(({ serial }) => `${from} ${serial}`) : [],
    );

  test('[TF14] reach devices that never meet, each once over each connection, and then all is quiet', async () => {
    const clock = createManualClock();
    const [a, b, c] = [await device('a', clock), await device('b', clock), await device('c', clock)];
    a.hear(word(a, 1));
    c.hear(word(c, 2));
    const links = [await connectDevices(a, b), await connectDevices(b, c)];
    await pass(clock, 10_000);
    const known = (d: TestDevice): number[] =>
      d.door
        .applied()
        .map(({ serial }) => serial)
        .sort((x, y) => x - y);
    expect([known(a), known(b), known(c)]).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(links.map(({ overheard }) => applied(overheard.messages).sort())).toEqual([
      ['a 1', 'b 2'],
      ['b 1', 'c 2'],
    ]);
    const before = links.map(({ overheard }) => overheard.messages.length);
    await pass(clock, 60_000);
    expect(links.map(({ overheard }) => overheard.messages.length)).toEqual(before);
  });

  test('[TF14] are not sent to a peer that says it knows the same', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    for (const one of [a, b])
      for (let i = 1; i <= 40; i++) one.hear({ ...word(a, i), device: keyOf(`${i}`) });
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 10_000);
    expect(applied(overheard.messages)).toEqual([]);
    b.hear(word(b, 50));
    await pass(clock, 10_000);
    expect(applied(overheard.messages)).toEqual(['b 50']);
  });

  test('[TF14] are told again to a peer that had put the folder aside', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    await connectDevices(a, b);
    await pass(clock, 2_000);
    b.gaveUp = true;
    a.hear(word(a, 1));
    await settle();
    for (const session of b.sessions) session.changed(b.door.folderId);
    await pass(clock, 2_000);
    b.gaveUp = false;
    for (const session of b.sessions) session.changed(b.door.folderId);
    await pass(clock, 2_000);
    expect(b.door.applied()).toEqual([word(a, 1)]);
  });

  test('[TF14] are said of a folder that is not kept, once a session, to those who keep it', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    b.gaveUp = true;
    Object.assign(b.dependencies, { notKept: () => ({ ...word(b, 7), applied: undefined }) });
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 5_000);
    a.write(['one'], 'x');
    await pass(clock, 5_000);
    expect(applied(overheard.messages)).toEqual(['b 7']);
    expect(a.door.applied()).toMatchObject([{ device: b.key, applied: undefined }]);
  });

  test('[TF7] are neither told to nor taken from a device that may not have the folder', async () => {
    const clock = createManualClock();
    const [a, b] = [await device('a', clock), await device('b', clock)];
    a.hear(word(a, 1));
    b.hear(word(b, 2));
    a.revoked.add(b.key);
    const { overheard } = await connectDevices(a, b);
    await pass(clock, 5_000);
    expect(applied(overheard.messages)).toEqual([]);
    expect(overheard.messages.filter(({ from }) => from === 'a')).toEqual([]);
    expect(a.door.applied().map(({ serial }) => serial)).toEqual([1]);
  });
});
