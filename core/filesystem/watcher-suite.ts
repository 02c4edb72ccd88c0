import assert from 'node:assert/strict';
import { setTimeout as sleepReal } from 'node:timers/promises';
import { removeTree } from '../testing/world-tree.ts';
import { isInside, joinDisk, parentDisk } from './disk-path.ts';
import type { DiskPath, FileSystem } from './file-system.ts';
import type { WatchHint, Watcher } from './watcher-interface.ts';

/** A watcher over a disk. */
export interface WatchedDisk {
  readonly fileSystem: FileSystem;
  readonly watcher: Watcher;
  /** An empty directory to be watched. */
  readonly root: DiskPath;
  /** An empty directory on the same volume, not in the other. */
  readonly outside: DiskPath;
  /** Lets time pass where it does not by itself. */
  readonly pass: () => void;
}

/** One thing every watcher owes an owner that does what the contract asks of it. */
export interface WatchingBehaviour {
  /** Its sentence, for a test's name. */
  readonly says: string;
  run(acts: Acts, owner: Owner): Promise<void>;
}

/** LIMIT: how often it is asked whether a hint has come, every few real milliseconds, on a busy machine too. */
const maxTries = 4_000;

/** An owner that adds what it lists, and lists what is dirty, what is new, and what is another directory than before. */
export interface Owner {
  /** Resolves when the directory was told as dirty, or everything as lost, since the last {@link Owner.settle}. */
  hears(directory: DiskPath): Promise<void>;
  /** Whatever is under way has come: what is done later is told later. */
  settle(): Promise<void>;
  close(): void;
}

/** Starts one over what lies below the root. */
export function startOwner({ fileSystem, watcher, root, pass }: Omit<WatchedDisk, 'outside'>): Owner {
  let hints: WatchHint[] = [];
  const known = new Map<DiskPath, bigint>();
  const visit = (directory: DiskPath, deep: boolean): void => {
    const seen = fileSystem.look(directory);
    if (seen?.kind !== 'directory') return;
    known.set(directory, seen.inode);
    const children = pathsIn(fileSystem, directory).filter(
      (child) => fileSystem.look(child)?.kind === 'directory',
    );
    watch.add(directory);
    for (const child of known.keys()) {
      if (parentDisk(child) !== directory || child === directory || children.includes(child)) continue;
      watch.remove(child);
      for (const below of known.keys()) if (isInside(below, child)) known.delete(below);
    }
    for (const child of children)
      if (deep || known.get(child) !== fileSystem.look(child)?.inode) visit(child, true);
  };
  const watch = watcher.open(root, (hint) => {
    hints.push(hint);
    if (hint.kind === 'lost') visit(root, true);
    if (hint.kind === 'dirty') visit(hint.directory, false);
  });
  visit(root, true);
  const isTold = (directory: DiskPath): boolean =>
    hints.some((hint) => hint.kind === 'lost' || (hint.kind === 'dirty' && hint.directory === directory));
  const probe = joinDisk(root, 'probe');
  let probes = 0;
  const owner: Owner = {
    async hears(directory) {
      for (let tries = 0; !isTold(directory); tries += 1) {
        assert.ok(tries < maxTries, `no hint for ${directory}`);
        pass();
        await sleepReal(5);
      }
    },
    async settle() {
      hints = [];
      probes += 1;
      if (fileSystem.look(probe) === undefined) fileSystem.makeDirectory(probe);
      put(fileSystem, joinDisk(probe, `${probes}`), '');
      await owner.hears(probe);
      hints = [];
    },
    close: () => watch.close(),
  };
  return owner;
}

/** What programs do in the watched directory, by paths below it. */
export interface Acts {
  readonly disk: WatchedDisk;
  at(path: string): DiskPath;
  put(path: string, text: string): void;
  make(path: string): void;
  rename(from: string, to: string): void;
  removeAll(path: string): void;
}

/** Runs one behaviour over `a/deep`, `a/file` and `b`. */
export async function runWatching({ run }: WatchingBehaviour, disk: WatchedDisk): Promise<void> {
  const { fileSystem, root } = disk;
  const at = (path: string): DiskPath => path.split('/').reduce(joinDisk, root);
  const acts: Acts = {
    disk,
    at,
    put: (path, text) => put(fileSystem, at(path), text),
    make: (path) => fileSystem.makeDirectory(at(path)),
    rename: (from, to) => fileSystem.rename(at(from), at(to)),
    removeAll: (path) => removeTree(fileSystem, at(path)),
  };
  for (const name of ['a', 'a/deep', 'b', 'probe']) acts.make(name);
  acts.put('a/file', 'x');
  const owner = startOwner(disk);
  try {
    // A tree is told as lost when its watch stands, each directory as dirty.
    await owner.hears(at('a/deep'));
    await owner.settle();
    await run(acts, owner);
  } finally {
    owner.close();
  }
}

