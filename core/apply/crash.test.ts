import { afterEach, describe, expect, test } from 'vitest';
import { openApplyWorld, type ApplyWorld } from './testing/apply-world.ts';
import { memoryDisks, realDisks, type TestDisk } from './testing/disks.ts';
import { checkOldOrNew, checkTidy, checkVersions, isSomewhere } from './testing/promises.ts';
import { bringIn, startAgain, type Wanted } from './testing/small-engine.ts';
import { beginStory, oldTexts, storyEnd } from './testing/story.ts';

/** How many seeds the power is cut with, at each call. */
const crashes = Number(process.env['LOCKSTEP_CRASHES'] ?? 3);

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
      checkOldOrNew(world, `before call ${world.disk.callCount}`);
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
  expect(startAgain(world, wanted), `${moment}: nobody did anything`).toEqual([]);
  for (const text of oldTexts) expect(isSomewhere(world, text), `${moment}: ${text}`).toBe(true);
  checkVersions(world, moment);
  for (let round = 0; round < 3; round++) {
    await bringIn(world, wanted);
    expect(startAgain(world, wanted), `${moment}: nobody did anything afterwards`).toEqual([]);
  }
  expect(world.user.tree(), moment).toEqual(storyEnd);
  for (const text of oldTexts) expect(isSomewhere(world, text), `${moment}, at the end: ${text}`).toBe(true);
  checkVersions(world, moment);
  checkTidy(world, moment);
}

async function begin(make: () => TestDisk, seed: string): Promise<{ readonly world: ApplyWorld; readonly wanted: Wanted; readonly disk: TestDisk }> {
  const disk = make();
  made.push(disk);
  const world = await openApplyWorld(disk.fileSystem, disk.at, seed);
  return { world, wanted: await beginStory(world), disk };
}

describe.each([...memoryDisks, ...realDisks])('a program killed on a disk: $called', ({ make }) => {
  test('[AP1] [AP2] [AP3] leaves old or new at every path before every call, and is made good by the next start', { timeout: 120_000 }, async () => {
    for (let n = 1; ; n++) {
      const { world, wanted, disk } = await begin(make, 'kill');
      const wasKilled = await killAt(world, n, wanted);
      await checkRecovery(world, wanted, `killed at call ${n} (${JSON.stringify(world.disk.takeCalls().at(-1))})`);
      disk.dispose();
      if (!wasKilled) break;
    }
  });
});

describe.each(memoryDisks)('a power cut on a disk: $called', ({ make }) => {
  test(`[AP4] loses nobody's bytes, with ${crashes} seeds at each call`, { timeout: 600_000 }, async () => {
    for (let n = 1, wasKilled = true; wasKilled; n++) {
      for (let seed = 0; seed < crashes; seed++) {
        const { world, wanted, disk } = await begin(make, `power ${n} ${seed}`);
        wasKilled = await killAt(world, n, wanted);
        disk.memory?.crash(world.random.fork('power'));
        await checkRecovery(world, wanted, `power cut at call ${n}, seed ${seed}`);
      }
    }
  });
});
