import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import type { DiskCase } from './disk-case.ts';
import { type Shown, textOf } from './disk-pair.ts';
import { run } from './mounts.ts';

/** What becomes of things that are, or become, something other than a file. */
export const typeCases: readonly DiskCase[] = [
  ...(['near', 'far'] as const).map(
    (from): DiskCase => ({
      name: `a file becomes a directory and a directory a file, on the ${from} side`,
      run: async ({ spot }) => {
        const here = await spot(`file and directory ${from}`);
        fs.mkdirSync(path.join(here.near, 'to file'));
        fs.writeFileSync(path.join(here.near, 'to file', 'inner'), `was inside ${from}`);
        fs.writeFileSync(path.join(here.near, 'to directory'), `was a file ${from}`);
        await here.bothShow({
          'to file': '/',
          'to file/inner': `was inside ${from}`,
          'to directory': `was a file ${from}`,
        });
        fs.rmSync(path.join(here[from], 'to file'), { recursive: true });
        fs.writeFileSync(path.join(here[from], 'to file'), 'a file now');
        fs.rmSync(path.join(here[from], 'to directory'));
        fs.mkdirSync(path.join(here[from], 'to directory'));
        await here.bothShow({ 'to file': 'a file now', 'to directory': '/' });
        fs.writeFileSync(path.join(here[from], 'to directory', 'inner'), 'inside now');
        await here.bothShow({
          'to file': 'a file now',
          'to directory': '/',
          'to directory/inner': 'inside now',
        });
      },
    }),
  ),

  {
    name: 'a file becomes a directory with something in it at once, without a conflict',
    once: true,
    run: async ({ near, spot }) => {
      const here = await spot('file to full directory');
      fs.writeFileSync(path.join(here.near, 'thing'), 'was a file first');
      await here.bothShow({ thing: 'was a file first' });
      fs.rmSync(path.join(here.near, 'thing'));
      fs.mkdirSync(path.join(here.near, 'thing'));
      fs.writeFileSync(path.join(here.near, 'thing', 'inner'), 'inside at once');
      await here.bothShow({ thing: '/', 'thing/inner': 'inside at once' });
      fs.writeFileSync(path.join(here.near, 'later'), 'later than that');
      await here.bothShow({ thing: '/', 'thing/inner': 'inside at once', later: 'later than that' });
      expect(await here.conflicts(near)).toEqual([]);
    },
  },

  {
    name: 'a directory becomes a file on one side while the other puts something new into it',
    once: true,
    run: async ({ near, spot, whilePaused }) => {
      const here = await spot('swap and child');
      fs.mkdirSync(path.join(here.near, 'thing'));
      fs.writeFileSync(path.join(here.near, 'thing', 'old'), 'the old child');
      await here.bothShow({ thing: '/', 'thing/old': 'the old child' });
      here.note('a file now, with work in it');
      await whilePaused(near, () => {
        fs.rmSync(path.join(here.near, 'thing'), { recursive: true });
        fs.writeFileSync(path.join(here.near, 'thing'), 'a file now, with work in it');
        fs.writeFileSync(path.join(here.far, 'thing', 'new'), 'the new child');
      });
      await here.bothShow({ thing: '/', 'thing/new': 'the new child' });
      expect((await here.conflicts(near)).map(({ path: at }) => at)).toEqual([`${here.path}/thing`]);
      await here.resolveConflicts();
    },
  },

  ...(['near', 'far'] as const).map(
    (from): DiskCase => ({
      name: `a FIFO, a socket and a device on the ${from} side are listed, never opened, and keep nothing back`,
      once: from === 'near',
      when: ({ specials }) => from === 'near' || specials,
      run: async (pair) => {
        const { spot } = pair;
        const here = await spot(`specials ${from}`);
        const at = (name: string): string => path.join(here[from], name);
        const other = from === 'near' ? 'far' : 'near';
        execFileSync('mkfifo', [at('fifo')]);
        await makeSocket(here[from]);
        execFileSync('mknod', [at('device'), 'c', '1', '3']);
        fs.writeFileSync(at('beside'), 'beside');
        const special = { fifo: 'special', socket: 'special', device: 'special' };
        await here.show(onSides(from, { ...special, beside: 'beside' }, { beside: 'beside' }));
        await here.lists(pair[from], {
          fifo: 'special-file',
          socket: 'special-file',
          device: 'special-file',
        });
        await here.lists(pair[other], {});
        // The other side may use the name; what stands here is not taken away for it.
        fs.writeFileSync(path.join(here[other], 'fifo'), 'a file there');
        fs.writeFileSync(path.join(here[other], 'after'), 'after');
        await here.show(
          onSides(
            from,
            { ...special, beside: 'beside', after: 'after' },
            { beside: 'beside', fifo: 'a file there', after: 'after' },
          ),
        );
        fs.rmSync(at('fifo'));
        fs.rmSync(at('socket'));
        fs.rmSync(at('device'));
        await here.bothShow({ beside: 'beside', fifo: 'a file there', after: 'after' });
        await here.lists(pair[from], {});
      },
    }),
  ),

  {
    name: 'a sparse file arrives byte by byte, and shrinks',
    run: async ({ spot }) => {
      const here = await spot('sparse');
      const place = path.join(here.near, 'sparse');
      fs.writeFileSync(place, 'begins');
      fs.truncateSync(place, 24 * 1024 * 1024);
      fs.appendFileSync(place, 'ends');
      await here.bothShow({ sparse: textOf(fs.readFileSync(place)) });
      fs.truncateSync(place, 6);
      await here.bothShow({ sparse: 'begins' });
    },
  },

  {
    name: 'empty files and directories come, stay and go',
    once: true,
    run: async ({ spot }) => {
      const here = await spot('empty');
      fs.writeFileSync(path.join(here.near, 'file'), '');
      fs.mkdirSync(path.join(here.near, 'a', 'b'), { recursive: true });
      await here.bothShow({ file: '', a: '/', 'a/b': '/' });
      fs.renameSync(path.join(here.far, 'file'), path.join(here.far, 'a', 'b', 'file'));
      await here.bothShow({ a: '/', 'a/b': '/', 'a/b/file': '' });
      fs.writeFileSync(path.join(here.far, 'a', 'b', 'file'), 'filled');
      await here.bothShow({ a: '/', 'a/b': '/', 'a/b/file': 'filled' });
      fs.truncateSync(path.join(here.near, 'a', 'b', 'file'));
      await here.bothShow({ a: '/', 'a/b': '/', 'a/b/file': '' });
      fs.rmSync(path.join(here.near, 'a'), { recursive: true });
      await here.bothShow({});
    },
  },

  ...[
    { what: 'another disk mounted', spotName: 'mount', args: ['-t', 'tmpfs', '-o', 'size=1m', 'none'] },
    { what: 'a directory of the same disk bound', spotName: 'bind', args: undefined },
  ].map(
    ({ what, spotName, args }): DiskCase => ({
      name: `${what} inside the folder is listed and left alone; what it covers is neither deleted nor changed, and goes on when it is away`,
      run: async ({ near, far, disk, spot }) => {
        const here = await spot(spotName);
        fs.mkdirSync(path.join(here.near, 'place'));
        fs.writeFileSync(path.join(here.near, 'place', 'covered'), 'under the mount');
        await here.bothShow({ place: '/', 'place/covered': 'under the mount' });
        const mounted = path.join(here.far, 'place');
        const beside = path.join(disk, 'beside the folders');
        if (args === undefined) fs.mkdirSync(beside);
        run('mount', ...(args ?? ['--bind', beside]), mounted);
        try {
          fs.writeFileSync(path.join(mounted, 'of the mount'), '');
          fs.writeFileSync(path.join(here.far, 'nudge'), 'so that it is looked at');
          await here.lists(far, { place: 'nested-mount' });
          fs.writeFileSync(path.join(here.near, 'place', 'covered'), 'changed under the mount');
          fs.writeFileSync(path.join(here.near, 'place', 'new'), 'new under the mount');
          await here.show({
            near: {
              nudge: 'so that it is looked at',
              place: '/',
              'place/covered': 'changed under the mount',
              'place/new': 'new under the mount',
            },
            far: { nudge: 'so that it is looked at', place: '/', 'place/of the mount': '' },
          });
          fs.rmSync(path.join(mounted, 'of the mount'));
        } finally {
          run('umount', mounted);
        }
        fs.writeFileSync(path.join(here.far, 'nudge'), 'so that it is looked at again');
        await here.bothShow({
          nudge: 'so that it is looked at again',
          place: '/',
          'place/covered': 'changed under the mount',
          'place/new': 'new under the mount',
        });
        await here.lists(far, {});
        await here.lists(near, {});
      },
    }),
  ),
];

/** A socket whose owner is gone: the name stays. Made by a short name, since the name of a socket may not be long. */
async function makeSocket(directory: string): Promise<void> {
  const server = net.createServer();
  const before = process.cwd();
  process.chdir(directory);
  try {
    await new Promise<void>((resolve) => server.listen('bound', resolve));
    // Closing removes the name it was bound to.
    fs.linkSync('bound', 'socket');
  } finally {
    await new Promise((resolve) => server.close(resolve));
    process.chdir(before);
  }
}

function onSides(
  from: 'near' | 'far',
  there: Shown,
  other: Shown,
): { readonly near: Shown; readonly far: Shown } {
  return from === 'near' ? { near: there, far: other } : { near: other, far: there };
}
