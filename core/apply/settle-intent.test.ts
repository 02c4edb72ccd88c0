import { expect, test } from 'vitest';
import { type DiskPath, joinDisk } from '../filesystem/filesystem.ts';
import { createMemoryFileSystem } from '../filesystem/memory-file-system.ts';
import { diskPath } from '../filesystem/filesystem.ts';
import type { Intent } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { commitName, versionName } from './private-names.ts';
import { settleIntent } from './settle-intent.ts';
import { type ApplyWorld, openApplyWorld, textAt } from './testing/apply-world.ts';

const path = 'file' as RelativePath;

/** A world in which a commit at `file` stopped: what lies where is put together by hand. */
interface Stopped extends ApplyWorld {
  readonly target: DiskPath;
  /** The commit's own name, and the one the new file was staged under. */
  readonly aside: DiskPath;
  readonly origin: DiskPath;
  readonly version: DiskPath;
  put(at: DiskPath, text: string): Observed;
  intent(known: Pick<Intent, 'staged' | 'replaced'>): Intent;
  removal(replaced: Observed): Intent;
}

async function stopped(stagedName = 'new.part'): Promise<Stopped> {
  const memory = createMemoryFileSystem({ clock: createManualClock() });
  const at = diskPath('/folder');
  memory.makeDirectory(at);
  const world = await openApplyWorld(memory, at, 'settle');
  const { index, random, root, inner } = world;
  const name = commitName(index, random, path, stagedName);
  const storedName = versionName(index, random, path);
  const version = { storedName, keep: true };
  const common = { path, version, becomes: undefined };
  return {
    ...world,
    target: joinDisk(at, path),
    aside: root.stagedAt(name),
    origin: root.stagedAt(stagedName),
    version: root.versionAt(storedName),
    put(place, text) {
      const file = inner.create(place, 0o644);
      file.write(Buffer.from(text), 0);
      file.close();
      return inner.look(place) as Observed;
    },
    intent: (known) => ({ ...common, ...known, stagedName: name }),
    removal: (replaced) => ({ ...common, stagedName: undefined, staged: undefined, replaced }),
  };
}

/** An identity that nothing on the disk has. */
const elsewhere = (seen: Observed): Observed => ({ ...seen, inode: seen.inode + 1_000n });

test('[AP5] what was saved in the last instant and came out goes back where it was saved, and the download waits', async () => {
  const world = await stopped();
  const staged = world.put(world.target, 'new');
  const saved = world.put(world.aside, 'saved in the last instant');
  expect(settleIntent(world.context, world.intent({ staged, replaced: elsewhere(saved) }))).toEqual({
    verdict: 'did-not',
    stored: [],
  });
  expect(world.user.read(path)).toBe('saved in the last instant');
  expect(textAt(world.inner, world.origin)).toBe('new');
});

test('[AP5] if it was saved once more meanwhile, the newest stays in place and the one before is kept', async () => {
  const world = await stopped();
  const staged = world.put(world.target, 'new');
  const saved = world.put(world.aside, 'saved');
  let isFirst = true;
  world.disk.fail({
    call: 'exchange',
    run() {
      if (isFirst) world.user.saveByRename(path, 'newest');
      isFirst = false;
    },
  });
  const { verdict, stored } = settleIntent(
    world.context,
    world.intent({ staged, replaced: elsewhere(saved) }),
  );
  expect([verdict, stored.length, world.user.read(path)]).toEqual(['did-not', 1, 'newest']);
  expect([...world.user.store().values()]).toEqual(['saved']);
});

test('[AP5] a save over what has come is left alone, and the one that came out is kept', async () => {
  const world = await stopped();
  const staged = world.put(world.target, 'new');
  world.user.write(path, 'written over it');
  const saved = world.put(world.aside, 'saved before');
  const { verdict } = settleIntent(world.context, world.intent({ staged, replaced: elsewhere(saved) }));
  expect([verdict, world.user.read(path)]).toEqual(['happened', 'written over it']);
  expect([...world.user.store().values()]).toEqual(['saved before']);
});

