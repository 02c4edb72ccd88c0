import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../base/base.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createWatcher } from './create-watcher.ts';
import { diskPath, isInside, joinDisk, parentDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { createNodeWatcher } from './node-watcher.ts';
import type { WatchHint, Watcher } from './watcher-interface.ts';

let root: DiskPath;
const endings: (() => void)[] = [];
beforeEach(() => {
  root = diskPath(mkdtempSync(join(tmpdir(), 'lockstep-watcher-')));
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
  rmSync(root, { recursive: true, force: true });
});

const at = (...names: readonly string[]): DiskPath => names.reduce(joinDisk, root);
const wait = { timeout: 20_000, interval: 5 };

vi.setConfig({ testTimeout: 60_000 });

/** An owner that does what the contract asks of it: it adds what it lists, and lists what is dirty, what is new, and what is another directory than before. */
function startOwner(watcher: Watcher) {
  let hints: WatchHint[] = [];
  const known = new Map<DiskPath, bigint>();
  const visit = (directory: DiskPath, deep: boolean): void => {
    let children: DiskPath[];
    try {
      known.set(directory, lstatSync(directory, { bigint: true }).ino);
      children = readdirSync(directory, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => joinDisk(directory, name));
    } catch {
      return;
    }
    watch.add(directory);
    for (const child of known.keys()) {
      if (parentDisk(child) !== directory || child === directory || children.includes(child)) continue;
      watch.remove(child);
      for (const below of known.keys()) if (isInside(below, child)) known.delete(below);
    }
    for (const child of children) {
      const inode = lstatSync(child, { bigint: true, throwIfNoEntry: false })?.ino;
      if (deep || known.get(child) !== inode) visit(child, true);
    }
  };
  const watch = watcher.open(root, (hint) => {
    hints.push(hint);
    if (hint.kind === 'lost') visit(root, true);
    if (hint.kind === 'dirty') visit(hint.directory, false);
  });
  endings.push(() => watch.close());
  visit(root, true);
  const isTold = (directory: DiskPath): boolean =>
    hints.some((hint) => hint.kind === 'lost' || (hint.kind === 'dirty' && hint.directory === directory));
  let probes = 0;
  const owner = {
    hints: () => hints,
    async hears(directory: DiskPath): Promise<boolean> {
      await vi.waitFor(() => expect(isTold(directory), `no hint for ${directory}`).toBe(true), wait);
      return true;
    },
    /** Whatever is under way has come: what is done later is told later. */
    async settle(): Promise<void> {
      hints = [];
      probes += 1;
      mkdirSync(at('probe'), { recursive: true });
      writeFileSync(at('probe', `${probes}`), '');
      await owner.hears(at('probe'));
      hints = [];
    },
  };
  return owner;
}

describe.each([{ kind: 'directories' as const }, { kind: 'tree' as const }])('$kind watcher', ({ kind }) => {
  const watcher = createWatcher({ clock: systemClock, kind });

  async function start() {
    for (const name of ['a', 'a/deep', 'b', 'probe']) mkdirSync(join(root, name));
    writeFileSync(at('a', 'file'), 'x');
    const owner = startOwner(watcher);
    // A tree is told as lost when its watch stands, each directory as dirty.
    expect(await owner.hears(at('a', 'deep'))).toBe(true);
    await owner.settle();
    return owner;
  }

  test('[FS20] tells where a file was made, edited, renamed, replaced and deleted', async () => {
    const owner = await start();
    const steps: readonly (() => void)[] = [
      () => writeFileSync(at('a', 'deep', 'new'), 'x'),
      () => writeFileSync(at('a', 'deep', 'new'), 'longer'),
      () => renameSync(at('a', 'deep', 'new'), at('a', 'deep', 'newer')),
      () => {
        writeFileSync(at('b', 'temporary'), 'replacement');
        renameSync(at('b', 'temporary'), at('a', 'deep', 'newer'));
      },
      () => {
        writeFileSync(at('b', 'temporary'), 'replaced once more');
        renameSync(at('b', 'temporary'), at('a', 'deep', 'newer'));
      },
      () => unlinkSync(at('a', 'deep', 'newer')),
    ];
    for (const step of steps) {
      step();
      expect(await owner.hears(at('a', 'deep'))).toBe(true);
      await owner.settle();
    }
  });

  test('[FS20] hears in a directory that was renamed away, and back again', async () => {
    const owner = await start();
    for (const [from, to] of [
      ['a', 'c'],
      ['c', 'a'],
      ['a', 'b/a'],
      ['b/a', 'a'],
    ] as const) {
      renameSync(join(root, from), join(root, to));
      await owner.settle();
      writeFileSync(at(...to.split('/'), 'file'), `moved to ${to}`);
      expect(await owner.hears(at(...to.split('/')))).toBe(true);
      await owner.settle();
      writeFileSync(at(...to.split('/'), 'deep', 'file'), `moved to ${to}`);
      expect(await owner.hears(at(...to.split('/'), 'deep'))).toBe(true);
      await owner.settle();
    }
  });

  test('[FS20] hears in a directory that went and came back in one moment', async () => {
    const owner = await start();
    renameSync(at('a'), at('c'));
    renameSync(at('c'), at('a'));
    await owner.settle();
    writeFileSync(at('a', 'deep', 'file'), 'x');
    expect(await owner.hears(at('a', 'deep'))).toBe(true);
  });

  test('[FS20] hears in a directory that was deleted and made again in one moment', async () => {
    const owner = await start();
    for (let i = 0; i < 5; i++) {
      rmSync(at('a'), { recursive: true });
      mkdirSync(at('a', 'deep'), { recursive: true });
      await owner.settle();
      writeFileSync(at('a', 'deep', 'file'), `${i}`);
      expect(await owner.hears(at('a', 'deep'))).toBe(true);
      await owner.settle();
    }
  });

  test('[FS20] hears in a directory that was put in the place of another', async () => {
    const owner = await start();
    mkdirSync(at('b', 'deep'));
    await owner.settle();
    renameSync(at('a'), at('old'));
    renameSync(at('b'), at('a'));
    await owner.settle();
    writeFileSync(at('a', 'deep', 'file'), 'x');
    expect(await owner.hears(at('a', 'deep'))).toBe(true);
  });

  test('[FS20] hears in a tree that was moved in', async () => {
    const owner = await start();
    const outside = mkdtempSync(join(tmpdir(), 'lockstep-watcher-'));
    endings.push(() => rmSync(outside, { recursive: true, force: true }));
    mkdirSync(join(outside, 'tree', 'deep'), { recursive: true });
    renameSync(join(outside, 'tree'), at('tree'));
    expect(await owner.hears(root)).toBe(true);
    await owner.settle();
    writeFileSync(at('tree', 'deep', 'file'), 'x');
    expect(await owner.hears(at('tree', 'deep'))).toBe(true);
  });

  test('[FS20] tells every directory of a burst of a thousand files', async () => {
    const owner = await start();
    for (let i = 0; i < 1000; i++) {
      const directory = at('b', `d${i % 20}`);
      mkdirSync(directory, { recursive: true });
      writeFileSync(joinDisk(directory, `file${i}`), 'x');
    }
    for (let i = 0; i < 20; i++) expect(await owner.hears(at('b', `d${i}`))).toBe(true);
    await owner.settle();
    writeFileSync(at('b', 'd7', 'file7'), 'edited');
    expect(await owner.hears(at('b', 'd7'))).toBe(true);
  });

  test('[FS20] says nothing after it is closed', async () => {
    const owner = await start();
    const hints: WatchHint[] = [];
    const closed = watcher.open(root, (hint) => hints.push(hint));
    closed.add(at('a'));
    closed.close();
    writeFileSync(at('a', 'file'), 'y');
    expect(await owner.hears(at('a'))).toBe(true);
    await owner.settle();
    expect(hints).toEqual([]);
  });
});

describe('directories watcher', () => {
  test.runIf(process.platform === 'linux')(
    '[FS20] tells when the system dropped what it could not keep',
    async () => {
      mkdirSync(at('busy'));
      mkdirSync(at('quiet'));
      mkdirSync(at('probe'));
      const owner = startOwner(createWatcher({ clock: systemClock, kind: 'directories' }));
      await owner.settle();
      for (let i = 0; i < 9000; i++) writeFileSync(at('busy', `file${i}`), 'x');
      writeFileSync(at('quiet', 'file'), 'x');
      expect(await owner.hears(at('quiet'))).toBe(true);
    },
  );

  test('[FS20] tells once that not everything is watched, and does not ask again and again', () => {
    mkdirSync(at('a'));
    const clock = createManualClock();
    const hints: WatchHint[] = [];
    let tries = 0;
    const watcher = createNodeWatcher({
      clock,
      watchDirectory() {
        tries += 1;
        throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      },
    });
    const watch = watcher.open(root, (hint) => hints.push(hint));
    for (let i = 0; i < 3; i++) {
      watch.add(root);
      watch.add(at('a'));
      clock.advance(1000);
    }
    expect(tries).toBe(6);
    expect(hints).toEqual([{ kind: 'incomplete', cause: 'ENOSPC' }]);
  });

  test('[FS20] hears in what came back while its directory was gone', () => {
    mkdirSync(at('a', 'deep'), { recursive: true });
    const clock = createManualClock();
    const hints: WatchHint[] = [];
    const heard = new Map<DiskPath, (event: string, name: string | null) => void>();
    const watcher = createNodeWatcher({
      clock,
      watchDirectory(directory, hear) {
        heard.set(directory, hear);
        return { close: () => {} };
      },
    });
    const watch = watcher.open(root, (hint) => hints.push(hint));
    for (const directory of [root, at('a'), at('a', 'deep')]) watch.add(directory);
    clock.advance(1000);
    rmSync(at('a'), { recursive: true });
    heard.get(at('a', 'deep'))?.('rename', 'deep');
    heard.get(at('a'))?.('rename', 'a');
    heard.clear();
    mkdirSync(at('a', 'deep'), { recursive: true });
    heard.clear();
    watch.add(at('a'));
    expect([...heard.keys()]).toEqual([at('a'), at('a', 'deep')]);
    hints.length = 0;
    clock.advance(1000);
    expect(hints).toContainEqual({ kind: 'dirty', directory: at('a', 'deep') });
  });

  test('[FS20] drops a directory that is not there without a word, but for where it was', () => {
    const clock = createManualClock();
    const hints: WatchHint[] = [];
    const watch = createNodeWatcher({ clock }).open(root, (hint) => hints.push(hint));
    watch.add(at('gone'));
    watch.add(at('gone'));
    clock.advance(1000);
    expect(hints).toEqual([{ kind: 'dirty', directory: root }]);
    mkdirSync(at('gone'));
    watch.add(at('gone'));
    clock.advance(1000);
    expect(hints.at(-1)).toEqual({ kind: 'dirty', directory: at('gone') });
    watch.close();
  });
});
