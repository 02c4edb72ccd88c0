import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConflictListing } from '../../core/engine/engine.ts';
import { inStep, statusOf } from '../harness/lab-group.ts';
import { changeCases } from './change-cases.ts';
import { diskKinds, whyNoDisk } from './disk-kinds.ts';
import { type DiskPair, startPair } from './disk-pair.ts';
import { linkCases } from './link-cases.ts';
import { nameCases } from './name-cases.ts';
import { typeCases } from './type-cases.ts';
import { writeCases } from './write-cases.ts';

const cases = [...nameCases, ...typeCases, ...linkCases, ...changeCases, ...writeCases];
/** The kind of disk that has every case it can. */
const allCasesOn = 'ext4';
const disks = diskKinds.map((kind) => {
  const reason = whyNoDisk(kind);
  return { kind, reason, says: reason === undefined ? kind.name : `${kind.name} (${reason})` };
});

describe.each(disks)('$says', ({ kind, reason }) => {
  describe.skipIf(reason !== undefined)('beside a disk of this machine', () => {
    let started: DiskPair | undefined;
    const pair = (): DiskPair => {
      if (started === undefined) throw new Error('the devices did not start');
      return started;
    };
    beforeAll(async () => {
      started = await startPair(kind);
    });
    afterAll(async () => {
      await started?.stop();
    });

    const ours = cases.filter(
      ({ when, once }) => (when?.(kind.traits) ?? true) && (once !== true || kind.name === allCasesOn),
    );
    test.each(ours)('$name', async ({ run }) => {
      await run(pair());
      expect(await pair().lost()).toEqual([]);
    });

    test('in the end both are in step, without a problem or a conflict', async () => {
      const { near, far } = pair();
      await inStep(near.device, far.device);
      const conflicts = await near.device.ask<ConflictListing[]>('conflict', 'list');
      expect(conflicts.map(({ path }) => path)).toEqual([]);
      for (const { device } of [near, far]) {
        const { folders } = await statusOf(device);
        for (const { problems, conflicts, state } of folders)
          expect({ problems, conflicts, state }).toEqual({ problems: [], conflicts: 0, state: 'up-to-date' });
      }
    });
  });
});
