import { beforeEach, describe, expect, test } from 'vitest';
import { equalBytes } from '../base/base.ts';
import { blockHash, blockHashBytes, oneChunkManifest } from '../chunker/chunker.ts';
import { blockOf } from '../chunker/testing/block-of.ts';
import { type DiskPath, readWholeFile } from '../filesystem/filesystem.ts';
import type { Manifest } from '../model/manifest.ts';
import { openPart, type PartFile } from './staging.ts';
import { type ApplyWorld, openApplyWorld, textAt } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';

const mebi = 1024 * 1024;
const zeros = new Uint8Array(mebi / 2);
let world: ApplyWorld;
beforeEach(async () => {
  const { fileSystem, at } = (memoryDisks[0] as (typeof memoryDisks)[number]).make();
  world = await openApplyWorld(fileSystem, at, 'staging');
});

const restless = (): Promise<void> => Promise.resolve();

const open = (text: string): Promise<PartFile> =>
  openPart({
    fileSystem: world.disk,
    root: world.root,
    name: 'x.part',
    manifest: oneChunkManifest(blockHash(Buffer.from(text)), text.length),
    breathe: restless,
  });

describe('a part', () => {
  test('[AP14] [A34] takes only bytes with the right hash, and goes on where an earlier try stopped', async () => {
    const part = await open('hello');
    expect(part.put(0, blockOf(Buffer.from('hullo')))).toBe(false);
    expect(part.missing()).toEqual([0]);
    expect(part.put(0, blockOf(Buffer.from('hello')))).toBe(true);
    part.close();
    const again = await open('hello');
    expect(again.missingCount()).toBe(0);
    const sealed = again.seal({ mode: 0o4755, modifiedAtNs: 5n });
    expect([sealed.mode, sealed.modifiedAtNs, sealed.sizeBytes]).toEqual([0o755, 5n, 5]);
  });

  test('[AP14] says what of it is there, and gives others what of the chunks that are they ask for', async () => {
    const chunks = ['one', 'three', 'seven', 'ten'].map((text) => Buffer.from(text));
    const part = await openPart({
      fileSystem: world.disk,
      root: world.root,
      name: 'x.part',
      breathe: restless,
      manifest: {
        sizeBytes: 16,
        hashes: Buffer.concat(chunks.map((chunk) => blockHashBytes(chunk))),
        sizes: Uint32Array.from(chunks, ({ length }) => length),
      },
    });
    expect(part.spans()).toEqual([]);
    for (const index of [3, 1, 0]) part.put(index, blockOf(chunks[index] as Uint8Array));
    expect(part.spans()).toEqual([
      { start: 0, end: 8 },
      { start: 13, end: 16 },
    ]);
    const read = (offset: number, sizeBytes: number): string | undefined => {
      const bytes = part.read(offset, sizeBytes);
      return bytes && Buffer.from(bytes).toString();
    };
    expect([read(0, 3), read(3, 5), read(13, 3)]).toEqual(['one', 'three', 'ten']);
    expect([read(1, 2), read(0, 8), read(2, 3), read(14, 2)]).toEqual(['ne', 'onethree', 'eth', 'en']);
    const lacking = [read(8, 5), read(7, 2), read(12, 2), read(0, 16), read(15, 2), read(16, 3), read(3, 0)];
    expect(lacking).toEqual(lacking.map(() => undefined));
    part.put(2, blockOf(chunks[2] as Uint8Array));
    part.seal({ mode: 0o600, modifiedAtNs: 5n });
    expect([read(8, 5), part.spans()]).toEqual(['seven', [{ start: 0, end: 16 }]]);
    world.inner.remove(world.root.stagedAt('x.part'));
    expect(() => read(8, 5)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  test('[AP14] is never a file that has another name', async () => {
    world.user.write('live', 'the user works on this');
    world.inner.link(world.root.at('live'), world.root.stagedAt('x.part'));
    const part = await open('hello');
    part.put(0, blockOf(Buffer.from('hello')));
    part.seal({ mode: 0o644, modifiedAtNs: 5n });
    expect(world.user.read('live')).toBe('the user works on this');
    expect(textAt(world.inner, world.root.stagedAt('x.part'))).toBe('hello');
  });

  describe('of a large file that is like one here', () => {
    const bytes = new Uint8Array(2 * mebi);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 7 + (at >> 11)) & 0xff;
    const changed = bytes.slice();
    changed.fill(1, 100_000, 100_010);
    const manifestOf = (content: Uint8Array): Manifest => {
      const size = 128 * 1024;
      const chunks = Array.from({ length: content.length / size }, (_, i) =>
        content.subarray(i * size, (i + 1) * size),
      );
      return {
        sizeBytes: content.length,
        hashes: Buffer.concat(chunks.map((chunk) => blockHashBytes(chunk))),
        sizes: Uint32Array.from(chunks, (chunk) => chunk.length),
      };
    };
    const openChanged = (breathe = restless): Promise<PartFile> =>
      openPart({
        fileSystem: world.disk,
        root: world.root,
        name: 'x.part',
        manifest: manifestOf(changed),
        sources: [{ path: world.root.at('like'), manifest: manifestOf(bytes) }],
        breathe,
      });
    test('[AP14] begins as a clone of it, and lacks only what differs; the other one stays as it is', async () => {
      world.inner.create(world.root.at('like'), 0o600).close();
      const like = world.inner.openWrite(world.root.at('like'));
      like.write(bytes, 0);
      like.close();
      let clones = 0;
      world.disk.fail({ call: 'clone', run: () => (clones += 1) });
      const part = await openChanged();
      expect(clones).toBe(1);
      expect(part.missing()).toEqual([0]);
      expect(part.mode()).toBe(0o644);
      expect(part.put(0, blockOf(changed.subarray(0, 128 * 1024)))).toBe(true);
      part.seal({ mode: 0o644, modifiedAtNs: 5n });
      const read = (path: DiskPath): Uint8Array =>
        readWholeFile(world.inner, path, { maxBytes: 4 * mebi }) as Uint8Array;
      expect(equalBytes(read(world.root.stagedAt('x.part')), changed)).toBe(true);
      expect(equalBytes(read(world.root.at('like')), bytes)).toBe(true);
    });

    test('[AP21] takes a breath between chunks; told to stop, it stops and leaves what there is for another time', async () => {
      world.inner.create(world.root.at('like'), 0o600).close();
      const like = world.inner.openWrite(world.root.at('like'));
      like.write(bytes, 0);
      like.close();
      const isOver = world.disk.fail({ call: 'clone', code: 'ENOTSUP' });
      let breaths = 0;
      const stopped = openChanged(() => {
        breaths += 1;
        return breaths > 3 ? Promise.reject(new Error('stop')) : Promise.resolve();
      });
      await expect(stopped).rejects.toThrow('stop');
      world.inner.remove(world.root.at('like'));
      const part = await openChanged();
      isOver();
      expect(part.missingCount()).toBe(16 - 3);
      part.close();
    });

    test.each(['clone', 'setMode'] as const)(
      '[AP14] does without where %s fails, and where the other one is gone',
      async (call) => {
        const isOver = world.disk.fail({ call, code: 'EIO' });
        const part = await openChanged();
        isOver();
        expect(part.missingCount()).toBe(16);
        part.close();
      },
    );
  });

  describe('with long stretches of zeros', () => {
    const chunkBytes = 512 * 1024;
    const some = new Uint8Array(chunkBytes).fill(7);
    const manifest: Manifest = {
      sizeBytes: 4 * chunkBytes,
      hashes: Buffer.concat([zeros, some, zeros, zeros].map((chunk) => blockHashBytes(chunk))),
      sizes: Uint32Array.of(chunkBytes, chunkBytes, chunkBytes, chunkBytes),
    };
    const openZeros = (): Promise<PartFile> =>
      openPart({
        fileSystem: world.disk,
        root: world.root,
        name: 'x.part',
        manifest,
        breathe: restless,
      });
    const isWhole = (): boolean =>
      equalBytes(
        readWholeFile(world.inner, world.root.stagedAt('x.part'), { maxBytes: 4 * mebi }) as Uint8Array,
        Buffer.concat([zeros, some, zeros, zeros]),
      );

    test('[AP20] lacks only the others', async () => {
      const part = await openZeros();
      expect(part.missing()).toEqual([1]);
      expect(equalBytes(part.read(2 * chunkBytes, 9) as Uint8Array, new Uint8Array(9))).toBe(true);
      part.put(1, blockOf(some));
      part.seal({ mode: 0o644, modifiedAtNs: 5n });
      expect(isWhole()).toBe(true);
    });

    test('[AP20] asks for those where something else has been written', async () => {
      const left = world.inner.create(world.root.stagedAt('x.part'), 0o600);
      left.write(some, 0);
      left.write(some.subarray(5), 2 * chunkBytes);
      left.close();
      const part = await openZeros();
      expect(part.missing()).toEqual([0, 1, 2]);
      part.put(0, blockOf(zeros));
      part.put(1, blockOf(some));
      part.put(2, blockOf(zeros));
      part.seal({ mode: 0o644, modifiedAtNs: 5n });
      expect(isWhole()).toBe(true);
    });

    test('[AP20] fails where the disk has no room for them, and goes on when it has', async () => {
      const isOver = world.disk.fail({ call: 'truncate', code: 'ENOSPC' });
      await expect(openZeros()).rejects.toMatchObject({ code: 'ENOSPC' });
      isOver();
      expect((await openZeros()).missing()).toEqual([1]);
    });
  });

  test('[AP14] that is longer than its content is cut off', async () => {
    const left = world.inner.create(world.root.stagedAt('x.part'), 0o600);
    left.write(Buffer.from('hello and more'), 0);
    left.close();
    const part = await open('hello');
    expect(part.missing()).toEqual([]);
    expect(part.seal({ mode: 0o644, modifiedAtNs: 5n }).sizeBytes).toBe(5);
  });

  test('[AP14] that cannot be read is begun anew', async () => {
    const part = await open('hello');
    part.put(0, blockOf(Buffer.from('hello')));
    part.close();
    const isOver = world.disk.fail({ call: 'read', code: 'EIO' });
    const again = await open('hello');
    isOver();
    expect(again.missing()).toEqual([0]);
    again.close();
  });
});
