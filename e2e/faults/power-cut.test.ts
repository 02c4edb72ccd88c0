import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type DiskKind, diskKinds, type MountedDisk, mountDisk, whyNoDisk } from '../disks/disk-kinds.ts';
import { run } from '../disks/mounts.ts';
import { contentOf, waitUntil } from '../harness/harness.ts';
import { comesTo } from '../harness/lab-group.ts';
import { acts } from './rig/acts.ts';
import type { Act } from './rig/scene.ts';
import { bundleCommand } from './rig/bundled-command.ts';
import { createContentBook } from './rig/content-book.ts';
import { buildCallCounter, stop, whyNoCounting } from './rig/nth-call.ts';
import { type RigPair, startRigPair } from './rig/rig-pair.ts';
import { makeScenes, playScene, wholeOracle } from './rig/run-acts.ts';

/** LIMIT: cuts per act and disk, spread over its calls; `LOCKSTEP_POWER_CUTS` for more. */
const cuts = Number(process.env.LOCKSTEP_POWER_CUTS ?? 1);
const offset = Number(process.env.LOCKSTEP_FAULTS_OFFSET ?? Math.floor(Date.now() / 86_400_000));

/** What a device receives: its own users flush nothing, and what they have not flushed may go. */
const received = ['makes files', 'saves over', 'renames', 'deletes', 'makes a directory'].map(
  (beginning) => acts.find(({ says }) => says.startsWith(beginning)) as Act,
);

/** Mounted so that the kernel brings nothing to the disk by itself while a test runs: only what was flushed is there. */
const kinds = ['ext4', 'xfs'].map((name): DiskKind => {
  const kind = diskKinds.find((one) => one.name === name) as DiskKind;
  return {
    ...kind,
    mount(folder, image) {
      kind.mount(folder, image);
      if (name === 'ext4') run('mount', '-o', 'remount,commit=600', folder);
    },
  };
});

describe.each(
  kinds.map((kind) => {
    const reason = whyNoCounting() ?? whyNoDisk(kind);
    return { kind, reason, says: reason === undefined ? kind.name : `${kind.name} (${reason})` };
  }),
)('power cuts on $says', ({ kind, reason }) => {
  let mounted: MountedDisk | undefined;
  let pair: RigPair | undefined;
  afterEach(async () => {
    // A stopped process would never end.
    for (const { device, runs } of pair?.sides ?? []) if (runs()) await device.kill('SIGKILL');
    mounted?.remove();
    pair = undefined;
    mounted = undefined;
  });

  test.skipIf(reason !== undefined)(
    `what was in step before is there after a cut at the n-th call of the device that receives (LOCKSTEP_POWER_CUTS=${cuts} LOCKSTEP_FAULTS_OFFSET=${offset})`,
    { timeout: 1_800_000 },
    async () => {
      const disk = mountDisk(kind);
      mounted = disk;
      const image = path.join(disk.place, 'image');
      const library = buildCallCounter(disk.place);
      const launcher = await bundleCommand(path.join(disk.place, 'command'));
      const started = await startRigPair({ place: disk.place, library, launcher, farPlace: disk.disk });
      pair = started;
      const book = createContentBook();
      const victim = started.sides[1];
      let made = 0;
      for (const act of received) {
        const [dry] = await makeScenes(act, { pair: started, book, victims: [victim] });
        if (dry === undefined) throw new RangeError('a scene was asked for');
        const { calls, wrong } = await playScene(dry, { fault: stop, book });
        expect(wrong).toEqual([]);
        const step = Math.max(1, Math.floor(calls / cuts));
        for (let n = 1 + (offset % step); n <= calls; n += step) {
          const [ready] = await makeScenes(act, { pair: started, book, victims: [victim] });
          if (ready === undefined) throw new RangeError('a scene was asked for');
          const { scene } = ready;
          // The machine ran for a while before: what was in step is on the disk.
          run('sync', '-f', disk.disk);
          victim.counter.arm(stop, n);
          await act.run(scene);
          const wanted = contentOf(scene.at(scene.author));
          const isStopped = (): boolean => victim.counter.hit() !== undefined;
          const isDone = (): boolean => isDeepStrictEqual(contentOf(scene.at(victim)), wanted);
          await waitUntil('it is stopped or has made fewer calls', () => isStopped() || isDone(), 60_000);
          if (!isStopped()) {
            victim.counter.disarm();
            continue;
          }
          const call = victim.counter.hit();
          // What the disk holds at this moment, while the process that writes to it stands still.
          copyAtRest(image, `${image}.cut`);
          await victim.device.kill('SIGKILL');
          victim.counter.disarm();
          run('umount', disk.disk);
          fs.renameSync(`${image}.cut`, image);
          // xfs refuses a second disk of one name, and another namespace may still hold the first.
          run('mount', '-o', kind.name === 'xfs' ? 'loop,nouuid' : 'loop', image, disk.disk);
          made += 1;
          await victim.start();
          const place = `${act.says}, call ${n}: ${call}`;
          await comesTo(place, () => started.sides.map((side) => contentOf(scene.at(side))), [
            wanted,
            wanted,
          ]);
          await started.inStep();
          const folders = started.sides.map(({ folder }) => folder);
          expect({ place, lost: book.missing(folders) }).toEqual({ place, lost: [] });
        }
      }
      console.log(`${kind.name}: ${made} power cuts, ${book.count()} contents completed, none lost`);
      expect(made).toBeGreaterThan(0);
      expect(wholeOracle(started, book)).toEqual([]);
    },
  );
});

/** Copies an image that the kernel may still be writing to: again until nothing has changed meanwhile, so that the copy is of one moment. */
function copyAtRest(image: string, copy: string): void {
  for (let tries = 0; tries < 20; tries += 1) {
    execFileSync('cp', ['--sparse=always', image, copy]);
    if (spawnSync('cmp', ['--silent', image, copy]).status === 0) return;
  }
  throw new Error(`${image} does not come to rest`);
}
