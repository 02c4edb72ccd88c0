import { describe, expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import type { RelativePath } from '../model/path.ts';
import { createWorld, type World, type WorldMachine } from '../testing/world.ts';

/** Two devices of one group with one folder. */
async function twoInStep(
  seed: string,
): Promise<{ readonly world: World; readonly a: WorldMachine; readonly b: WorldMachine }> {
  const world = createWorld(seed);
  const a = world.machine('a');
  const b = world.machine('b');
  await world.during(a.start());
  await world.during(b.start());
  const { folderId } = await world.during(a.device().api.folderAdd({ path: a.root }));
  const { invitation } = await world.during(a.device().api.deviceInvite({ admit: 'any', recovery: false }));
  await world.during(b.device().api.deviceJoin({ invitation }));
  await world.until('the offer', async () => (await b.device().api.folderList()).length > 0);
  await world.during(b.device().api.folderJoin({ folder: folderId, path: b.root }));
  return { world, a, b };
}

const equalTrees = (a: WorldMachine, b: WorldMachine) => (): boolean =>
  JSON.stringify([...a.tree()]) === JSON.stringify([...b.tree()]);

async function story(seed: string): Promise<string> {
  const { world, a, b } = await twoInStep(seed);
  a.write('one.txt', 'one');
  a.makeDirectory('d');
  a.write('d/two.txt', 'two');
  await world.until(
    'both hold both files',
    () => b.read('d/two.txt') === 'two' && b.read('one.txt') === 'one',
  );
  b.write('one.txt', 'changed on b');
  a.remove('d');
  await world.until(
    'the edit and the deletion cross',
    () => a.read('one.txt') === 'changed on b' && b.read('d/two.txt') === undefined,
  );
  await world.during(a.device().api.wait({ timeoutS: 60 }));
  await world.during(b.device().api.wait({ timeoutS: 60 }));
  expect([...a.tree()]).toEqual([...b.tree()]);
  const trace = world.trace();
  await world.during(world.stop());
  return trace;
}

describe('two whole devices in a memory world', () => {
  it('reach the same tree', async () => {
    expect(await story('first')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('do the same things in the same order for the same seed', async () => {
    expect(await story('again')).toBe(await story('again'));
  });

  it('keep both versions of a file changed on both while apart, and show the same one', async () => {
    const { world, a, b } = await twoInStep('apart');
    a.write('shared.txt', 'from the start');
    await world.until('both have it', () => b.read('shared.txt') === 'from the start');
    await world.during(a.device().api.wait({ timeoutS: 60 }));
    await world.during(b.stop());
    a.write('shared.txt', 'by a');
    await world.pass(2_000);
    b.write('shared.txt', 'by b');
    await world.during(b.start());
    await world.until('one winner', async () => {
      const status = await b.device().api.status();
      return status.folders[0]?.conflicts === 1 && equalTrees(a, b)();
    });
    expect((await a.device().api.status()).folders[0]?.conflicts).toBe(1);
    await world.during(world.stop());
  });

  it.each(['nothing', 'a file'])(
    'leave a directory alone that gives way to %s while it is looked at',
    async (what) => {
      const { world, a, b } = await twoInStep('going');
      a.makeDirectory('d');
      a.makeDirectory('d/e');
      for (const name of ['d/1', 'd/e/2', 'd/e/3']) a.write(name, name);
      await world.until('b has all', () => b.read('d/e/3') !== undefined);
      await world.during(a.device().api.wait({ timeoutS: 60 }));
      const before = a.writes();
      // The directory is seen changed, and goes whole before it has settled.
      a.remove('d/1');
      a.disk.setModifiedAt(joinDisk(a.root, 'd'), 1n);
      await world.pass(20);
      a.hearing.drops = () => true;
      a.remove('d');
      if (what === 'a file') a.write('d', 'no directory any more');
      await world.pass(60);
      a.hearing.drops = () => false;
      a.write('other', 'something that is heard of');
      const trees: string[] = [];
      await world.until('both show the same', () => {
        trees.push(JSON.stringify([...a.tree()].map(([path]) => path)));
        return equalTrees(a, b)() && b.read('other') !== undefined;
      });
      await world.during(a.device().api.wait({ timeoutS: 60 }));
      expect(new Set(trees).size).toBe(1);
      expect(a.writes()).toBe(before);
      await world.during(world.stop());
    },
  );

  it('[A32] do not look through a symlink that took the place of a directory', async () => {
    const { world, a, b } = await twoInStep('linked');
    for (const directory of ['d', 'd/e', 'other', 'other/e']) a.makeDirectory(directory);
    a.write('d/e/f', 'of d');
    a.write('other/e/f', 'of other');
    await world.until('b has all', () => equalTrees(a, b)() && b.read('other/e/f') !== undefined);
    await world.during(a.device().api.wait({ timeoutS: 60 }));
    a.remove('d');
    a.disk.makeSymlink('other', joinDisk(a.root, 'd'));
    const wanted = [...a.tree()];
    await world.until('b has the link', () => b.disk.look(joinDisk(b.root, 'd'))?.kind === 'symlink');
    await world.during(a.device().api.wait({ timeoutS: 60 }));
    await world.pass(10_000);
    expect([...a.tree()]).toEqual(wanted);
    expect([...b.tree()]).toEqual(wanted);
    // Nothing is known of below it, and nothing goes on.
    for (const { device, index } of [a, b]) {
      expect((await device().api.status()).folders).toMatchObject([{ state: 'up-to-date', conflicts: 0 }]);
      expect(index()?.view('d/e/f' as RelativePath)?.content).toBeUndefined();
    }
    await world.during(world.stop());
  });

  it('take a file away soon after its bytes were copied to where they moved with another time', async () => {
    const { world, a, b } = await twoInStep('moved with another time');
    a.write('one', 'the same bytes');
    await world.pass(5_000);
    a.write('two', 'the same bytes');
    await world.until('b has both', () => b.read('one') !== undefined && b.read('two') !== undefined);
    await world.during(a.device().api.wait({ timeoutS: 60 }));
    await world.during(b.stop());
    const renamed = joinDisk(a.root, 'three');
    a.disk.rename(joinDisk(a.root, 'two'), renamed);
    a.remove('one');
    await world.pass(5_000);
    await world.during(b.start());
    const startedAt = world.clock.monotonic();
    await world.until('both show it', () => equalTrees(a, b)() && b.read('three') !== undefined);
    expect(world.clock.monotonic() - startedAt).toBeLessThan(20_000);
    await world.during(world.stop());
  });

  it('write no deletion when the root vanishes, while running and at a start', async () => {
    const { world, a, b } = await twoInStep('unplugged');
    a.write('precious.txt', 'kept');
    await world.until('both have it', () => b.read('precious.txt') === 'kept');
    await world.during(a.device().api.wait({ timeoutS: 60 }));
    a.disk.mount(a.root);
    await world.pass(120_000);
    expect((await a.device().api.status()).folders[0]?.state).toBe('error');
    expect(b.read('precious.txt')).toBe('kept');
    await world.during(a.stop());
    await world.during(a.start());
    await world.pass(120_000);
    expect(b.read('precious.txt')).toBe('kept');
    a.disk.unmount(a.root);
    await world.until(
      'it recovers by itself',
      async () => (await a.device().api.status()).folders[0]?.state === 'up-to-date',
    );
    expect(a.read('precious.txt')).toBe('kept');
    await world.during(world.stop());
  });
});