/** [FS20] */
export const watcherSuite: readonly WatchingBehaviour[] = [
  {
    says: 'tells where a file was made, edited, renamed, replaced and deleted',
    async run({ at, put: write, rename, removeAll: remove }, owner) {
      const steps: readonly (() => void)[] = [
        () => write('a/deep/new', 'x'),
        () => write('a/deep/new', 'longer'),
        () => rename('a/deep/new', 'a/deep/newer'),
        () => {
          write('b/temporary', 'replacement');
          rename('b/temporary', 'a/deep/newer');
        },
        () => {
          write('b/temporary', 'replaced once more');
          rename('b/temporary', 'a/deep/newer');
        },
        () => remove('a/deep/newer'),
      ];
      for (const step of steps) {
        step();
        await owner.hears(at('a/deep'));
        await owner.settle();
      }
    },
  },
  {
    says: 'hears in a directory that was renamed away, and back again',
    async run({ at, put: write, rename }, owner) {
      for (const [from, to] of [
        ['a', 'c'],
        ['c', 'a'],
        ['a', 'b/a'],
        ['b/a', 'a'],
      ] as const) {
        rename(from, to);
        await owner.settle();
        write(`${to}/file`, `moved to ${to}`);
        await owner.hears(at(to));
        await owner.settle();
        write(`${to}/deep/file`, `moved to ${to}`);
        await owner.hears(at(`${to}/deep`));
        await owner.settle();
      }
    },
  },
  {
    says: 'hears in a directory that went and came back in one moment',
    async run({ at, put: write, rename }, owner) {
      rename('a', 'c');
      rename('c', 'a');
      await owner.settle();
      write('a/deep/file', 'x');
      await owner.hears(at('a/deep'));
    },
  },
  {
    says: 'hears in a directory that was deleted and made again in one moment',
    async run({ at, put: write, make, removeAll: remove }, owner) {
      for (let i = 0; i < 5; i++) {
        remove('a');
        make('a');
        make('a/deep');
        await owner.settle();
        write('a/deep/file', `${i}`);
        await owner.hears(at('a/deep'));
        await owner.settle();
      }
    },
  },
  {
    says: 'hears in a directory that was put in the place of another',
    async run({ at, put: write, make, rename }, owner) {
      make('b/deep');
      await owner.settle();
      rename('a', 'old');
      rename('b', 'a');
      await owner.settle();
      write('a/deep/file', 'x');
      await owner.hears(at('a/deep'));
    },
  },
  {
    says: 'hears in a tree that was moved in',
    async run({ at, put: write, disk: { fileSystem, outside, root } }, owner) {
      const tree = joinDisk(outside, 'tree');
      fileSystem.makeDirectory(tree);
      fileSystem.makeDirectory(joinDisk(tree, 'deep'));
      fileSystem.rename(tree, at('tree'));
      await owner.hears(root);
      await owner.settle();
      write('tree/deep/file', 'x');
      await owner.hears(at('tree/deep'));
    },
  },
  {
    says: 'tells every directory of a burst of a thousand files',
    async run({ at, put: write, make }, owner) {
      for (let i = 0; i < 1000; i++) {
        if (i < 20) make(`b/d${i}`);
        write(`b/d${i % 20}/file${i}`, 'x');
      }
      for (let i = 0; i < 20; i++) await owner.hears(at(`b/d${i}`));
      await owner.settle();
      write('b/d7/file7', 'edited');
      await owner.hears(at('b/d7'));
    },
  },
  {
    says: 'says nothing after it is closed',
    async run({ at, put: write, disk: { watcher, root } }, owner) {
      const hints: WatchHint[] = [];
      const closed = watcher.open(root, (hint) => hints.push(hint));
      closed.add(at('a'));
      closed.close();
      write('a/file', 'y');
      await owner.hears(at('a'));
      await owner.settle();
      assert.deepEqual(hints, []);
    },
  },
];

function put(fileSystem: FileSystem, path: DiskPath, text: string): void {
  const file =
    fileSystem.look(path) === undefined ? fileSystem.create(path, 0o644) : fileSystem.openWrite(path);
  file.truncate(0);
  file.write(new TextEncoder().encode(text), 0);
  file.close();
}

function pathsIn(fileSystem: FileSystem, directory: DiskPath): DiskPath[] {
  return fileSystem
    .list(directory)
    .flatMap((listed) => ('name' in listed ? [joinDisk(directory, listed.name)] : []));
}
