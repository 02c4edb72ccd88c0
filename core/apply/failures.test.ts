import assert from 'node:assert/strict';
import { afterEach, describe, expect, test } from 'vitest';
import { type ApplyWorld, openApplyWorld } from './testing/apply-world.ts';
import { crashes, memoryDisks, strideOf, type TestDisk } from './testing/disks.ts';
import { DiskError } from '../filesystem/filesystem.ts';
import { checkOldOrNew, checkTidy, checkVersions, isSomewhere } from './testing/promises.ts';
import { bringIn, scan, startAgain, type Wanted } from './testing/small-engine.ts';
import { beginStory, oldTexts, storyEnd } from './testing/story.ts';

let made: TestDisk[] = [];
afterEach(() => {
  for (const disk of made) disk.dispose();
  made = [];
});

async function begin(
  make: () => TestDisk,
  seed: string,
): Promise<{ readonly world: ApplyWorld; readonly wanted: Wanted }> {
  const disk = make();
  made.push(disk);
  const world = await openApplyWorld(disk.fileSystem, disk.at, seed);
  return { world, wanted: await beginStory(world) };
}

/** What the engine does with a failure that no path's outcome tells: it leaves the folder and comes back. */
async function tryOnce(world: ApplyWorld, wanted: Wanted): Promise<void> {
  try {
    await bringIn(world, wanted);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

async function checkAllDone(world: ApplyWorld, wanted: Wanted, moment: string): Promise<void> {
  for (let round = 0; round < 5; round++) {
    assert.deepEqual(await scan(world, wanted), [], `${moment}: nobody did anything`);
    await bringIn(world, wanted);
  }
  assert.deepEqual(await startAgain(world, wanted), [], `${moment}: nobody did anything`);
  assert.deepEqual(world.user.tree(), storyEnd, moment);
  for (const text of oldTexts) assert.ok(isSomewhere(world, text), `${moment}: ${text}`);
  checkVersions(world, moment);
  checkTidy(world, moment);
}

describe.each(memoryDisks)('failing calls on a disk: $called', ({ make, canReplace }) => {
  test.each(crashes > 0 ? ['ENOSPC', 'EIO', 'EACCES', 'EPERM'] : ['ENOSPC'])(
    '[AP8] %s at any call loses nothing, and another try gets everything done',
    { timeout: 120_000 },
    async (code) => {
      let n = 0;
      for (let hasFailed = true; hasFailed; ) {
        n += strideOf(11);
        const { world, wanted } = await begin(make, `${code} ${n}`);
        const before = world.disk.callCount;
        const isOver = world.disk.fail({
          at: n,
          code,
          run: () => checkOldOrNew(world, { canReplace }, `before failing call ${n}`),
        });
        await tryOnce(world, wanted);
        hasFailed = world.disk.callCount - before >= n;
        isOver();
        await checkAllDone(world, wanted, `${code} at call ${n} of ${world.disk.takeCalls()[n - 1]?.call}`);
      }
      expect(n).toBeGreaterThan(50);
    },
  );

  test('[AP8] a disk that fails from some call on, until the next start', { timeout: 120_000 }, async () => {
    let n = 0;
    for (let hasFailed = true; hasFailed; ) {
      n += strideOf(13);
      const { world, wanted } = await begin(make, `broken ${n}`);
      let calls = 0;
      world.disk.fail({
        run() {
          calls += 1;
          if (calls >= n) throw new DiskError('EIO', 'any', '/');
        },
      });
      await tryOnce(world, wanted);
      hasFailed = calls >= n;
      const restarted = world.restarted();
      assert.deepEqual(await startAgain(restarted, wanted), [], `broken from call ${n}`);
      await checkAllDone(restarted, wanted, `broken from call ${n}`);
    }
    expect(n).toBeGreaterThan(50);
  });
});
