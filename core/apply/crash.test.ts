import assert from 'node:assert/strict';
import { afterEach, describe, expect, test } from 'vitest';
import { openApplyWorld, type ApplyWorld } from './testing/apply-world.ts';
import { crashes, memoryDisks, realDisks, strideOf, type TestDisk } from './testing/disks.ts';
import { checkOldOrNew, checkTidy, checkVersions, isSomewhere } from './testing/promises.ts';
import { bringIn, startAgain, type Wanted } from './testing/small-engine.ts';
import { beginStory, oldTexts, storyEnd } from './testing/story.ts';

let made: TestDisk[] = [];
afterEach(() => {
  for (const disk of made) disk.dispose();
  made = [];
});

class Killed extends Error {}

/** The n-th call never comes, and none after it; false if there were not that many. */
async function killAt(world: ApplyWorld, n: number, wanted: Wanted): Promise<boolean> {
  world.disk.fail({
    run() {
      if (world.disk.callCount >= n) throw new Killed();
    },
  });
  try {
    await bringIn(world, wanted);
    return false;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return true;
  }
}

/** After any stop: no user's doing is made up, everything is there, and what was to be done gets done. */
async function checkRecovery(crashed: ApplyWorld, wanted: Wanted, moment: string): Promise<void> {
  const world = crashed.restarted();
  assert.deepEqual(await startAgain(world, wanted), [], `${moment}: nobody did anything`);
  for (const text of oldTexts) assert.ok(isSomewhere(world, text), `${moment}: ${text}`);
  checkVersions(world, moment);
  for (let round = 0; round < 2; round++) {
    await bringIn(world, wanted);
    assert.deepEqual(await startAgain(world, wanted), [], `${moment}: nobody did anything afterwards`);
  }
  assert.deepEqual(world.user.tree(), storyEnd, moment);
  for (const text of oldTexts) assert.ok(isSomewhere(world, text), `${moment}, at the end: ${text}`);
  checkVersions(world, moment);
  checkTidy(world, moment);
}

async function begin(
  make: () => TestDisk,
  seed: string,
): Promise<{ readonly world: ApplyWorld; readonly wanted: Wanted; readonly disk: TestDisk }> {
  const disk = make();
  made.push(disk);
  const world = await openApplyWorld(disk.fileSystem, disk.at, seed);
  return { world, wanted: await beginStory(world), disk };
}

describe.each([...memoryDisks, ...realDisks])('a program on a disk: $called', ({ make, canReplace }) => {
  test('[AP1] shows old or new at every path before every call', async () => {
    const { world, wanted } = await begin(make, 'watched');
    world.disk.fail({
      run: () => checkOldOrNew(world, { canReplace }, `before call ${world.disk.callCount}`),
    });
    await bringIn(world, wanted);
    await bringIn(world, wanted);
    expect(world.disk.callCount).toBeGreaterThan(50);
    expect(world.user.tree()).toEqual(storyEnd);
    checkVersions(world, 'at the end');
    checkTidy(world, 'at the end');
  });
});

describe.each(memoryDisks)('a program killed on a disk: $called', ({ make }) => {
  test('[AP2] [AP3] is made good by the next start, whichever call was the last', {
    timeout: 120_000,
  }, async () => {
    let n = 1;
    while (await killAndRecover(make, n)) n += strideOf(5);
    expect(n).toBeGreaterThan(50);
  });
});

describe.each(realDisks)('a program killed on a disk: $called', ({ make }) => {
  test('[AP2] [AP3] is made good by the next start', { timeout: 600_000 }, async () => {
    let n = 1;
    while (await killAndRecover(make, n)) n += strideOf(60);
    expect(n).toBeGreaterThan(50);
  });
});

async function killAndRecover(make: () => TestDisk, n: number): Promise<boolean> {
  const { world, wanted, disk } = await begin(make, 'kill');
  const wasKilled = await killAt(world, n, wanted);
  await checkRecovery(
    world,
    wanted,
    `killed at call ${n} (${JSON.stringify(world.disk.takeCalls().at(-1))})`,
  );
  disk.dispose();
  return wasKilled;
}

const seeds = Math.max(1, crashes);

describe.each(memoryDisks)('a power cut on a disk: $called', ({ make }) => {
  test(`[AP4] loses nobody's bytes, with ${seeds} seeds at a call`, { timeout: 3_600_000 }, async () => {
    let n = 0;
    for (let wasKilled = true; wasKilled; ) {
      n += strideOf(7);
      for (let seed = 0; seed < seeds; seed++) {
        const { world, wanted, disk } = await begin(make, `power ${n} ${seed}`);
        wasKilled = await killAt(world, n, wanted);
        disk.memory?.crash(world.random.fork('power'));
        await checkRecovery(world, wanted, `power cut at call ${n}, seed ${seed}`);
      }
    }
    expect(n).toBeGreaterThan(50);
  });

  test('[AP4] also when it goes after the next start', { timeout: 3_600_000 }, async () => {
    let n = 0;
    for (let wasKilled = true; wasKilled; ) {
      n += strideOf(7);
      for (let seed = 0; seed < seeds; seed++) {
        const { world, wanted, disk } = await begin(make, `twice ${n} ${seed}`);
        wasKilled = await killAt(world, n, wanted);
        const second = world.restarted();
        assert.deepEqual(await startAgain(second, wanted), []);
        disk.memory?.crash(world.random.fork('power'));
        await checkRecovery(second, wanted, `killed at call ${n}, then cut, seed ${seed}`);
      }
    }
    expect(n).toBeGreaterThan(50);
  });
});
