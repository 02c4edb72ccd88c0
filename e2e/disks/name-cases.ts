import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { waitUntil } from '../harness/harness.ts';
import type { DiskCase } from './disk-case.ts';

const composed = 'Zoë.txt'.normalize('NFC');
const decomposed = 'Zoë.txt'.normalize('NFD');

/** Names that other systems refuse, and that are as good as any here. */
const windowsNames = [
  'nul.txt.jpg',
  'CON',
  'lpt9.md',
  'ends with a dot.',
  'ends with a blank ',
  'colon:stream',
  'what?',
  'star*',
  '"quoted"',
  'a<b>c|d',
  'back\\slash',
];

/** Names that look like what Lockstep makes for itself, or like an option, or odd on a screen. */
const oddNames = [
  '-rf',
  '--help',
  'folder.json',
  'lockstep',
  '.lockstep-old',
  'p-0123456789abcdef',
  'c-0123456789abcdef',
  'a.conflict',
  '4913',
  'new\nline',
  'tab\there',
  '👩‍👩‍👧 emoji',
  'עברית \u202e rtl',
];

/** What becomes of names. */
export const nameCases: readonly DiskCase[] = [
  {
    name: 'a name composed on one side and decomposed on the other is one path, and keeps its spelling on each',
    run: async ({ near, far, spot }) => {
      const here = await spot('normal forms');
      fs.writeFileSync(path.join(here.near, decomposed), 'written decomposed');
      await here.bothShow({ [composed]: 'written decomposed' });
      fs.writeFileSync(path.join(here.far, fs.readdirSync(here.far)[0] as string), 'edited there');
      await here.bothShow({ [composed]: 'edited there' });
      expect(fs.readdirSync(here.near)).toEqual([decomposed]);
      expect(fs.readdirSync(here.far)).toHaveLength(1);
      await here.lists(near, {});
      await here.lists(far, {});
    },
  },

  {
    name: 'a name spelled anew in the other normal form is no change of the folder, and an edit of it arrives',
    run: async ({ near, far, spot }) => {
      const here = await spot('form changed');
      fs.writeFileSync(path.join(here.near, decomposed), 'as it was');
      await here.bothShow({ [composed]: 'as it was' });
      fs.renameSync(path.join(here.near, decomposed), path.join(here.near, composed));
      fs.writeFileSync(path.join(here.near, 'later'), 'later');
      await here.bothShow({ [composed]: 'as it was', later: 'later' });
      fs.writeFileSync(path.join(here.near, composed), 'edited');
      await here.bothShow({ [composed]: 'edited', later: 'later' });
      await here.lists(near, {});
      await here.lists(far, {});
    },
  },

  {
    name: 'two forms of one name side by side: one is kept in step, the other is listed and comes when its place is free',
    run: async ({ near, spot }) => {
      const here = await spot('two forms');
      fs.writeFileSync(path.join(here.near, composed), 'the composed one');
      fs.writeFileSync(path.join(here.near, decomposed), 'the decomposed one');
      const { kind } = await here.problem(near, fs.readdirSync(here.near).includes(composed) ? composed : '');
      expect(kind).toBe('name-clash');
      expect(fs.readdirSync(here.near).sort()).toEqual([composed, decomposed].sort());
      const held = fs.readFileSync(path.join(here.far, await theOnlyOne(here.far)), 'utf8');
      here.note('the composed one');
      here.note('the decomposed one');
      const [stays, goes] = held === 'the composed one' ? [decomposed, composed] : [composed, decomposed];
      fs.rmSync(path.join(here.near, goes));
      await here.bothShow({
        [composed]: stays === composed ? 'the composed one' : 'the decomposed one',
      });
      await here.lists(near, {});
    },
  },

  ...(['near', 'far'] as const).flatMap(caseRenames),

  {
    name: 'names that differ in case alone are two names',
    when: ({ folds }) => !folds,
    run: async ({ spot }) => {
      const here = await spot('two cases');
      fs.writeFileSync(path.join(here.near, 'foo'), 'small');
      fs.writeFileSync(path.join(here.far, 'FOO'), 'large');
      await here.bothShow({ foo: 'small', FOO: 'large' });
    },
  },

  {
    name: 'files whose names differ in case alone arrive at a disk that folds case: one is held, the other listed, and comes when its place is free',
    when: ({ folds }) => folds,
    run: async ({ near, far, spot }) => {
      const here = await spot('clash of files');
      fs.writeFileSync(path.join(here.near, 'foo'), 'small');
      fs.writeFileSync(path.join(here.near, 'FOO'), 'large');
      const both = { foo: 'small', FOO: 'large' };
      await here.problem(far, 'foo', 'FOO');
      const held = (await theOnlyOne(here.far)) as 'foo' | 'FOO';
      const other = held === 'foo' ? 'FOO' : 'foo';
      await here.show({ near: both, far: { [held]: both[held] } });
      await here.lists(far, { [other]: 'name-clash' });
      await here.lists(near, {});
      fs.rmSync(path.join(here.near, held));
      await here.bothShow({ [other]: both[other] });
      await here.lists(far, {});
    },
  },

  {
    name: 'directories whose names differ in case alone: one is held with all in it, the other listed, and comes when its place is free',
    when: ({ folds }) => folds,
    run: async ({ far, spot }) => {
      const here = await spot('clash of directories');
      for (const name of ['dir', 'DIR']) {
        fs.mkdirSync(path.join(here.near, name));
        fs.writeFileSync(path.join(here.near, name, 'inner'), `in ${name}`);
      }
      const all = { dir: '/', 'dir/inner': 'in dir', DIR: '/', 'DIR/inner': 'in DIR' };
      await here.problem(far, 'dir', 'DIR');
      const held = await theOnlyOne(here.far);
      const other = held === 'dir' ? 'DIR' : 'dir';
      await here.show({ near: all, far: { [held]: '/', [`${held}/inner`]: `in ${held}` } });
      fs.rmSync(path.join(here.near, held), { recursive: true });
      await here.bothShow({ [other]: '/', [`${other}/inner`]: `in ${other}` });
      await here.lists(far, {});
    },
  },

  {
    name: 'a file edited there under the name that is held does not touch the one held back',
    when: ({ folds }) => folds,
    run: async ({ far, spot }) => {
      const here = await spot('clash and edit');
      fs.writeFileSync(path.join(here.near, 'foo'), 'small');
      await here.bothShow({ foo: 'small' });
      fs.writeFileSync(path.join(here.near, 'FOO'), 'large');
      await here.lists(far, { FOO: 'name-clash' });
      fs.writeFileSync(path.join(here.far, 'foo'), 'small, edited');
      await here.show({ near: { foo: 'small, edited', FOO: 'large' }, far: { foo: 'small, edited' } });
      fs.rmSync(path.join(here.far, 'foo'));
      await here.bothShow({ FOO: 'large' });
      await here.lists(far, {});
    },
  },

  {
    name: 'names that Windows refuses arrive where the disk takes them; else they are listed, keep nothing back, and come under another name',
    run: async ({ far, spot, traits }) => {
      const here = await spot('names of Windows');
      const refused = windowsNames.filter(traits.refuses);
      const isDirTaken = !traits.refuses('dir?');
      const all: Record<string, string> = {};
      for (const name of windowsNames) fs.writeFileSync(path.join(here.near, name), `this is ${name}`);
      fs.mkdirSync(path.join(here.near, 'dir?'));
      fs.writeFileSync(path.join(here.near, 'dir?', 'inner'), 'inside');
      fs.writeFileSync(path.join(here.near, 'ordinary'), 'ordinary');
      for (const name of windowsNames) all[name] = `this is ${name}`;
      Object.assign(all, { 'dir?': '/', 'dir?/inner': 'inside', ordinary: 'ordinary' });
      const held = Object.fromEntries(
        Object.entries(all).filter(([name]) => !name.split('/').some(traits.refuses)),
      );
      await here.show({ near: all, far: held });
      const kinds = await listedKinds(refused.concat(isDirTaken ? [] : ['dir?']), (name) =>
        here.problem(far, name),
      );
      for (const kind of kinds) expect(kind).toMatch(/^(name-not-allowed|unwritable)$/);
      for (const name of refused)
        fs.renameSync(path.join(here.near, name), path.join(here.near, `ok-${refused.indexOf(name)}`));
      if (!isDirTaken) fs.renameSync(path.join(here.near, 'dir?'), path.join(here.near, 'dir'));
      const renamed = Object.fromEntries(
        Object.entries(all).map(([name, text]) => [
          refused.includes(name)
            ? `ok-${refused.indexOf(name)}`
            : isDirTaken
              ? name
              : name.replace('dir?', 'dir'),
          text,
        ]),
      );
      await here.bothShow(renamed);
      await here.lists(far, {});
    },
  },

  {
    name: 'names as long as names can be',
    run: async ({ spot, traits }) => {
      const here = await spot('long names');
      const names = ['x'.repeat(255), 'ü'.repeat(127), '😀'.repeat(63)].filter(
        (name) => !traits.refuses(name),
      );
      for (const name of names) fs.writeFileSync(path.join(here.near, name), `long ${name.length}`);
      await here.bothShow(Object.fromEntries(names.map((name) => [name, `long ${name.length}`])));
      for (const name of names) fs.writeFileSync(path.join(here.far, name), `edited ${name.length}`);
      await here.bothShow(Object.fromEntries(names.map((name) => [name, `edited ${name.length}`])));
      for (const name of names) fs.rmSync(path.join(here.near, name));
      await here.bothShow({});
    },
  },

  {
    name: 'a hundred directories in one another',
    once: true,
    run: async ({ spot }) => {
      const here = await spot('deep');
      const depth = 100;
      const shown: Record<string, string> = {};
      for (let i = 1; i <= depth; i += 1) shown[Array(i).fill('d').join('/')] = '/';
      const deepest = Array(depth).fill('d').join('/');
      fs.mkdirSync(path.join(here.near, deepest), { recursive: true });
      fs.writeFileSync(path.join(here.near, deepest, 'end'), 'at the end');
      await here.bothShow({ ...shown, [`${deepest}/end`]: 'at the end' });
      fs.rmSync(path.join(here.far, 'd'), { recursive: true });
      await here.bothShow({});
    },
  },

  {
    name: 'names that look like ours, like options, or odd',
    run: async ({ near, far, spot, traits }) => {
      const here = await spot('odd names');
      const names = oddNames.filter((name) => !traits.refuses(name));
      for (const name of names) fs.writeFileSync(path.join(here.near, name), `this is ${name}`);
      await here.bothShow(Object.fromEntries(names.map((name) => [name, `this is ${name}`])));
      for (const name of names) fs.writeFileSync(path.join(here.far, name), `${name} edited`);
      await here.bothShow(Object.fromEntries(names.map((name) => [name, `${name} edited`])));
      await here.lists(near, {});
      await here.lists(far, {});
    },
  },

  {
    name: 'our own name is not synced, in any case and at any level',
    once: true,
    run: async ({ spot }) => {
      const here = await spot('own name');
      fs.mkdirSync(path.join(here.near, '.Lockstep'));
      fs.writeFileSync(path.join(here.near, '.Lockstep', 'inner'), 'not synced');
      fs.writeFileSync(path.join(here.near, 'beside'), 'synced');
      await here.show({
        near: { '.Lockstep': '/', '.Lockstep/inner': 'not synced', beside: 'synced' },
        far: { beside: 'synced' },
      });
    },
  },

  {
    name: 'a name that is no UTF-8 is listed where it is, and keeps nothing else back',
    once: true,
    run: async ({ near, spot }) => {
      const here = await spot('no text');
      const bytes = Buffer.concat([Buffer.from(`${here.near}/latin-`), Buffer.from([0xe9])]);
      fs.writeFileSync(bytes, 'not text');
      fs.writeFileSync(path.join(here.near, 'beside'), 'beside');
      await here.lists(near, { 'latin-\\xe9': 'name-not-text' });
      await here.farShows({ beside: 'beside' });
      fs.renameSync(bytes, path.join(here.near, 'latin-e'));
      await here.bothShow({ 'latin-e': 'not text', beside: 'beside' });
      await here.lists(near, {});
    },
  },
];

