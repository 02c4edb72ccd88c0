import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { diskPath } from './disk-path.ts';
import { createMemoryFileSystem } from './memory-file-system.ts';
import { createMemoryWatcher, type WatcherBehaviour } from './memory-watcher.ts';
import type { WatchHint } from './watcher-interface.ts';
import { runWatching, watcherSuite } from './watcher-suite.ts';

const [root, a, b, deep] = [diskPath('/r'), diskPath('/r/a'), diskPath('/r/b'), diskPath('/r/a/deep')];

function make(behaviour: WatcherBehaviour = {}) {
  const clock = createManualClock();
  const disk = createMemoryFileSystem({ clock });
  for (const path of [root, a, b, deep]) disk.makeDirectory(path);
  const hints: WatchHint[] = [];
  const watch = createMemoryWatcher(disk, clock, behaviour).open(root, (hint) => hints.push(hint));
  for (const path of [root, a, b, deep]) watch.add(path);
  const take = (): WatchHint[] => {
    clock.advance(10_000);
    return hints.splice(0);
  };
  return { clock, disk, watch, hints, take };
}

const dirty = (directory: typeof root): WatchHint => ({ kind: 'dirty', directory });

describe('memory watcher', () => {
  test.each(watcherSuite)('[FS20] $says', async (behaviour) => {
    const clock = createManualClock();
    const fileSystem = createMemoryFileSystem({ clock });
    const outside = diskPath('/outside');
    for (const path of [root, outside]) fileSystem.makeDirectory(path);
    const watcher = createMemoryWatcher(fileSystem, clock);
    const pass = (): void => clock.advance(1_000);
    await expect(
      runWatching(behaviour, { fileSystem, watcher, root, outside, pass }),
    ).resolves.toBeUndefined();
  });

  test('[FS21] tells each directory when its watch stands, and then where something happened', () => {
    const { disk, take } = make();
    expect(take()).toEqual([dirty(root), dirty(a), dirty(b), dirty(deep)]);
    const file = disk.create(diskPath('/r/a/deep/file'), 0o644);
    expect(take()).toEqual([dirty(deep)]);
    file.write(new Uint8Array(1), 0);
    expect(take()).toEqual([dirty(deep)]);
    disk.rename(diskPath('/r/a/deep/file'), diskPath('/r/b/file'));
    expect(take()).toEqual([dirty(deep), dirty(b)]);
    disk.setMode(diskPath('/r/b/file'), 0o600);
    expect(take()).toEqual([dirty(b)]);
    disk.remove(diskPath('/r/b/file'));
    expect(take()).toEqual([dirty(b)]);
  });

  test('[FS21] tells many changes of one directory once, and only after its delay', () => {
    const { clock, disk, hints, take } = make({ delayMs: 200 });
    take();
    for (let i = 0; i < 50; i++) disk.create(diskPath(`/r/b/file${i}`), 0o644).close();
    clock.advance(199);
    expect(hints).toEqual([]);
    clock.advance(1);
    expect(hints).toEqual([dirty(b)]);
  });

  test('[FS21] hears by inode and tells by name, until the name is added again', () => {
    const { disk, watch, take } = make();
    take();
    disk.rename(a, diskPath('/r/c'));
    take();
    disk.create(diskPath('/r/c/deep/file'), 0o644).close();
    expect(take()).toEqual([dirty(deep)]);
    watch.remove(a);
    disk.create(diskPath('/r/c/deep/second'), 0o644).close();
    expect(take()).toEqual([]);
    for (const path of ['/r/c', '/r/c/deep']) watch.add(diskPath(path));
    expect(take()).toEqual([dirty(diskPath('/r/c')), dirty(diskPath('/r/c/deep'))]);
    disk.create(diskPath('/r/c/deep/third'), 0o644).close();
    expect(take()).toEqual([dirty(diskPath('/r/c/deep'))]);
  });

  test('[FS21] drops what it is told to drop, and stops when closed', () => {
    const { disk, watch, take } = make({ drops: (directory) => directory === a });
    take();
    disk.create(diskPath('/r/a/file'), 0o644).close();
    disk.create(diskPath('/r/b/file'), 0o644).close();
    expect(take()).toEqual([dirty(b)]);
    disk.create(diskPath('/r/b/second'), 0o644).close();
    watch.close();
    expect(take()).toEqual([]);
  });

  test('[FS21] says once that it cannot watch everything', () => {
    const { watch, take } = make({ maxWatches: 2 });
    watch.add(deep);
    expect(take()).toEqual([{ kind: 'incomplete', cause: 'ENOSPC' }, dirty(root), dirty(a)]);
  });

  test('[FS21] takes a flood for something lost', () => {
    const { disk, take } = make();
    take();
    for (let i = 0; i < 9000; i++) disk.create(diskPath(`/r/b/file${i}`), 0o644).close();
    expect(take()).toEqual([dirty(b), { kind: 'lost' }]);
  });
});
