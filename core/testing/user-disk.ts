import { checkName, type DiskPath, foldName, joinDisk, parentDisk } from '../filesystem/filesystem.ts';
import type { History } from './history.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { WorldMachine } from './world-machine.ts';
import { textsBelow } from './world-tree.ts';

/** Small pools: collisions are what finds faults. A case clash and a Windows device name are among them. */
const names = ['a', 'b', 'A', 'nul.txt', 'é'];
const maxDepth = 3;

/** Where somebody is about to do something; `name` is for people. */
export interface Place {
  readonly path: DiskPath;
  readonly name: string;
}

/** One user at one machine, about to do something. */
export interface Seat {
  readonly machine: WorldMachine;
  readonly random: SeededRandom;
  readonly history: History;
  readonly note: (what: string) => void;
}

/** A content unlike any other of this world. */
export function newContent(history: History, random: SeededRandom, author: string): string {
  return `${history.completed.size} by ${author} ${'.'.repeat(random.below(3) * 40_000)}`;
}

/** Saves over whatever the user sees there, by renaming as editors do or in place. */
export function save(
  machine: WorldMachine,
  path: DiskPath,
  content: string,
  history: History,
  byRename: boolean,
): void {
  giveUp(machine, path, history);
  if (byRename) {
    const beside = joinDisk(machine.root, '.saving');
    saveInPlace(machine, beside, content);
    flush(machine, [beside], []);
    machine.disk.rename(beside, path);
  } else saveInPlace(machine, path, content);
  flush(machine, [path], [machine.root, parentDisk(path)]);
}

/** Makes a file of this text, or what is in one this text, without a flush. */
export function saveInPlace({ disk }: WorldMachine, path: DiskPath, text: string): void {
  const handle = disk.look(path) === undefined ? disk.create(path, 0o666) : disk.openWrite(path);
  handle.truncate(0);
  handle.write(new TextEncoder().encode(text), 0);
  handle.close();
}

/** Whoever does what comes next has these files before their eyes and wants them gone. */
export function giveUp({ disk }: WorldMachine, path: DiskPath, history: History): void {
  for (const content of textsBelow(disk, path)) history.givenUp.add(content);
}

/** A name in a directory that is there, or in the folder itself. */
export function somePlace(machine: WorldMachine, random: SeededRandom): Place {
  let path = machine.root;
  let name = '';
  for (let depth = 1; ; depth++) {
    const next = random.pick(names.filter((candidate) => isAllowed(machine, candidate)));
    path = joinDisk(path, next);
    name = name === '' ? next : `${name}/${next}`;
    const isDirectory = machine.disk.look(path)?.kind === 'directory';
    if (!isDirectory || depth >= maxDepth || random.chance(0.4)) return { path, name };
  }
}

/** Whether this machine's disk can hold such a name. */
export function isAllowed({ traits }: WorldMachine, name: string): boolean {
  return checkName(name, traits.nameRules ?? 'posix') === undefined;
}

/** A path as this machine's disk compares it. */
export function foldOn({ traits }: WorldMachine, path: DiskPath): string {
  const normalises = (traits.normalisation ?? 'none') !== 'none';
  return foldName(path, { caseInsensitive: traits.caseInsensitive === true, normalises });
}

/** Flushes files and directories, and with each directory those above it. */
export function flush(
  { disk, root }: WorldMachine,
  files: readonly DiskPath[],
  directories: readonly DiskPath[],
): void {
  void disk.flushFiles(files);
  const all = new Set<DiskPath>();
  for (let directory of directories) {
    for (; directory !== root && !all.has(directory); directory = parentDisk(directory)) all.add(directory);
  }
  void disk.flushDirectories([...all, root]);
}

/** A full disk is the engine's trouble here: users of a world make room for what they save. */
export function withRoom({ disk, root }: WorldMachine, run: () => void): void {
  const { totalBytes } = disk.space(root);
  disk.setCapacity(undefined);
  run();
  disk.setCapacity(totalBytes === disk.space(root).totalBytes ? undefined : totalBytes);
}
