import { describe, expect, test } from 'vitest';
import type { DiskCall } from '../filesystem/faulty-file-system.ts';
import { relativePath } from '../model/path.ts';
import { commitGroup } from './commit-group.ts';
import { setMetadata } from './metadata.ts';
import { recoverCommits } from './recover.ts';
import { type ApplyWorld, openApplyWorld } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';
import { checkTidy, checkVersions, isSomewhere } from './testing/promises.ts';
import { hold, stage } from './testing/small-engine.ts';

const nothing = (): void => {};
const mine = 'saved in the last instant';

async function openOn(called: string): Promise<ApplyWorld> {
  const disk = memoryDisks.find((kind) => kind.called === called)?.make();
  if (disk === undefined) throw new RangeError(called);
  return openApplyWorld(disk.fileSystem, disk.at, `last instant ${called}`);
}

/** Has the user act right before the first such call that touches `doc`. */
function beforeFirst(world: ApplyWorld, call: DiskCall, act: (world: ApplyWorld) => void): void {
  const target = world.root.at('doc');
  world.disk.fail({ call, path: (path) => path === target, at: 1, run: () => act(world) });
}

const saves: readonly [string, (world: ApplyWorld) => void][] = [
  ['saved by renaming over it', ({ user }) => user.saveByRename('doc', mine)],
  ['written over in place', ({ user }) => user.write('doc', mine)],
];

describe('right before the call that replaces it, a file is', () => {
  // One race is left: a save by rename where names can be linked and not exchanged.
  for (const [called, call] of [
    ['memory', 'exchange'],
    ['memory without exchange and links', 'renameNew'],
  ] as const)
    test.each(saves)(`[AP5] %s, on a disk of kind: ${called}`, async (_says, save) => {
      const world = await openOn(called);
      world.user.write('doc', 'old');
      const commit = await stage(world, 'doc', 'new', hold(world, 'doc'));
      beforeFirst(world, call, save);
      const outcomes = await commitGroup(world.context, [commit], nothing);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['changed-underneath']);
      await recoverCommits(world.context);
      expect(isSomewhere(world, mine)).toBe(true);
      expect(world.user.read('doc')).toBe(mine);
      checkVersions(world, called);
    });

  test('[AP5] made where nothing was: what came stays aside for another try', async () => {
    const world = await openOn('memory');
    const commit = await stage(world, 'doc', 'new', undefined);
    beforeFirst(world, 'renameNew', ({ user }) => user.write('doc', mine));
    const outcomes = await commitGroup(world.context, [commit], nothing);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['changed-underneath']);
    expect(world.user.read('doc')).toBe(mine);
  });
});

test.each(saves)('[AP5] a file that is to go stays when it is %s right before', async (_says, save) => {
  const world = await openOn('memory');
  world.user.write('doc', 'old');
  const replaces = hold(world, 'doc');
  beforeFirst(world, 'renameNew', save);
  const outcomes = await commitGroup(
    world.context,
    [
      {
        kind: 'retire',
        path: relativePath('doc'),
        replaces,
        keep: true,
        becomes: undefined,
        reason: 'deleted',
        author: undefined,
      },
    ],
    nothing,
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['changed-underneath']);
  await recoverCommits(world.context);
  expect(world.user.read('doc')).toBe(mine);
  checkVersions(world, 'retire');
  checkTidy(world, 'retire');
});

test('[AP11] nothing is put below a directory that became a link right before', async () => {
  const world = await openOn('memory');
  world.user.makeDirectory('d');
  world.user.write('d/doc', 'old');
  world.user.makeDirectory('elsewhere');
  world.user.write('elsewhere/doc', mine);
  const commits = [
    await stage(world, 'd/doc', 'new', hold(world, 'd/doc')),
    await stage(world, 'd/other', 'new', undefined),
  ];
  world.inner.rename(world.root.at('d'), world.root.at('away'));
  world.inner.makeSymlink('elsewhere', world.root.at('d'));
  const outcomes = await commitGroup(world.context, commits, nothing);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['changed-underneath', 'changed-underneath']);
  expect([world.user.read('elsewhere/doc'), world.user.read('away/doc')]).toEqual([mine, 'old']);
  expect(world.user.tree().has('elsewhere/other')).toBe(false);
});

test('[AP5] a file saved while its mode and time are set is taken for changed, not for ours', async () => {
  const world = await openOn('memory');
  world.user.write('doc', 'old');
  const row = hold(world, 'doc');
  beforeFirst(world, 'setModifiedAt', ({ user }) => user.saveByRename('doc', mine));
  const change = { row, mode: 0o755, modifiedAtNs: 7_000_000_000n, becomes: row };
  const outcomes = await setMetadata(world.context, [change], nothing);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['changed-underneath']);
  expect(world.user.read('doc')).toBe(mine);
});
