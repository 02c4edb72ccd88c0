import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../base/base.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createWatcher } from './create-watcher.ts';
import { diskPath, joinDisk } from './disk-path.ts';
import type { DiskPath } from './file-system.ts';
import { createNodeFileSystem } from './node-file-system.ts';
import { createNodeWatcher } from './node-watcher.ts';
import type { WatchHint } from './watcher-interface.ts';
import { runWatching, startOwner, watcherSuite } from './watcher-suite.ts';

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
vi.setConfig({ testTimeout: 60_000 });

describe.each([{ kind: 'directories' as const }, { kind: 'tree' as const }])('$kind watcher', ({ kind }) => {
  test.each(watcherSuite)('[FS20] $says', async (behaviour) => {
    mkdirSync(at('watched'));
    mkdirSync(at('outside'));
    await expect(
      runWatching(behaviour, {
        fileSystem: createNodeFileSystem(),
        watcher: createWatcher({ clock: systemClock, kind }),
        root: at('watched'),
        outside: at('outside'),
        pass: () => {},
      }),
    ).resolves.toBeUndefined();
  });
});

describe('directories watcher', () => {
  test.runIf(process.platform === 'linux')(
    '[FS20] tells when the system dropped what it could not keep',
    async () => {
      mkdirSync(at('busy'));
      mkdirSync(at('quiet'));
      mkdirSync(at('probe'));
      const owner = startOwner({
        fileSystem: createNodeFileSystem(),
        watcher: createWatcher({ clock: systemClock, kind: 'directories' }),
        root,
        pass: () => {},
      });
      endings.push(() => owner.close());
      await owner.settle();
      for (let i = 0; i < 9000; i++) writeFileSync(at('busy', `file${i}`), 'x');
      writeFileSync(at('quiet', 'file'), 'x');
      await expect(owner.hears(at('quiet'))).resolves.toBeUndefined();
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
