import { beforeEach, describe, expect, test } from 'vitest';
import { relativePath } from '../model/path.ts';
import { commitGroup } from './commit-group.ts';
import { createRetiredWatch, type LateWrite, type RetiredWatch } from './retired.ts';
import { type ApplyWorld, contentOfText, hashWith, openApplyWorld } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';
import { checkVersions } from './testing/promises.ts';
import { hold, stage } from './testing/small-engine.ts';

let world: ApplyWorld;
let late: LateWrite[];
beforeEach(async () => {
  const { fileSystem, at } = (memoryDisks[0] as (typeof memoryDisks)[number]).make();
  world = await openApplyWorld(fileSystem, at, 'retired');
  late = [];
});

const look = (watch: RetiredWatch, afterScan = false): Promise<void> =>
  watch.look({ afterScan, hash: hashWith(world.inner), record: (writes) => void late.push(...writes) });

/** A file is replaced while an editor has it open; gives what the editor writes through. */
async function replaceOpenFile(watch: RetiredWatch | undefined): Promise<(text: string) => void> {
  world.user.write('doc', 'old text');
  const row = hold(world, 'doc');
  const editor = world.inner.openWrite(world.root.at('doc'));
  const outcomes = await commitGroup(world.context, [await stage(world, 'doc', 'new text', row)], () => {});
  watch?.add(
    outcomes.flatMap((outcome) =>
      outcome.kind === 'done' && outcome.retired !== undefined ? [outcome.retired] : [],
    ),
  );
  return (text) => {
    editor.truncate(0);
    editor.write(Buffer.from(text), 0);
  };
}

describe('a retired file somebody still has open', () => {
  test('[AP7] is looked at after a second, after a minute and after the next scan, and then no more', async () => {
    const watch = createRetiredWatch(world.context);
    expect(watch.nextAt()).toBeUndefined();
    await replaceOpenFile(watch);
    expect(watch.nextAt()).toBe(1_000);
    world.clock.advance(999);
    world.disk.takeCalls();
    await look(watch);
    expect(world.disk.takeCalls()).toEqual([]);
    world.clock.advance(1);
    await look(watch);
    expect(watch.nextAt()).toBe(61_000);
    world.clock.advance(60_000);
    await look(watch);
    expect(watch.nextAt()).toBeUndefined();
    world.disk.takeCalls();
    await look(watch, true);
    expect(world.disk.takeCalls().map(({ call }) => call)).toEqual(['look']);
    await look(watch, true);
    expect(world.disk.takeCalls()).toEqual([]);
    expect(late).toEqual([]);
  });

  test.each([1_000, 61_000])(
    '[AP7] gives what was written by %i ms as a write upon what its user had seen',
    async (ms) => {
      const watch = createRetiredWatch(world.context);
      const write = await replaceOpenFile(watch);
      const { seen, shown } = hold(world, 'doc');
      if (ms > 1_000) {
        world.clock.advance(1_000);
        await look(watch);
      }
      write('late text');
      world.clock.advance(ms);
      await look(watch);
      expect(late).toEqual([
        expect.objectContaining({
          path: 'doc',
          seen,
          shown,
          before: contentOfText('old text'),
          content: contentOfText('late text'),
        }),
      ]);
      expect(world.index.versionsOf(relativePath('doc')).map(({ content }) => content)).toEqual([
        contentOfText('late text'),
      ]);
      checkVersions(world, 'after the late write');
      expect(world.user.read('doc')).toBe('new text');
      late = [];
      await look(watch, true);
      expect(late).toEqual([]);
    },
  );

  test('[AP7] is found after a restart too, as a write upon nothing where the entry it showed is gone', async () => {
    const write = await replaceOpenFile(createRetiredWatch(world.context));
    write('late text');
    const restarted = createRetiredWatch(world.restarted().context);
    await look(restarted, true);
    expect(late).toEqual([
      expect.objectContaining({
        path: 'doc',
        seen: { vector: [], except: [] },
        content: contentOfText('late text'),
      }),
    ]);
  });

  test('[AP7] is not watched again once it has had its looks', async () => {
    const watch = createRetiredWatch(world.context);
    const write = await replaceOpenFile(watch);
    world.clock.advance(61_000);
    await look(watch);
    world.clock.advance(61_000);
    await look(watch);
    await look(watch, true);
    write('too late');
    await look(createRetiredWatch(world.restarted().context), true);
    expect(late).toEqual([]);
  });

  test('[AP7] that is being written to is waited for', async () => {
    const watch = createRetiredWatch(world.context);
    const write = await replaceOpenFile(watch);
    write('half');
    world.clock.advance(1_000);
    const hash = (): Promise<undefined> => Promise.resolve(undefined);
    await watch.look({ afterScan: false, hash, record: (writes) => void late.push(...writes) });
    expect(late).toEqual([]);
    expect(watch.nextAt()).toBe(2_000);
    world.clock.advance(1_000);
    await look(watch);
    expect(late).toHaveLength(1);
  });

  test('[AP7] that was only touched is no write', async () => {
    const watch = createRetiredWatch(world.context);
    const write = await replaceOpenFile(watch);
    write('old text');
    world.clock.advance(1_000);
    await look(watch);
    expect(late).toEqual([]);
    checkVersions(world, 'after the touch');
  });

  test('[AP9] one that has another name in the folder gets bytes of its own in the version store', async () => {
    const watch = createRetiredWatch(world.context);
    world.user.write('doc', 'old text');
    world.inner.link(world.root.at('doc'), world.root.at('same'));
    const row = hold(world, 'doc');
    const [outcome] = await commitGroup(
      world.context,
      [await stage(world, 'doc', 'new text', row)],
      () => {},
    );
    world.user.write('same', 'edited in place');
    expect([...world.user.store().values()]).toEqual(['old text']);
    expect(world.user.read('doc')).toBe('new text');
    checkVersions(world, 'after an edit of the other name');
    if (outcome?.kind === 'done' && outcome.retired !== undefined) watch.add([outcome.retired]);
    await look(watch, true);
    expect(late).toEqual([]);
  });
});
