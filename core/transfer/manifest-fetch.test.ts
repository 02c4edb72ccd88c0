import { describe, expect, test } from 'vitest';
import { manifestRoot } from '../chunker/chunker.ts';
import type { Hash } from '../model/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import { decodeIndexMessage, encodeIndexMessage, type IndexMessage } from '../protocol/protocol.ts';
import { createManualClock, settle, until } from '../testing/manual-clock.ts';
import { connectInMemory } from '../testing/memory-connection.ts';
import {
  connectDevices,
  createTestDevice,
  createTestRandom,
  keyOf,
  type TestDevice,
  testFolder,
} from '../testing/index-device.ts';
import { fetchManifest } from './transfer.ts';

const KiB = 1024;
const clock = createManualClock();
const never = new AbortController().signal;

/** A manifest of made-up chunks, and its root. */
function someManifest(chunks: number): { content: Hash; manifest: Manifest } {
  const sizes = new Uint32Array(chunks).fill(96 * KiB);
  const hashes = createTestRandom(`${chunks}`).bytes(32 * chunks);
  const manifest = { sizeBytes: chunks * 96 * KiB, hashes, sizes };
  return { content: manifestRoot(manifest), manifest };
}

/** A device that has this manifest, or none. */
async function holder(name: string, held?: ReturnType<typeof someManifest>): Promise<TestDevice> {
  const device = await createTestDevice(name, clock);
  device.door.manifest = (content) => (content === held?.content ? held.manifest : undefined);
  return device;
}

describe('manifests', () => {
  test('[TF11] come from the first that has them, in parts if they are large', async () => {
    const wanted = someManifest(9000);
    const me = await createTestDevice('me', clock);
    const [empty, full] = [await holder('empty'), await holder('full', wanted)];
    await connectDevices(me, empty);
    const { overheard } = await connectDevices(me, full);
    const { content, manifest } = wanted;
    const { sizeBytes } = manifest;
    const found = await fetchManifest({ folderId: testFolder, content, sizeBytes }, me.sessions, never);
    expect(found).toEqual(manifest);
    expect(overheard.messages.filter(({ message }) => message.type === 'manifest')).toHaveLength(2);
    for (const { message } of overheard.messages)
      expect(encodeIndexMessage(message).length).toBeLessThan(256 * KiB);
    const other = someManifest(3).content;
    expect(
      await fetchManifest({ folderId: testFolder, content: other, sizeBytes }, me.sessions, never),
    ).toBeUndefined();
    full.revoked.add(me.key);
    expect(
      await fetchManifest({ folderId: testFolder, content, sizeBytes }, me.sessions, never),
    ).toBeUndefined();
  });

  const honest = someManifest(50);
  const wanted = { folderId: testFolder, content: honest.content, sizeBytes: honest.manifest.sizeBytes };
  const part = (
    change: Partial<Extract<IndexMessage, { type: 'manifest' }>>,
  ): Extract<IndexMessage, { type: 'manifest' }> => ({
    type: 'manifest',
    id: 0,
    status: 'here',
    totalChunks: 50,
    firstChunk: 0,
    ...honest.manifest,
    ...change,
  });
  test.each<[string, ReturnType<typeof part>]>([
    ['another root', part({ hashes: new Uint8Array(50 * 32) })],
    ['another file size', part({ sizeBytes: 1 })],
    ['more chunks than the file can have', part({ totalChunks: 1_000_000 })],
    ['parts out of order', part({ totalChunks: 51, firstChunk: 1 })],
    ['a part of nothing', part({ hashes: new Uint8Array(0), sizes: new Uint32Array(0) })],
  ])('[TF11] %s is refused, and another holder asked', async (_says, lie) => {
    const me = await createTestDevice('me', clock);
    const [mine, theirs] = connectInMemory(keyOf('liar'), me.key);
    theirs.onStream = (stream) => me.talk(theirs, stream);
    const stream = await mine.openStream('/lockstep/ctl/1');
    const answer = async (): Promise<void> => {
      for (let frame = await stream.receive(); frame !== undefined; frame = await stream.receive()) {
        const question = decodeIndexMessage(frame);
        if (question?.type === 'get-manifest')
          await stream.send(encodeIndexMessage({ ...lie, id: question.id }));
      }
    };
    answer().catch(() => {});
    await settle();
    await connectDevices(me, await holder('honest', honest));
    for (let i = 0; i < 3; i++)
      expect(await fetchManifest(wanted, me.sessions, never)).toEqual(honest.manifest);
    await settle();
    expect(theirs.reason).toMatchObject({ code: 'peer-misbehaved' });
    expect(me.sessions).toHaveLength(1);
  });

  test('[TF11] a silent holder is given up; an abort ends the search', async () => {
    const me = await createTestDevice('me', clock);
    const [mine, theirs] = connectInMemory(keyOf('silent'), me.key);
    theirs.onStream = (stream) => me.talk(theirs, stream);
    await mine.openStream('/lockstep/ctl/1');
    await settle();
    let found: unknown = 'nothing yet';
    const search = fetchManifest(wanted, me.sessions, never).then((manifest) => {
      found = manifest;
    });
    await until(clock, () => found === undefined);
    await search;
    const stop = new AbortController();
    const stopped = fetchManifest(wanted, me.sessions, stop.signal);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  });
});
