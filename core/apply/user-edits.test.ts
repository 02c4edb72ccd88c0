import assert from 'node:assert/strict';
import { afterEach, describe, expect, test } from 'vitest';
import type { WriteHandle } from '../filesystem/filesystem.ts';
import { createRetiredWatch, type LateWrite } from './retired.ts';
import type { Outcome } from './outcome.ts';
import { type ApplyWorld, hashWith, openApplyWorld } from './testing/apply-world.ts';
import { crashes, memoryDisks, realDisks, strideOf, type TestDisk } from './testing/disks.ts';
import { checkTidy, checkVersions, isSomewhere } from './testing/promises.ts';
import { bringIn, scan, startAgain, type Wanted } from './testing/small-engine.ts';
import { beginStory, oldTexts } from './testing/story.ts';

let made: TestDisk[] = [];
afterEach(() => {
  for (const disk of made) disk.dispose();
  made = [];
});

const mineText = 'what the user saved meanwhile';

/** What a user may do to a path at any moment; what they wrote must never be lost. */
const edits: readonly {
  readonly says: string;
  readonly leaves: boolean;
  /** Another file is there afterwards; not only other bytes in the same. */
  readonly replaces: boolean;
  run(world: ApplyWorld, path: string): void;
}[] = [
  {
    says: 'writes over it in place',
    leaves: true,
    replaces: false,
    run: ({ user }, path) => user.write(path, mineText),
  },
  {
    says: 'saves by renaming over it',
    leaves: true,
    replaces: true,
    run: ({ user }, path) => user.saveByRename(path, mineText),
  },
  { says: 'deletes it', leaves: false, replaces: true, run: ({ user }, path) => user.remove(path) },
  {
    says: 'puts a directory there',
    leaves: true,
    replaces: true,
    run: ({ user }, path) => user.replaceByDirectory(path, mineText),
  },
  {
    says: 'deletes it and makes another',
    leaves: true,
    replaces: true,
    run({ user }, path) {
      user.remove(path);
      user.write(path, mineText);
    },
  },
];
const edited = [
  'doc.txt',
  'gone.txt',
  'move-from.txt',
  'move-to.txt',
  'swap-a.txt',
  'chain-2.txt',
  'sub/fresh.txt',
  'touched.txt',
  'link',
];

async function begin(
  make: () => TestDisk,
  seed: string,
): Promise<{ readonly world: ApplyWorld; readonly wanted: Wanted; readonly disk: TestDisk }> {
  const disk = make();
  made.push(disk);
  const world = await openApplyWorld(disk.fileSystem, disk.at, seed);
  return { world, wanted: await beginStory(world), disk };
}

/** Goes on until nothing is left to do. */
async function settle(world: ApplyWorld, wanted: Wanted): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let round = 0; round < 4; round++) {
    await scan(world, wanted);
    outcomes.push(...(await bringIn(world, wanted)));
  }
  return outcomes;
}

describe.each([...memoryDisks, ...realDisks].map((kind) => ({ ...kind, kind })))(
  'a user beside a program on a disk: $called',
  ({ make, exchanges, kind }) => {
    test.each(edits)(
      '[AP5] $says before some call, and keeps it',
      { timeout: 3_600_000 },
      async ({ says, leaves, replaces, run }) => {
        const stride = strideOf(realDisks.includes(kind) ? 600 : 120);
        let tried = 0;
        const nthEdit = edits.findIndex((edit) => edit.says === says);
        for (const [nth, path] of edited.entries()) {
          if (crashes === 0 && (nth + nthEdit) % 3 !== 0) continue;
          for (let n = 1 + ((nth * 7) % stride), wasMade = true; wasMade; n += stride) {
            const { world, wanted, disk } = await begin(make, `${says} ${path} ${n}`);
            wasMade = false;
            let isRace = false;
            const isOver = world.disk.fail({
              at: n,
              run() {
                wasMade = true;
                run(world, path);
                // Told in the code: without exchange, what is saved between the last look and the rename is lost.
                isRace =
                  !exchanges &&
                  (replaces || path === 'link') &&
                  world.disk.takeCalls().at(-1)?.call === 'rename';
              },
            });
            const moment = `${says} at ${path} before call ${n}`;
            await bringIn(world, wanted);
            isOver();
            await settle(world, wanted);
            assert.deepEqual(await startAgain(world, wanted), [], moment);
            if (wasMade && leaves && !isRace) assert.ok(isSomewhere(world, mineText), moment);
            const lost = oldTexts.filter((text) => !isSomewhere(world, text));
            assert.ok(lost.length <= (wasMade ? 1 : 0), `${moment}: ${lost.join()}`);
            tried += 1;
            checkVersions(world, moment);
            checkTidy(world, moment);
            disk.dispose();
          }
        }
        expect(tried).toBeGreaterThan(5);
      },
    );

    test('[AP6] [AP7] clone instead of link: writes through a handle opened before would be lost, and become a write of theirs', {
      timeout: 3_600_000,
    }, async () => {
      const stride = strideOf(realDisks.includes(kind) ? 600 : 120);
      let tried = 0;
      for (const path of ['doc.txt', 'gone.txt', 'sub/deep.txt', 'swap-a.txt']) {
        for (let n = 1, wasMade = true; wasMade; n += stride) {
          const { world, wanted, disk } = await begin(make, `handle ${path} ${n}`);
          const handle: WriteHandle = world.inner.openWrite(world.root.at(path));
          wasMade = false;
          const isOver = world.disk.fail({
            at: n,
            run() {
              wasMade = true;
              handle.truncate(0);
              handle.write(Buffer.from(mineText), 0);
            },
          });
          const watch = createRetiredWatch(world.context);
          const first = await bringIn(world, wanted);
          isOver();
          for (const outcomes of [first, await settle(world, wanted)]) {
            watch.add(
              outcomes.flatMap((outcome) =>
                outcome.kind === 'done' && outcome.retired !== undefined ? [outcome.retired] : [],
              ),
            );
          }
          if (!wasMade) {
            handle.truncate(0);
            handle.write(Buffer.from(mineText), 0);
          }
          handle.close();
          const late: LateWrite[] = [];
          world.clock.advance(60_000);
          await watch.look({
            afterScan: true,
            hash: hashWith(world.inner),
            record: (writes) => void late.push(...writes),
          });
          await scan(world, wanted);
          const moment = `written to ${path} before call ${n}`;
          const isKnown = late.length > 0 || [...world.user.tree().values()].includes(mineText);
          assert.ok(isKnown, moment);
          checkVersions(world, moment);
          tried += 1;
          disk.dispose();
        }
      }
      expect(tried).toBeGreaterThan(4);
    });
  },
);
