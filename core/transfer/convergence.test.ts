import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeIndexMessage } from '../protocol/protocol.ts';
import { createManualClock, pass, settle, until } from '../testing/manual-clock.ts';
import { connectInMemory } from '../testing/memory-connection.ts';
import {
  connectDevices,
  createTestDevice,
  createTestRandom,
  keyOf,
  testFolder,
} from '../testing/index-device.ts';

const fuzzRuns = Number(process.env.LOCKSTEP_FUZZ ?? 2000);
const timeout = 30_000 + fuzzRuns * 5;

const device = fc.nat({ max: 3 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      device,
      first: fc.nat({ max: 150 }),
      count: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('connect' as const), device, other: device }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disconnect' as const), device }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 3000 }) }) },
);

test('[TF2] four devices that write, meet and part at random end equal once all can reach each other', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const clock = createManualClock();
      const devices = await Promise.all(['a', 'b', 'c', 'd'].map((name) => createTestDevice(name, clock)));
      const at = (i: number) => devices[i] as (typeof devices)[number];
      const links: { atA: { abort(reason: Error): void }; pair: readonly [number, number] }[] = [];
      for (const s of steps) {
        if (s.kind === 'write') {
          const paths = Array.from({ length: s.count }, (_, i) => `${(s.first + i) % 5}/${s.first + i}`);
          at(s.device).write(paths, `${s.first} ${s.count}`);
        } else if (s.kind === 'connect' && s.device !== s.other) {
          links.push({ ...(await connectDevices(at(s.device), at(s.other))), pair: [s.device, s.other] });
        } else if (s.kind === 'disconnect') {
          for (const link of links) if (link.pair.includes(s.device)) link.atA.abort(new Error('parted'));
        } else if (s.kind === 'pass') await pass(clock, s.ms);
      }
      for (const i of [0, 1, 2]) await connectDevices(at(i), at(i + 1));
      await until(clock, () => new Set(devices.map((d) => d.root())).size === 1);
      await pass(clock, 5000);
      const contexts = devices.map((d) => JSON.stringify(d.door.announcement().context));
      expect(new Set(contexts).size).toBe(1);
      const members = devices.map((d) =>
        d.paths().flatMap((path) => d.index.members(path as never).map((m) => m.hash)),
      );
      for (const other of members) expect(other).toEqual(members[0]);
    }),
    { numRuns: 15 },
  );
});

test('[TF10] noise never brings a session down but by its own verdict, and nothing is stored', {
  timeout,
}, async () => {
  const clock = createManualClock();
  const random = createTestRandom('noise');
  const honest = await createTestDevice('honest', clock);
  honest.store(honest.sign(['a', 'b'], 'x'));
  const root = honest.root();
  const other = await createTestDevice('other', clock);
  other.store(other.sign(['a', 'c'], 'y'));
  const announcement = other.door.announcement();
  const samples = [
    encodeIndexMessage({ type: 'announce', announcement }),
    encodeIndexMessage({
      type: 'get-nodes',
      id: 1,
      folderId: testFolder,
      trie: 'state',
      prefixes: ['', 'ab'],
    }),
    encodeIndexMessage({
      type: 'get-entries',
      id: 2,
      folderId: testFolder,
      prefixes: [''],
      keys: ['ab'.repeat(20)],
    }),
    encodeIndexMessage({
      type: 'entries',
      id: 0,
      folderId: testFolder,
      sets: [],
      entries: [],
      ending: 'end',
    }),
    encodeIndexMessage({ type: 'nodes', id: 1, nodes: [undefined] }),
    encodeIndexMessage({ type: 'get-manifest', id: 3, folderId: testFolder, content: root }),
  ];
  for (let run = 0; run < fuzzRuns / 10; run++) {
    const [mine, theirs] = connectInMemory(keyOf('noise'), honest.key);
    theirs.onStream = (stream) => honest.talk(theirs, stream);
    const stream = await mine.openStream('/lockstep/ctl/1');
    const drain = async (): Promise<void> => {
      while ((await stream.receive()) !== undefined);
    };
    drain().catch(() => {});
    for (let i = 0; i < 10; i++) {
      const [which = 0, at = 0, high = 0, byte = 0] = random.bytes(4);
      const frame = (samples[which % samples.length] as Uint8Array).slice();
      frame[(at * 256 + high) % frame.length] = byte;
      await stream.send(frame).catch(() => {});
    }
    await settle();
    const code = theirs.reason === undefined ? 'open' : (theirs.reason as { code?: string }).code;
    expect(['open', 'peer-misbehaved']).toContain(code);
    mine.abort(new Error('next'));
  }
  await settle();
  expect(honest.root()).toBe(root);
  expect(honest.sessions).toHaveLength(0);
});
