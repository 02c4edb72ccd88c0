import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { seededBytes } from '../harness/lab-seeded.ts';
import type { DiskCase } from './disk-case.ts';
import { textOf } from './disk-pair.ts';
import { run } from './mounts.ts';

const mebi = 1024 * 1024;

/** Where writing is refused, or need not be done. */
export const writeCases: readonly DiskCase[] = [
  {
    name: 'a file that may not be changed is listed, keeps nothing back, and is brought up to date when it may',
    when: ({ immutable }) => immutable,
    run: async ({ near, far, spot }) => {
      const here = await spot('immutable');
      for (const name of ['edited', 'deleted']) fs.writeFileSync(path.join(here.near, name), `first ${name}`);
      await here.bothShow({ edited: 'first edited', deleted: 'first deleted' });
      const fixed = ['edited', 'deleted'].map((name) => path.join(here.far, name));
      run('chattr', '+i', ...fixed);
      try {
        fs.writeFileSync(path.join(here.near, 'edited'), 'second edited');
        fs.rmSync(path.join(here.near, 'deleted'));
        fs.writeFileSync(path.join(here.near, 'beside'), 'beside');
        await here.show({
          near: { edited: 'second edited', beside: 'beside' },
          far: { edited: 'first edited', deleted: 'first deleted', beside: 'beside' },
        });
        await here.lists(far, { edited: 'unwritable', deleted: 'unwritable' });
      } finally {
        run('chattr', '-i', ...fixed);
      }
      await here.bothShow({ edited: 'second edited', beside: 'beside' });
      await here.lists(far, {});
      await here.lists(near, {});
    },
  },

  {
    name: 'a directory that may not be changed is listed, keeps nothing back, and is brought up to date when it may',
    when: ({ immutable }) => immutable,
    run: async ({ far, spot }) => {
      const here = await spot('immutable directory');
      fs.mkdirSync(path.join(here.near, 'dir'));
      fs.writeFileSync(path.join(here.near, 'dir', 'old'), 'an old one');
      await here.bothShow({ dir: '/', 'dir/old': 'an old one' });
      const fixed = path.join(here.far, 'dir');
      run('chattr', '+i', fixed);
      try {
        fs.writeFileSync(path.join(here.near, 'dir', 'new'), 'a new one');
        fs.writeFileSync(path.join(here.near, 'beside'), 'beside');
        await here.show({
          near: { dir: '/', 'dir/old': 'an old one', 'dir/new': 'a new one', beside: 'beside' },
          far: { dir: '/', 'dir/old': 'an old one', beside: 'beside' },
        });
        await here.lists(far, { 'dir/new': 'unwritable' });
      } finally {
        run('chattr', '-i', fixed);
      }
      await here.bothShow({ dir: '/', 'dir/old': 'an old one', 'dir/new': 'a new one', beside: 'beside' });
      await here.lists(far, {});
    },
  },

  {
    name: 'a copy of what is there is not fetched again, and each can be edited by itself',
    once: true,
    run: async ({ far, spot }) => {
      const here = await spot('copies');
      const bytes = seededBytes('copies', 4 * mebi);
      fs.writeFileSync(path.join(here.near, 'first'), bytes);
      await here.bothShow({ first: textOf(bytes) });
      const received = async (): Promise<number> =>
        (await far.device.ask<{ totals: { receivedBytes: number } }>('status')).totals.receivedBytes;
      const before = await received();
      fs.copyFileSync(path.join(here.near, 'first'), path.join(here.near, 'second'));
      await here.bothShow({ first: textOf(bytes), second: textOf(bytes) });
      expect((await received()) - before).toBeLessThan(bytes.length / 4);
      fs.appendFileSync(path.join(here.far, 'second'), 'and more');
      const more = Buffer.concat([bytes, Buffer.from('and more')]);
      await here.bothShow({ first: textOf(bytes), second: textOf(more) });
    },
  },

  {
    name: 'a copy of what is there, and a few bytes changed in it, take next to no room on a disk that can share blocks',
    when: ({ clones }) => clones,
    run: async ({ disk, spot }) => {
      const here = await spot('shared');
      const bytes = seededBytes('shared', 24 * mebi);
      fs.writeFileSync(path.join(here.near, 'first'), bytes);
      await here.bothShow({ first: textOf(bytes) });
      const before = usedBytes(disk);
      fs.copyFileSync(path.join(here.near, 'first'), path.join(here.near, 'second'));
      await here.bothShow({ first: textOf(bytes), second: textOf(bytes) });
      const changed = Buffer.from(bytes);
      changed.write('changed', 12 * mebi);
      const file = fs.openSync(path.join(here.near, 'second'), 'r+');
      fs.writeSync(file, 'changed', 12 * mebi);
      fs.closeSync(file);
      await here.bothShow({ first: textOf(bytes), second: textOf(changed) });
      expect(usedBytes(disk) - before).toBeLessThan(bytes.length / 4);
    },
  },
];

/** What all files of a disk take, once it has settled where they lie. */
function usedBytes(disk: string): number {
  run('sync', '-f', disk);
  const { blocks, bfree, bsize } = fs.statfsSync(disk);
  return (blocks - bfree) * bsize;
}
