import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { HistoryVersion } from '../../core/engine/engine.ts';
import { contentOf } from '../harness/harness.ts';
import {
  comesTo,
  inStep,
  meeting,
  shareAmong,
  startMembers,
  statusOf,
  tellWhere,
} from '../harness/lab-group.ts';

/** The files of the one index in a home. */
function indexFiles(home: string): readonly string[] {
  const folders = path.join(home, 'folders');
  return fs.readdirSync(folders).map((name) => path.join(folders, name));
}

const ways: readonly { readonly says: string; readonly damage: (files: readonly string[]) => void }[] = [
  { says: 'is gone', damage: (files) => files.forEach((file) => fs.rmSync(file)) },
  {
    says: 'is no database any more',
    damage: (files) => files.forEach((file) => fs.writeFileSync(file, 'not a database\n'.repeat(999))),
  },
  {
    says: 'was cut in half',
    damage: (files) => files.forEach((file) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2))),
  },
];

test.each(ways)(
  'an index that $says costs a look at the disk: no conflict, no deletion, no version',
  async ({ damage }) => {
    const [desk, lap] = await startMembers('desk', 'lap');
    const at = (name: string): string => path.join(desk.folder, name);
    for (const name of ['same', 'edited', 'deleted', 'gone here'])
      fs.writeFileSync(at(name), `first ${name}`);
    await shareAmong([desk, lap], 'Work');
    fs.writeFileSync(at('edited'), 'second edited');
    await comesTo(
      'the second',
      () => fs.readFileSync(path.join(lap.folder, 'edited'), 'utf8'),
      'second edited',
    );
    await inStep(desk.device, lap.device);

    expect(await lap.device.kill('SIGTERM')).toMatchObject({ code: 0 });
    damage(indexFiles(lap.device.home));
    fs.writeFileSync(at('edited'), 'third edited');
    fs.rmSync(at('deleted'));
    fs.writeFileSync(at('made'), 'made meanwhile');
    fs.writeFileSync(path.join(lap.folder, 'made here'), 'made by the other meanwhile');
    // Nothing here knows that it was there: it comes back, and is not deleted elsewhere.
    fs.rmSync(path.join(lap.folder, 'gone here'));
    await lap.device.restart();
    await tellWhere(lap.device, desk.device);
    await meeting(desk.device, lap.device);

    const wanted = {
      edited: 'third edited',
      'gone here': 'first gone here',
      made: 'made meanwhile',
      'made here': 'made by the other meanwhile',
      same: 'first same',
    };
    const textsIn = (folder: string) =>
      Object.fromEntries(
        Object.keys(contentOf(folder)).map((name) => [
          name,
          fs.readFileSync(path.join(folder, name), 'utf8'),
        ]),
      );
    for (const { folder } of [desk, lap]) await comesTo('as it should be', () => textsIn(folder), wanted);
    await inStep(desk.device, lap.device);
    for (const { device } of [desk, lap])
      expect((await statusOf(device)).folders).toMatchObject([
        { state: 'up-to-date', conflicts: 0, problems: [], needFiles: 0 },
      ]);
    const versions = await lap.device.ask<HistoryVersion[]>('history', path.join(lap.folder, 'edited'));
    expect(versions.filter(({ here }) => here).map(({ size }) => size)).toEqual(
      expect.arrayContaining(['first edited'.length, 'second edited'.length]),
    );
  },
  600_000,
);
