import assert from 'node:assert/strict';
import { beforeEach, describe, expect, test } from 'vitest';
import { relativePath } from '../model/path.ts';
import { commitGroup } from './commit-group.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { recoverCommits } from './recover.ts';
import { adoptOrphans, sweepStaging } from './sweep.ts';
import { type ApplyWorld, contentOfText, hashWith, openApplyWorld } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';
import { checkTidy, checkVersions } from './testing/promises.ts';
import { hold, learn, rowFor, stage } from './testing/small-engine.ts';

let world: ApplyWorld;
beforeEach(async () => {
  const { fileSystem, at } = (memoryDisks[0] as (typeof memoryDisks)[number]).make();
  world = await openApplyWorld(fileSystem, at, 'commit');
});
const nothing = (): void => {};

describe('a group of commits', () => {
  test('[AP3] records base, version and the rest in one transaction', async () => {
    world.user.write('doc', 'old');
    const row = hold(world, 'doc');
    await commitGroup(world.context, [await stage(world, 'doc', 'new', row)], (outcomes) => {
      expect(outcomes.map(({ kind }) => kind)).toEqual(['done']);
      expect(world.index.base(relativePath('doc'))?.content).toEqual(contentOfText('new'));
      expect(world.index.versionsOf(relativePath('doc'))).toHaveLength(1);
      expect(world.index.intents()).toEqual([]);
    });
    expect(world.index.base(relativePath('doc'))?.observed).toEqual(world.inner.look(world.root.at('doc')));
  });

  test('[AP10] one file that cannot be flushed keeps no other back, and is fetched anew', async () => {
    const [bad, good] = [
      await stage(world, 'bad', 'bad bytes', undefined),
      await stage(world, 'good', 'good bytes', undefined),
    ];
    world.disk.fail({ call: 'flushFiles', path: (path) => path.endsWith(bad.stagedName), code: 'EIO' });
    const outcomes = await commitGroup(world.context, [bad, good], nothing);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['problem', 'done']);
    expect(world.user.tree()).toEqual(new Map([['good', 'good bytes']]));
    expect(world.inner.look(world.root.stagedAt(bad.stagedName))).toBeUndefined();
  });

  test('[AP10] a directory that cannot be flushed leaves the intents of its paths, which the next start settles', async () => {
    world.user.makeDirectory('sub');
    world.user.write('sub/doc', 'old');
    const commits = [
      await stage(world, 'sub/doc', 'new', hold(world, 'sub/doc')),
      await stage(world, 'top', 'other', undefined),
    ];
    const isOver = world.disk.fail({
      call: 'flushDirectories',
      path: (path) => path.endsWith('sub'),
      code: 'EIO',
    });
    const outcomes = await commitGroup(world.context, commits, nothing);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['problem', 'done']);
    expect(world.index.intents().map(({ path }) => path)).toEqual(['sub/doc']);
    isOver();
    await recoverCommits(world.context);
    expect(world.index.base(relativePath('sub/doc'))?.content).toEqual(contentOfText('new'));
    checkVersions(world, 'recovered');
    checkTidy(world, 'recovered');
  });

  test('[AP18] a name refused as missing is told as not allowed, and its bytes wait for another try', async () => {
    const commits = [
      await stage(world, 'a:b', 'new', undefined),
      await stage(world, 'good', 'other', undefined),
    ];
    world.disk.fail({
      call: 'renameNew',
      path: (path) => path.endsWith('/a:b'),
      code: 'ENOENT',
    });
    const outcomes = await commitGroup(world.context, commits, nothing);
    expect(outcomes).toMatchObject([
      { kind: 'problem', path: 'a:b', problem: { kind: 'name-not-allowed', cause: 'ENOENT' } },
      { kind: 'done', path: 'good' },
    ]);
    expect(
      world.inner.look(world.root.stagedAt((commits[0] as { stagedName: string }).stagedName)),
    ).toBeDefined();
    expect(world.user.tree()).toEqual(new Map([['good', 'other']]));
    checkVersions(world, 'refused');
  });

  test('[AP11] touches nothing through a link put in place of a directory, at once or by a recovery', async () => {
    world.user.makeDirectory('sub');
    world.user.write('sub/doc', 'old');
    world.user.makeDirectory('elsewhere');
    const commit = await stage(world, 'sub/doc', 'new', hold(world, 'sub/doc'));
    world.inner.rename(world.root.at('sub/doc'), world.root.at('elsewhere/doc'));
    world.inner.removeDirectory(world.root.at('sub'));
    world.inner.makeSymlink('elsewhere', world.root.at('sub'));
    const outcomes = await commitGroup(world.context, [commit], nothing);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['changed-underneath']);
    expect(world.user.read('elsewhere/doc')).toBe('old');
    checkVersions(world, 'refused');
  });

  test('[AP11] asks nothing of a folder that is not there: the intents stay', async () => {
    world.user.write('doc', 'old');
    const commit = await stage(world, 'doc', 'new', hold(world, 'doc'));
    world.disk.fail({ call: 'flushDirectories', code: 'EIO' });
    await commitGroup(world.context, [commit], nothing);
    const [intent] = world.index.intents();
    world.inner.rename(world.root.root, `${world.root.root}-away` as typeof world.root.root);
    await recoverCommits(world.context);
    expect(world.index.intents()).toEqual([intent]);
    expect(world.index.base(relativePath('doc'))?.content).toEqual(contentOfText('old'));
  });

  test('[AP12] sweeps downloads nobody waits for, and nothing that could be the last name of anything', () => {
    const put = (name: string, text: string): void => {
      const file = world.inner.create(world.root.stagedAt(name), 0o644);
      file.write(Buffer.from(text), 0);
      file.close();
    };
    put('wanted.part', 'half');
    put('unwanted.part', 'half');
    put('strange', 'somebody put it here');
    const key = world.index.keyOf(relativePath('doc'));
    put(`c-${key}-0123456789abcdef-x.part`, 'came out in exchange');
    world.user.write('live', 'live');
    world.inner.link(world.root.at('live'), world.root.stagedAt('m-1'));
    sweepStaging(world.context, new Set(['wanted.part']));
    expect(world.inner.list(world.root.staging)).toEqual([{ name: 'wanted.part' }, { name: 'strange' }]);
    expect([...world.user.store()]).toEqual([[`${key}-0123456789abcdef`, 'came out in exchange']]);
    expect(world.user.read('live')).toBe('live');
  });

  test('[AP12] a version store without its rows, as with a new index, gets them back', async () => {
    world.user.write('doc', 'old');
    await commitGroup(world.context, [await stage(world, 'doc', 'new', hold(world, 'doc'))], nothing);
    const [version] = world.index.versionsOf(relativePath('doc'));
    world.index.transaction(() => world.index.removeVersion(version?.id ?? 0));
    const adopt = (): Promise<number> =>
      adoptOrphans(world.context, { hash: hashWith(world.inner), signal: new AbortController().signal });
    expect(await adopt()).toBe(0);
    learn(world, new Map([['doc', 'new']]));
    expect(await adopt()).toBe(1);
    expect(await adopt()).toBe(0);
    expect(world.index.versionsOf(relativePath('doc'))).toEqual([
      expect.objectContaining({ content: contentOfText('old'), storedName: version?.storedName }),
    ]);
  });

  test('[AP13] what a move does not need to keep is kept if the move does not happen', async () => {
    world.user.write('from', 'moving');
    world.user.write('to', 'in the way');
    const [from, to] = [hold(world, 'from'), hold(world, 'to')];
    world.inner.link(world.root.at('from'), world.root.stagedAt('m-1'));
    const staged = world.inner.look(world.root.stagedAt('m-1'));
    world.user.write('to', 'edited just now');
    const becomes = rowFor('to', 'moving');
    const outcomes = await commitGroup(
      world.context,
      [
        {
          kind: 'retire',
          path: from.path,
          replaces: from,
          keep: false,
          becomes: undefined,
          reason: 'deleted',
          author: undefined,
        },
        {
          kind: 'place',
          path: to.path,
          stagedName: 'm-1',
          staged: staged ?? (to.observed as never),
          replaces: to,
          becomes,
          author: undefined,
          keep: true,
        },
      ],
      nothing,
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'changed-underneath']);
    expect(world.user.read('to')).toBe('edited just now');
    expect([...world.user.store().values()]).toEqual(['moving']);
    checkVersions(world, 'half a move');
    checkTidy(world, 'half a move');
  });

  test('[AP17] a file that comes under another spelling of a name takes the place of the old one, whenever it is stopped', async () => {
    let names: (string | undefined)[] = [];
    for (let n = 1, wasKilled = true; wasKilled; n++) {
      const disk = createMemoryFileSystem({ clock: createManualClock(), caseInsensitive: true });
      disk.makeDirectory(diskPath('/folder'));
      world = await openApplyWorld(disk, diskPath('/folder'), `spelling ${n}`);
      world.user.write('Doc', 'old');
      const commit = await stage(world, 'doc', 'new', hold(world, 'Doc'));
      wasKilled = false;
      const run = (): void => {
        wasKilled = true;
        throw new Error('killed');
      };
      world.disk.fail({ at: n, run });
      await commitGroup(world.context, [commit], nothing).catch(() => {});
      const restarted = world.restarted();
      await recoverCommits(restarted.context);
      checkVersions(restarted, `killed at ${n}`);
      const [[name, text] = []] = restarted.user.tree();
      assert.deepEqual([name, text], name === 'doc' ? ['doc', 'new'] : ['Doc', 'old'], `killed at ${n}`);
      names = [...names, name];
    }
    expect(new Set(names)).toEqual(new Set(['Doc', 'doc']));
    expect(names.at(-1)).toBe('doc');
    expect(world.index.base(relativePath('Doc'))).toBeUndefined();
    expect(world.index.base(relativePath('doc'))?.content).toEqual(contentOfText('new'));
  });
});
