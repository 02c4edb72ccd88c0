import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { DiskCase } from './disk-case.ts';

/** What becomes of symlinks, on disks that hold them and on those that do not, and of hard links. */
export const linkCases: readonly DiskCase[] = [
  ...(['near', 'far'] as const).map(
    (from): DiskCase => ({
      name: `files and directories become symlinks and symlinks become them, on the ${from} side`,
      when: ({ symlinks }) => symlinks,
      run: async ({ spot }) => {
        const here = await spot(`links swapped ${from}`);
        const at = (name: string): string => path.join(here[from], name);
        fs.writeFileSync(path.join(here.near, 'file'), `the file ${from}`);
        fs.mkdirSync(path.join(here.near, 'dir'));
        fs.writeFileSync(path.join(here.near, 'dir', 'inner'), `inside ${from}`);
        fs.mkdirSync(path.join(here.near, 'kept'));
        fs.writeFileSync(path.join(here.near, 'kept', 'beside'), 'never touched');
        fs.symlinkSync('file', path.join(here.near, 'link to file'));
        fs.symlinkSync('kept', path.join(here.near, 'link to dir'));
        const kept = { kept: '/', 'kept/beside': 'never touched' };
        await here.bothShow({
          ...kept,
          file: `the file ${from}`,
          dir: '/',
          'dir/inner': `inside ${from}`,
          'link to file': '-> file',
          'link to dir': '-> kept',
        });
        fs.rmSync(at('file'));
        fs.symlinkSync('kept/beside', at('file'));
        fs.rmSync(at('dir'), { recursive: true });
        fs.symlinkSync('kept', at('dir'));
        fs.rmSync(at('link to file'));
        fs.writeFileSync(at('link to file'), 'a file now');
        fs.rmSync(at('link to dir'));
        fs.mkdirSync(at('link to dir'));
        const swapped = {
          ...kept,
          file: '-> kept/beside',
          dir: '-> kept',
          'link to file': 'a file now',
          'link to dir': '/',
        };
        await here.bothShow(swapped);
        fs.writeFileSync(at('link to dir/inner'), 'inside now');
        await here.bothShow({ ...swapped, 'link to dir/inner': 'inside now' });
      },
    }),
  ),

  {
    name: 'symlinks that loop, dangle, lead up, out or to an absolute path stay as they are and are never followed',
    when: ({ symlinks }) => symlinks,
    run: async ({ near, far, spot }) => {
      const here = await spot('symlinks');
      const outside = path.join(path.dirname(near.folders[0]), 'outside');
      fs.mkdirSync(outside);
      fs.writeFileSync(path.join(outside, 'secret'), 'not of the folder');
      const links = {
        itself: 'itself',
        ring: 'other ring',
        'other ring': 'ring',
        up: '..',
        here: '.',
        dangling: 'nowhere/at all',
        out: '../../../../etc',
        absolute: outside,
      };
      for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(here.near, name));
      await here.bothShow(
        Object.fromEntries(Object.entries(links).map(([name, target]) => [name, `-> ${target}`])),
      );
      fs.rmSync(path.join(here.far, 'absolute'));
      fs.rmSync(path.join(here.far, 'up'));
      fs.symlinkSync('elsewhere', path.join(here.far, 'up'));
      const { absolute: _, ...left } = { ...links, up: 'elsewhere' };
      await here.bothShow(
        Object.fromEntries(Object.entries(left).map(([name, target]) => [name, `-> ${target}`])),
      );
      expect(fs.readFileSync(path.join(outside, 'secret'), 'utf8')).toBe('not of the folder');
      await here.lists(near, {});
      await here.lists(far, {});
    },
  },

  {
    name: 'symlinks on a disk that cannot hold them are listed and keep nothing back',
    when: ({ symlinks }) => !symlinks,
    run: async ({ near, far, spot }) => {
      const here = await spot('no symlinks');
      fs.writeFileSync(path.join(here.near, 'file'), 'a file');
      fs.symlinkSync('file', path.join(here.near, 'link'));
      await here.show({ near: { file: 'a file', link: '-> file' }, far: { file: 'a file' } });
      await here.lists(far, { link: 'kind-not-supported' });
      fs.rmSync(path.join(here.near, 'link'));
      fs.writeFileSync(path.join(here.near, 'link'), 'a file as well');
      await here.bothShow({ file: 'a file', link: 'a file as well' });
      await here.lists(near, {});
      await here.lists(far, {});
    },
  },

  {
    name: 'a file saved where the folder has a symlink, on a disk that cannot hold symlinks, stays',
    when: ({ symlinks }) => !symlinks,
    run: async ({ far, spot }) => {
      const here = await spot('no symlink but a file');
      fs.symlinkSync('elsewhere', path.join(here.near, 'thing'));
      await here.lists(far, { thing: 'kind-not-supported' });
      fs.writeFileSync(path.join(here.far, 'thing'), 'saved by its user');
      await here.bothShow({ thing: 'saved by its user' });
      fs.writeFileSync(path.join(here.near, 'later'), 'later');
      await here.bothShow({ thing: 'saved by its user', later: 'later' });
      await here.resolveConflicts();
      await here.lists(far, {});
    },
  },

  {
    name: 'a file gives way to a symlink on a disk that cannot hold symlinks: the file stays there, and the link is listed',
    when: ({ symlinks }) => !symlinks,
    run: async ({ far, spot }) => {
      const here = await spot('file to link');
      fs.writeFileSync(path.join(here.near, 'thing'), 'before it was a link');
      await here.bothShow({ thing: 'before it was a link' });
      fs.rmSync(path.join(here.near, 'thing'));
      fs.symlinkSync('elsewhere', path.join(here.near, 'thing'));
      await here.lists(far, { thing: 'kind-not-supported' });
      fs.rmSync(path.join(here.near, 'thing'));
      fs.writeFileSync(path.join(here.near, 'thing'), 'a file again');
      await here.bothShow({ thing: 'a file again' });
      await here.lists(far, {});
    },
  },

  ...(['near', 'far'] as const).map(
    (from): DiskCase => ({
      name: `hard links on the ${from} side: an edit through one name is an edit of both; a replacement parts them`,
      once: from === 'near',
      when: ({ hardLinks }) => from === 'near' || hardLinks,
      run: async ({ spot }) => {
        const here = await spot(`hard links ${from}`);
        const other = from === 'near' ? here.far : here.near;
        fs.writeFileSync(path.join(here[from], 'a'), `two names ${from}`);
        fs.linkSync(path.join(here[from], 'a'), path.join(here[from], 'b'));
        await here.bothShow({ a: `two names ${from}`, b: `two names ${from}` });
        fs.appendFileSync(path.join(here[from], 'b'), ', edited');
        await here.bothShow({ a: `two names ${from}, edited`, b: `two names ${from}, edited` });
        fs.writeFileSync(path.join(other, 'a'), `replaced ${from}`);
        await here.bothShow({ a: `replaced ${from}`, b: `two names ${from}, edited` });
        fs.rmSync(path.join(here[from], 'b'));
        await here.bothShow({ a: `replaced ${from}` });
      },
    }),
  ),
];
