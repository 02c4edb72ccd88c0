import { beforeEach, describe, expect, test } from 'vitest';
import type { BaseRow } from '../model/base-row.ts';
import { relativePath } from '../model/path.ts';
import { makeDirectories, removeDirectories } from './directories.ts';
import { setMetadata } from './metadata.ts';
import type { Outcome } from './outcome.ts';
import { recoverCommits } from './recover.ts';
import { respell } from './respell.ts';
import { type ApplyWorld, openApplyWorld } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';
import { hold, remoteTimeNs, rowFor, scan } from './testing/small-engine.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import { createManualClock } from '../testing/manual-clock.ts';

let world: ApplyWorld;
beforeEach(async () => {
  const { fileSystem, at } = (memoryDisks[0] as (typeof memoryDisks)[number]).make();
  world = await openApplyWorld(fileSystem, at, 'directories');
});
const nothing = (): void => {};
const kinds = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ kind }) => kind);
const removal = (row: BaseRow) => ({
  path: row.path,
  row,
  leaves: undefined,
  lingers: { ...row, status: 'lingering' as const },
});

describe('directories', () => {
  test('[AP15] are made, or taken as they stand, also when somebody makes one in the last instant', async () => {
    world.user.makeDirectory('there');
    world.disk.fail({
      call: 'makeDirectory',
      path: (path) => path.endsWith('late'),
      run: () => world.user.makeDirectory('late'),
    });
    world.user.write('file', 'in the way');
    const outcomes = await makeDirectories(
      world.context,
      ['there', 'late', 'new', 'new/below', 'file', 'file/below'].map((path) => rowFor(path, 'dir')),
      nothing,
    );
    expect(kinds(outcomes)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'changed-underneath',
      'changed-underneath',
    ]);
    expect(world.user.read('file')).toBe('in the way');
  });

  test('[AP18] a name refused as missing is told as not allowed', async () => {
    world.disk.fail({ call: 'makeDirectory', path: (path) => path.endsWith('a:b'), code: 'ENOENT' });
    const outcomes = await makeDirectories(world.context, [rowFor('a:b', 'dir')], nothing);
    expect(outcomes).toMatchObject([
      { kind: 'problem', path: 'a:b', problem: { kind: 'name-not-allowed', cause: 'ENOENT' } },
    ]);
  });

  test('[AP15] are removed only when empty; one that holds something unknown lingers', async () => {
    world.user.makeDirectory('full');
    world.user.makeDirectory('empty');
    const rows = [hold(world, 'full'), hold(world, 'empty')];
    world.user.write('full/unknown', 'mine');
    const outcomes = await removeDirectories(world.context, rows.map(removal), nothing);
    expect(kinds(outcomes)).toEqual(['done', 'done']);
    expect(world.index.base(relativePath('full'))?.status).toBe('lingering');
    expect(world.index.base(relativePath('empty'))).toBeUndefined();
    expect(world.user.tree()).toEqual(
      new Map([
        ['full', 'dir'],
        ['full/unknown', 'mine'],
      ]),
    );
    expect(world.index.intents()).toEqual([]);
  });

  test('[AP15] one that a file took the place of is left alone, and so is a link to one', async () => {
    world.user.makeDirectory('was');
    world.user.makeDirectory('target');
    world.user.makeDirectory('linked');
    const rows = [hold(world, 'was'), hold(world, 'linked')];
    world.user.write('was', 'a file now');
    world.inner.removeDirectory(world.root.at('linked'));
    world.inner.makeSymlink('target', world.root.at('linked'));
    expect(kinds(await removeDirectories(world.context, rows.map(removal), nothing))).toEqual([
      'changed-underneath',
      'changed-underneath',
    ]);
    expect(world.user.read('was')).toBe('a file now');
    expect(world.user.tree().get('target')).toBe('dir');
  });
});

describe('a directory whose own directory became a file', () => {
  test('[AP15] is gone: only its row is left to go', async () => {
    world.user.makeDirectory('was');
    world.user.makeDirectory('was/below');
    const row = hold(world, 'was/below');
    world.inner.removeDirectory(world.root.at('was/below'));
    world.user.write('was', 'a file now');
    expect(kinds(await removeDirectories(world.context, [removal(row)], nothing))).toEqual(['done']);
    expect(world.index.base(row.path)).toBeUndefined();
    expect(world.user.read('was')).toBe('a file now');
  });
});

