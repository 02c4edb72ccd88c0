import { beforeEach, describe, expect, test } from 'vitest';
import { blockHash, oneChunkManifest } from '../chunker/chunker.ts';
import { openPart, type PartFile } from './staging.ts';
import { type ApplyWorld, openApplyWorld, textAt } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';

let world: ApplyWorld;
beforeEach(async () => {
  const { fileSystem, at } = (memoryDisks[0] as (typeof memoryDisks)[number]).make();
  world = await openApplyWorld(fileSystem, at, 'staging');
});

const open = (text: string): PartFile =>
  openPart({
    fileSystem: world.disk,
    root: world.root,
    name: 'x.part',
    manifest: oneChunkManifest(blockHash(Buffer.from(text)), text.length),
  });

describe('a part', () => {
  test('[AP14] [A34] takes only bytes with the right hash, and goes on where an earlier try stopped', () => {
    const part = open('hello');
    expect(part.put(0, Buffer.from('hullo'))).toBe(false);
    expect(part.missing()).toEqual([0]);
    expect(part.put(0, Buffer.from('hello'))).toBe(true);
    part.close();
    const again = open('hello');
    expect(again.missingCount()).toBe(0);
    const sealed = again.seal({ mode: 0o4755, modifiedAtNs: 5n });
    expect([sealed.mode, sealed.modifiedAtNs, sealed.sizeBytes]).toEqual([0o755, 5n, 5]);
  });

  test('[AP14] is never a file that has another name', () => {
    world.user.write('live', 'the user works on this');
    world.inner.link(world.root.at('live'), world.root.stagedAt('x.part'));
    const part = open('hello');
    part.put(0, Buffer.from('hello'));
    part.seal({ mode: 0o644, modifiedAtNs: 5n });
    expect(world.user.read('live')).toBe('the user works on this');
    expect(textAt(world.inner, world.root.stagedAt('x.part'))).toBe('hello');
  });

  test('[AP14] that cannot be read is begun anew', () => {
    const part = open('hello');
    part.put(0, Buffer.from('hello'));
    part.close();
    const isOver = world.disk.fail({ call: 'read', code: 'EIO' });
    const again = open('hello');
    isOver();
    expect(again.missing()).toEqual([0]);
    again.close();
  });
});