test('[AP3] a second name of what is kept already goes, and nothing is kept twice', async () => {
  const world = await stopped();
  const staged = world.put(world.target, 'new');
  const replaced = world.put(world.version, 'old');
  world.inner.link(world.version, world.aside);
  const { verdict, stored } = settleIntent(world.context, world.intent({ staged, replaced }));
  expect([verdict, stored.map(({ keep }) => keep)]).toEqual(['happened', [true]]);
  expect(world.inner.look(world.aside)).toBeUndefined();
  expect([...world.user.store().values()]).toEqual(['old']);
});

test('[AP3] a kept name of what is still in place goes', async () => {
  const world = await stopped();
  const replaced = world.put(world.target, 'old');
  world.inner.link(world.target, world.version);
  const staged = world.put(world.aside, 'new');
  expect(settleIntent(world.context, world.intent({ staged, replaced }))).toEqual({
    verdict: 'did-not',
    stored: [],
  });
  expect([world.user.read(path), world.user.store().size]).toEqual(['old', 0]);
  expect(textAt(world.inner, world.origin)).toBe('new');
});

test('[AP13] a file that was on its way to another place keeps its last name', async () => {
  const world = await stopped('moved');
  const staged = world.put(world.aside, 'moved here');
  const { verdict } = settleIntent(world.context, world.intent({ staged, replaced: undefined }));
  expect(verdict).toBe('did-not');
  expect([...world.user.store().values()]).toEqual(['moved here']);
});

test('[AP12] of a download that was begun again meanwhile the older goes', async () => {
  const world = await stopped();
  const staged = world.put(world.aside, 'new');
  world.put(world.origin, 'begun again');
  settleIntent(world.context, world.intent({ staged, replaced: undefined }));
  expect(textAt(world.inner, world.origin)).toBe('begun again');
  expect(world.inner.look(world.aside)).toBeUndefined();
  expect(world.user.store().size).toBe(0);
});

test('[AP2] where the old one is aside and the new one never came, the old one returns', async () => {
  const world = await stopped();
  const staged = world.put(world.aside, 'new');
  const replaced = world.put(world.version, 'old');
  settleIntent(world.context, world.intent({ staged, replaced }));
  expect([world.user.read(path), world.user.store().size]).toEqual(['old', 0]);
});

test('[AP5] what was saved over a file that was to go, and went in its place, goes back', async () => {
  const world = await stopped();
  const saved = world.put(world.version, 'saved in the last instant');
  expect(settleIntent(world.context, world.removal(elsewhere(saved)))).toEqual({
    verdict: 'did-not',
    stored: [],
  });
  expect([world.user.read(path), world.user.store().size]).toEqual(['saved in the last instant', 0]);
});

test('[AP5] if something newer stands there, it stays, and what went is kept', async () => {
  const world = await stopped();
  const saved = world.put(world.version, 'saved in the last instant');
  world.put(world.target, 'newest');
  const { verdict, stored } = settleIntent(world.context, {
    ...world.removal(elsewhere(saved)),
    version: { storedName: world.version.split('/').at(-1) ?? '', keep: false },
  });
  expect([verdict, stored.map(({ keep }) => keep)]).toEqual(['did-not', [true]]);
  expect([world.user.read(path), ...world.user.store().values()]).toEqual([
    'newest',
    'saved in the last instant',
  ]);
});

test('[AP3] a removal that only got as far as a second name is undone', async () => {
  const world = await stopped();
  const replaced = world.put(world.target, 'old');
  world.inner.link(world.target, world.version);
  expect(settleIntent(world.context, world.removal(replaced))).toEqual({ verdict: 'did-not', stored: [] });
  expect([world.user.read(path), world.user.store().size]).toEqual(['old', 0]);
});