describe('mode and time', () => {
  const change = (row: BaseRow) => ({
    row,
    mode: 0o755,
    modifiedAtNs: remoteTimeNs,
    becomes: rowFor(row.path, 'text'),
  });

  test('[AP16] are set on a file that is as base says, and on no other', async () => {
    world.user.write('same', 'text');
    world.user.write('edited', 'text');
    const rows = [hold(world, 'same'), hold(world, 'edited')];
    world.user.write('edited', 'more text');
    expect(kinds(await setMetadata(world.context, rows.map(change), nothing))).toEqual([
      'done',
      'changed-underneath',
    ]);
    const now = world.inner.look(world.root.at('same'));
    expect([now?.mode, now?.modifiedAtNs]).toEqual([0o755, remoteTimeNs]);
    expect(world.inner.look(world.root.at('edited'))?.mode).toBe(0o644);
  });

  test('[AP16] an edit in the last instant, of the same length, does not hide behind the time that was set', async () => {
    world.user.write('doc', 'text');
    const row = hold(world, 'doc');
    world.disk.fail({ call: 'setModifiedAt', run: () => world.user.write('doc', 'TEXT') });
    await setMetadata(world.context, [change(row)], nothing);
    expect(await scan(world, new Map([['doc', 'text']]))).toEqual([{ path: 'doc', because: 'edit' }]);
  });

  test.each(['setMode', 'setModifiedAt', 'flushDirectories'] as const)(
    '[AP16] a stop at %s is nobody’s write',
    async (call) => {
      world.user.write('doc', 'text');
      const row = hold(world, 'doc');
      world.disk.fail({
        call,
        run: () => {
          throw new Error('killed');
        },
      });
      await expect(setMetadata(world.context, [change(row)], nothing)).rejects.toThrow('killed');
      const restarted = world.restarted();
      await recoverCommits(restarted.context);
      expect(await scan(restarted, new Map([['doc', 'text']]))).toEqual([]);
    },
  );
});

describe('another spelling', () => {
  beforeEach(async () => {
    const disk = createMemoryFileSystem({ clock: createManualClock(), caseInsensitive: true });
    const at = diskPath('/folder');
    disk.makeDirectory(at);
    world = await openApplyWorld(disk, at, 'respell');
    world.user.makeDirectory('Music');
    world.user.write('Music/song', 'la la');
  });
  const respelling = () => {
    const row = hold(world, 'Music');
    return { row, leaves: undefined, becomes: rowFor('music', 'dir') };
  };

  test('[AP17] is given to a directory with all it holds', async () => {
    const outcome = await respell(world.context, respelling(), nothing);
    expect(outcome.kind).toBe('done');
    expect([...world.user.tree().keys()]).toEqual(['music', 'music/song']);
    expect(world.index.base(relativePath('Music'))).toBeUndefined();
    expect(world.index.base(relativePath('music'))?.observed?.kind).toBe('directory');
    expect(world.index.intents()).toEqual([]);
  });

  test('[AP17] a stop at any call leaves the directory with a name again after the next start', async () => {
    for (let n = 1, wasKilled = true; wasKilled; n++) {
      const at = diskPath('/folder');
      const disk = createMemoryFileSystem({ clock: createManualClock(), caseInsensitive: true });
      disk.makeDirectory(at);
      world = await openApplyWorld(disk, at, `respell ${n}`);
      world.user.makeDirectory('Music');
      world.user.write('Music/song', 'la la');
      wasKilled = false;
      world.disk.fail({
        at: n,
        run: () => {
          wasKilled = true;
          throw new Error('killed');
        },
      });
      await respell(world.context, respelling(), nothing).catch(() => {});
      const restarted = world.restarted();
      await recoverCommits(restarted.context);
      expect(restarted.user.read('Music/song'), `killed at ${n}`).toBe('la la');
      expect(world.inner.list(world.root.staging)).toEqual([]);
    }
  });

  test('[AP17] a failure at any call leaves it where it was, or under an intent until the disk works again', async () => {
    for (let n = 1, hasFailed = true; hasFailed; n++) {
      const at = diskPath('/folder');
      const disk = createMemoryFileSystem({ clock: createManualClock(), caseInsensitive: true });
      disk.makeDirectory(at);
      world = await openApplyWorld(disk, at, `respell ${n}`);
      world.user.makeDirectory('Music');
      world.user.write('Music/song', 'la la');
      hasFailed = false;
      let calls = 0;
      const isOver = world.disk.fail({
        run: () => {
          calls += 1;
          if (calls >= n) hasFailed = true;
        },
      });
      const isAllWell = world.disk.fail({ at: n, code: 'EIO' });
      await respell(world.context, respelling(), nothing);
      isOver();
      isAllWell();
      await recoverCommits(world.context);
      expect(world.user.read('Music/song'), `failed at ${n}`).toBe('la la');
      expect(world.inner.list(world.root.staging)).toEqual([]);
      expect(world.index.intents()).toEqual([]);
    }
  });
});
