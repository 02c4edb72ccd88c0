import { beforeEach, expect, test } from 'vitest';
import { relativePath } from '../model/path.ts';
import { adoptOrphans, sweepStaging } from './sweep.ts';
import { type ApplyWorld, contentOfText, hashWith, openApplyWorld } from './testing/apply-world.ts';
import { memoryDisks } from './testing/disks.ts';
import { learn } from './testing/small-engine.ts';

let world: ApplyWorld;
beforeEach(async () => {
  const { fileSystem, at } = (memoryDisks[0] as (typeof memoryDisks)[number]).make();
  world = await openApplyWorld(fileSystem, at, 'sweep');
});

const versionName = (path: string): string => `${world.index.keyOf(relativePath(path))}-0123456789abcdef`;
const put = (at: Parameters<ApplyWorld['inner']['create']>[0], text: string): void => {
  const file = world.inner.create(at, 0o644);
  file.write(Buffer.from(text), 0);
  file.close();
};
const adopt = (hash = hashWith(world.inner)): Promise<number> =>
  adoptOrphans(world.context, { hash, signal: new AbortController().signal });
const versionsOf = (path: string) => world.index.versionsOf(relativePath(path)).map(({ content }) => content);

test('[AP12] a link in the version store without a row gets one', async () => {
  world.inner.makeSymlink('somewhere', world.root.versionAt(versionName('link')));
  learn(world, new Map([['link', 'new']]));
  expect(await adopt()).toBe(1);
  expect(versionsOf('link')).toEqual([contentOfText('-> somewhere')]);
});

test('[AP12] what cannot be read stays without a row, keeps nothing else back, and gets its row when it can', async () => {
  for (const path of ['one', 'two', 'three']) put(world.root.versionAt(versionName(path)), path);
  world.inner.makeDirectory(world.root.versionAt(versionName('directory')));
  put(world.root.versionAt('no name of ours'), 'whose?');
  learn(world, new Map(['one', 'two', 'three', 'directory'].map((path) => [path, 'new'])));
  const isWell = world.disk.fail({ path: (path) => path.endsWith(versionName('one')), code: 'EIO' });
  const hash = hashWith(world.inner);
  // Still being written to: it does not look twice the same.
  const reading = (...[at, look]: Parameters<typeof hash>): ReturnType<typeof hash> =>
    at.endsWith(versionName('two')) ? Promise.resolve(undefined) : hash(at, look);
  expect(await adopt(reading)).toBe(1);
  expect([versionsOf('one'), versionsOf('two'), versionsOf('three')]).toEqual([
    [],
    [],
    [contentOfText('three')],
  ]);
  isWell();
  expect(await adopt()).toBe(2);
  expect(versionsOf('directory')).toEqual([]);
  expect(world.user.store().get('no name of ours')).toBe('whose?');
});

test('[AP12] a name in staging that cannot be looked at keeps no other back, and a directory stays', () => {
  for (const name of ['a.part', 'b.part']) put(world.root.stagedAt(name), 'half');
  world.inner.makeDirectory(world.root.stagedAt('directory'));
  world.disk.fail({ path: (path) => path.endsWith('a.part'), code: 'EIO' });
  sweepStaging(world.context, new Set());
  expect(world.inner.list(world.root.staging)).toEqual([{ name: 'a.part' }, { name: 'directory' }]);
});

test('[AP12] what an intent names is not swept, nor taken for an orphan', async () => {
  const path = relativePath('doc');
  put(world.root.stagedAt('named.part'), 'new');
  put(world.root.versionAt(versionName('doc')), 'old');
  learn(world, new Map([['doc', 'new']]));
  world.index.transaction(() =>
    world.index.putIntent({
      path,
      stagedName: 'named.part',
      staged: world.inner.look(world.root.stagedAt('named.part')),
      replaced: undefined,
      version: { storedName: versionName('doc'), keep: true },
      becomes: undefined,
    }),
  );
  sweepStaging(world.context, new Set());
  expect(world.inner.look(world.root.stagedAt('named.part'))?.kind).toBe('file');
  expect(await adopt()).toBe(0);
});