function caseRenames(from: 'near' | 'far'): DiskCase[] {
  return [
    {
      name: `a file and a directory renamed in case alone, on the ${from} side while both run`,
      run: async ({ spot }) => {
        const here = await spot(`case live ${from}`);
        fs.mkdirSync(path.join(here.near, 'dir'));
        fs.writeFileSync(path.join(here.near, 'dir', 'inner.txt'), 'inside');
        fs.writeFileSync(path.join(here.near, 'readme.md'), 'read me');
        await here.bothShow({ dir: '/', 'dir/inner.txt': 'inside', 'readme.md': 'read me' });
        fs.renameSync(path.join(here[from], 'readme.md'), path.join(here[from], 'README.md'));
        await here.bothShow({ dir: '/', 'dir/inner.txt': 'inside', 'README.md': 'read me' });
        fs.renameSync(path.join(here[from], 'dir'), path.join(here[from], 'Dir'));
        await here.bothShow({ Dir: '/', 'Dir/inner.txt': 'inside', 'README.md': 'read me' });
      },
    },

    {
      name: `a file and a directory renamed in case alone on the ${from} side while its device is off`,
      once: from === 'near',
      run: async ({ [from]: side, spot, whileOff }) => {
        const here = await spot(`case off ${from}`);
        fs.mkdirSync(path.join(here.near, 'dir'));
        fs.writeFileSync(path.join(here.near, 'dir', 'inner.txt'), 'inside');
        fs.writeFileSync(path.join(here.near, 'readme.md'), 'read me');
        await here.bothShow({ dir: '/', 'dir/inner.txt': 'inside', 'readme.md': 'read me' });
        await whileOff(side, () => {
          fs.renameSync(path.join(here[from], 'readme.md'), path.join(here[from], 'README.md'));
          fs.renameSync(path.join(here[from], 'dir'), path.join(here[from], 'Dir'));
        });
        await here.bothShow({ Dir: '/', 'Dir/inner.txt': 'inside', 'README.md': 'read me' });
      },
    },
  ];
}

/** The one thing in a directory, once there is one. */
function theOnlyOne(directory: string): Promise<string> {
  return waitUntil('something is held', () => fs.readdirSync(directory)[0]);
}

async function listedKinds(
  names: readonly string[],
  problem: (name: string) => Promise<{ readonly kind: string }>,
): Promise<string[]> {
  const kinds: string[] = [];
  for (const name of names) kinds.push((await problem(name)).kind);
  return kinds;
}
