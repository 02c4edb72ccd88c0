import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { waitUntil } from '../harness/harness.ts';
import type { DiskCase } from './disk-case.ts';
import { textOf } from './disk-pair.ts';

const sides = ['near', 'far'] as const;

/** Changes that are easy to miss, to misread, or to read too early. */
export const changeCases: readonly DiskCase[] = [
  ...sides.map(
    (from): DiskCase => ({
      name: `other bytes of the same size under the same time arrive from the ${from} side`,
      once: from === 'near',
      when: ({ changeTimes }) => from === 'near' || changeTimes,
      run: async ({ spot }) => {
        const here = await spot(`same time ${from}`);
        const place = path.join(here[from], 'container');
        fs.writeFileSync(path.join(here.near, 'container'), `first ${from}`);
        await here.bothShow({ container: `first ${from}` });
        const { atime, mtime } = fs.statSync(place);
        fs.utimesSync(place, atime, mtime);
        await here.bothShow({ container: `first ${from}` });
        fs.writeFileSync(place, `other ${from}`);
        fs.utimesSync(place, atime, mtime);
        await here.bothShow({ container: `other ${from}` });
        // And by a new inode, as by a program that restores the time of what it replaces.
        fs.writeFileSync(path.join(here[from], 'temporary'), `third ${from}`);
        fs.utimesSync(path.join(here[from], 'temporary'), atime, mtime);
        fs.renameSync(path.join(here[from], 'temporary'), place);
        await here.bothShow({ container: `third ${from}` });
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `touched alone, made executable alone, and changed forth and back on the ${from} side: bytes stay, no conflict`,
      run: async ({ spot, traits }) => {
        const here = await spot(`touched ${from}`);
        const at = (name: string): string => path.join(here[from], name);
        const other = from === 'near' ? here.far : here.near;
        for (const name of ['touched', 'mode', 'back']) fs.writeFileSync(path.join(here.near, name), name);
        const all = { touched: 'touched', mode: 'mode', back: 'back' };
        await here.bothShow(all);
        fs.utimesSync(at('touched'), 1_500_000_000, 1_500_000_000);
        await waitUntil(
          'the time arrives',
          () => Math.abs(fs.statSync(path.join(other, 'touched')).mtimeMs / 1000 - 1_500_000_000) <= 2,
        );
        if (traits.modes) {
          fs.chmodSync(at('mode'), 0o755);
          await waitUntil(
            'the mode arrives',
            () => (fs.statSync(path.join(other, 'mode')).mode & 0o100) !== 0,
          );
        }
        fs.writeFileSync(at('back'), 'away');
        fs.writeFileSync(at('back'), 'back');
        await here.bothShow(all);
      },
    }),
  ),

  {
    name: 'times long ago and long from now',
    run: async ({ spot, traits }) => {
      const here = await spot('times');
      const times: Record<string, number> = {
        'before 1970': -86_400,
        'in 1970': 1,
        'odd second': 1_700_000_001,
        'after 2038': 2_200_000_001,
        'long from now': 4_102_444_801,
      };
      for (const [name, time] of Object.entries(times)) {
        fs.writeFileSync(path.join(here.near, name), name);
        execFileSync('touch', ['-d', `@${time}`, path.join(here.near, name)]);
      }
      const all = Object.fromEntries(Object.keys(times).map((name) => [name, name]));
      await here.bothShow(all);
      for (const [name, time] of Object.entries(times)) {
        const [first, last] = traits.times;
        if (time < first || time > last) continue;
        const off = Math.abs(fs.statSync(path.join(here.far, name)).mtimeMs / 1000 - time);
        expect({ name, isKept: off <= traits.timeStepS }).toEqual({ name, isKept: true });
      }
      // A disk that could not keep a time has not written it back.
      for (const [name, time] of Object.entries(times))
        expect({ name, time: fs.statSync(path.join(here.near, name)).mtimeMs / 1000 }).toEqual({
          name,
          time,
        });
      for (const name of Object.keys(times)) fs.appendFileSync(path.join(here.far, name), ' edited');
      await here.bothShow(Object.fromEntries(Object.keys(times).map((name) => [name, `${name} edited`])));
    },
  },

  ...sides.map(
    (from): DiskCase => ({
      name: `made, deleted and made again in quick turns on the ${from} side`,
      once: from === 'near',
      run: async ({ spot }) => {
        const here = await spot(`quick ${from}`);
        const place = path.join(here[from], 'name');
        for (let i = 0; i < 30; i += 1) {
          fs.writeFileSync(place, `turn ${i}`);
          fs.rmSync(place);
          fs.mkdirSync(place);
          fs.rmdirSync(place);
        }
        fs.writeFileSync(place, `last turn ${from}`);
        await here.bothShow({ name: `last turn ${from}` });
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `editors on the ${from} side that save by renaming over, and by renaming aside and deleting the old`,
      once: from === 'near',
      run: async ({ spot }) => {
        const here = await spot(`editors ${from}`);
        const at = (name: string): string => path.join(here[from], name);
        for (const name of ['over', 'aside']) fs.writeFileSync(path.join(here.near, name), `first ${name}`);
        await here.bothShow({ over: 'first over', aside: 'first aside' });
        for (let save = 1; save <= 3; save += 1) {
          fs.writeFileSync(at('4913'), '');
          fs.rmSync(at('4913'));
          fs.writeFileSync(at('.over.tmp'), `save ${save} over ${from}`);
          fs.renameSync(at('.over.tmp'), at('over'));
          fs.renameSync(at('aside'), at('aside~'));
          fs.writeFileSync(at('aside'), `save ${save} aside ${from}`);
          fs.rmSync(at('aside~'));
          await here.bothShow({
            over: `save ${save} over ${from}`,
            aside: `save ${save} aside ${from}`,
          });
        }
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `a file that grows for seconds on the ${from} side arrives whole, and under its last name`,
      once: true,
      run: async ({ spot }) => {
        const here = await spot(`growing ${from}`);
        const part = path.join(here[from], 'film.part');
        // A program of its own writes, so that nothing here waits for a clock.
        execFileSync('sh', [
          '-c',
          'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do head -c 50000 /dev/zero | tr "\\0" "$i" >> "$1"; sleep 0.25; done',
          'sh',
          part,
        ]);
        fs.renameSync(part, path.join(here[from], 'film'));
        await here.bothShow({ film: textOf(fs.readFileSync(path.join(here[from], 'film'))) });
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `names swapped and passed around in a ring on the ${from} side`,
      run: async ({ spot }) => {
        const here = await spot(`rings ${from}`);
        const at = (name: string): string => path.join(here[from], name);
        for (const name of ['a', 'b', 'x', 'y', 'z'])
          fs.writeFileSync(path.join(here.near, name), `was ${name}`);
        fs.mkdirSync(path.join(here.near, 'dir1'));
        fs.mkdirSync(path.join(here.near, 'dir2'));
        fs.writeFileSync(path.join(here.near, 'dir1', 'in'), 'in dir1');
        fs.writeFileSync(path.join(here.near, 'dir2', 'in'), 'in dir2');
        const before = { a: 'was a', b: 'was b', x: 'was x', y: 'was y', z: 'was z' };
        const directories = { dir1: '/', dir2: '/' };
        await here.bothShow({ ...before, ...directories, 'dir1/in': 'in dir1', 'dir2/in': 'in dir2' });
        for (const ring of [
          ['a', 'b'],
          ['x', 'y', 'z'],
          ['dir1', 'dir2'],
        ]) {
          fs.renameSync(at(ring[0] as string), at('aside'));
          for (let i = 1; i < ring.length; i += 1)
            fs.renameSync(at(ring[i] as string), at(ring[i - 1] as string));
          fs.renameSync(at('aside'), at(ring.at(-1) as string));
        }
        await here.bothShow({
          a: 'was b',
          b: 'was a',
          x: 'was y',
          y: 'was z',
          z: 'was x',
          ...directories,
          'dir1/in': 'in dir2',
          'dir2/in': 'in dir1',
        });
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `renamed, edited at once, and moved into a directory that is new, on the ${from} side`,
      once: from === 'near',
      run: async ({ spot }) => {
        const here = await spot(`rename and edit ${from}`);
        const at = (name: string): string => path.join(here[from], name);
        fs.writeFileSync(path.join(here.near, 'old name'), `first ${from}`);
        fs.writeFileSync(path.join(here.near, 'moves'), `moves ${from}`);
        await here.bothShow({ 'old name': `first ${from}`, moves: `moves ${from}` });
        fs.renameSync(at('old name'), at('new name'));
        fs.appendFileSync(at('new name'), ' edited');
        fs.mkdirSync(at('new dir'));
        fs.renameSync(at('moves'), at('new dir/moved'));
        await here.bothShow({
          'new name': `first ${from} edited`,
          'new dir': '/',
          'new dir/moved': `moves ${from}`,
        });
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `moved from one folder of the group into another on the ${from} side`,
      once: from === 'near',
      run: async ({ spot }) => {
        const one = await spot(`moved over ${from}`, 0);
        const two = await spot(`moved over ${from}`, 1);
        fs.mkdirSync(path.join(one.near, 'dir'));
        fs.writeFileSync(path.join(one.near, 'dir', 'inner'), `moved with its directory ${from}`);
        fs.writeFileSync(path.join(one.near, 'file'), `moved alone ${from}`);
        const before = {
          dir: '/',
          'dir/inner': `moved with its directory ${from}`,
          file: `moved alone ${from}`,
        };
        await one.bothShow(before);
        for (const name of ['dir', 'file'])
          fs.renameSync(path.join(one[from], name), path.join(two[from], name));
        await two.bothShow(before);
        await one.bothShow({});
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `a directory deleted on the ${from} side while the other makes something in it: what is new stays`,
      once: true,
      run: async (pair) => {
        const { spot, whilePaused } = pair;
        const here = await spot(`parent gone ${from}`);
        const other = from === 'near' ? here.far : here.near;
        fs.mkdirSync(path.join(here.near, 'parent', 'inner'), { recursive: true });
        fs.writeFileSync(path.join(here.near, 'parent', 'inner', 'old'), `the old child ${from}`);
        await here.bothShow({
          parent: '/',
          'parent/inner': '/',
          'parent/inner/old': `the old child ${from}`,
        });
        await whilePaused(pair.near, () => {
          fs.rmSync(path.join(here[from], 'parent'), { recursive: true });
          fs.writeFileSync(path.join(other, 'parent', 'inner', 'new'), `the new child ${from}`);
        });
        await here.bothShow({
          parent: '/',
          'parent/inner': '/',
          'parent/inner/new': `the new child ${from}`,
        });
      },
    }),
  ),

  ...sides.map(
    (from): DiskCase => ({
      name: `a file deleted on the ${from} side while the other edits it: the edit stays`,
      once: true,
      run: async (pair) => {
        const { spot, whilePaused } = pair;
        const here = await spot(`edit or delete ${from}`);
        const other = from === 'near' ? here.far : here.near;
        fs.writeFileSync(path.join(here.near, 'file'), `the first ${from}`);
        await here.bothShow({ file: `the first ${from}` });
        await whilePaused(pair.near, () => {
          fs.rmSync(path.join(here[from], 'file'));
          fs.writeFileSync(path.join(other, 'file'), `edited meanwhile ${from}`);
        });
        here.forget(`the first ${from}`);
        await here.bothShow({ file: `edited meanwhile ${from}` });
      },
    }),
  ),

  {
    name: 'edited on both sides at once: one is shown on both, the other kept, and nothing lies beside them',
    once: true,
    run: async ({ near, far, spot, whilePaused }) => {
      const here = await spot('conflict');
      fs.writeFileSync(path.join(here.near, 'file'), 'first of both');
      await here.bothShow({ file: 'first of both' });
      here.note('edited near');
      here.note('edited far');
      await whilePaused(near, () => {
        fs.writeFileSync(path.join(here.near, 'file'), 'edited near');
        fs.writeFileSync(path.join(here.far, 'file'), 'edited far');
      });
      here.forget('first of both');
      const listed = await waitUntil('the conflict is listed on both sides', async () => {
        const [a] = await here.conflicts(near);
        const [b] = await here.conflicts(far);
        return a !== undefined && b !== undefined && a.id === b.id && a;
      });
      await waitUntil(
        'both show the same',
        () =>
          fs.readFileSync(path.join(here.near, 'file'), 'utf8') ===
          fs.readFileSync(path.join(here.far, 'file'), 'utf8'),
      );
      expect(fs.readdirSync(here.near)).toEqual(['file']);
      const loser = listed.versions.find(({ winner }) => !winner);
      const winnerText = fs.readFileSync(path.join(here.near, 'file'), 'utf8');
      await near.device.ask('conflict', 'resolve', listed.id, '--keep', loser?.version ?? '');
      await here.bothShow({ file: winnerText === 'edited near' ? 'edited far' : 'edited near' });
    },
  },

  {
    name: 'several hundred files moved in at once and deleted again',
    once: true,
    run: async ({ near, spot }) => {
      const here = await spot('many');
      const outside = path.join(path.dirname(near.folders[0]), 'many outside');
      const all: Record<string, string> = { modules: '/' };
      for (let i = 0; i < 20; i += 1) {
        fs.mkdirSync(path.join(outside, `m${i}`), { recursive: true });
        all[`modules/m${i}`] = '/';
        for (let j = 0; j < 15; j += 1) {
          fs.writeFileSync(path.join(outside, `m${i}`, `${j}.js`), `module ${i} ${j}`);
          all[`modules/m${i}/${j}.js`] = `module ${i} ${j}`;
        }
      }
      fs.renameSync(outside, path.join(here.near, 'modules'));
      await here.bothShow(all);
      fs.rmSync(path.join(here.far, 'modules'), { recursive: true });
      await here.bothShow({});
    },
  },
];
