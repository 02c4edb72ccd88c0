import { joinDisk, type DiskPath } from '../filesystem/filesystem.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { WorldMachine } from './world.ts';

/** What people did so far in a world, and what may rightly be gone because of it. */
export interface History {
  /** Every content a user completed, with where and when. */
  readonly completed: Map<string, string>;
  /** Contents that a user's own later act replaced or deleted, having them before their eyes. */
  readonly givenUp: Set<string>;
  /** What was done, for a person who looks into a failure. */
  readonly acts: string[];
}

/** Nothing done yet. */
export function createHistory(): History {
  return { completed: new Map(), givenUp: new Set(), acts: [] };
}

/** Small pools: collisions are what finds faults. A case clash and a Windows device name are among them. */
const names = ['a', 'b', 'A', 'nul.txt', 'é'];
const maxDepth = 3;

/**
 * Lets a user do one random thing in a machine's folder and have it flushed, as programs that save do.
 * Every content written is unlike any other, so that its fate can be told.
 */
export async function actAsUser(machine: WorldMachine, random: SeededRandom, history: History): Promise<void> {
  const { disk } = machine;
  const place = somePlace(machine, random);
  const there = disk.look(place.path);
  const note = (what: string): void => void history.acts.push(`${machine.name}: ${what} ${place.name}`);
  const giveUp = (path: DiskPath): void => {
    for (const content of contentsAt(machine, path)) history.givenUp.add(content);
  };
  const write = (how: 'replace' | 'in place' | 'append'): void => {
    const content = `${history.completed.size} by ${machine.name} ${'.'.repeat(random.below(3) * 40_000)}`;
    if (how === 'append') {
      const before = textAt(machine, place.path);
      giveUp(place.path);
      writeInPlace(machine, place.path, before + content);
      history.completed.set(before + content, place.name);
    } else {
      giveUp(place.path);
      if (how === 'in place') writeInPlace(machine, place.path, content);
      else writeByRename(machine, place.path, content);
      history.completed.set(content, place.name);
    }
    note(`${how} (${content.length} B)`);
  };

  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      if (there === undefined || there.kind === 'file') write('replace');
      break;
    case 4:
      if (there?.kind === 'file') write(random.chance(0.5) ? 'in place' : 'append');
      break;
    case 5:
    case 6:
      if (there === undefined) break;
      giveUp(place.path);
      removeAll(machine, place.path);
      note('remove');
      break;
    case 7:
      if (there !== undefined) break;
      disk.makeDirectory(place.path);
      note('make directory');
      break;
    case 8:
    case 9: {
      const other = somePlace(machine, random);
      const isInside = other.path.startsWith(`${place.path}/`) || place.path.startsWith(`${other.path}/`) || other.path === place.path;
      if (there === undefined || isInside) break;
      const target = disk.look(other.path);
      if (target !== undefined && target.kind === 'directory') break;
      if (target !== undefined && there.kind === 'directory') break;
      giveUp(other.path);
      disk.rename(place.path, other.path);
      note(`move to ${other.name}:`);
      break;
    }
    case 10:
      if (there?.kind === 'file') {
        disk.setMode(place.path, there.mode ^ 0o111);
        note('chmod');
      } else if (there === undefined) {
        disk.makeSymlink(random.pick(['a', 'nowhere', '../a']), place.path);
        note('link');
      }
      break;
    case 11:
      if (there?.kind === 'file') {
        disk.setModifiedAt(place.path, BigInt(random.below(2 ** 31)) * 1_000_000_007n);
        note('touch');
      }
  }
  await flushAll(machine);
}

/** Contents of all files at or below a path. */
export function contentsAt(machine: WorldMachine, path: DiskPath): string[] {
  const there = machine.disk.look(path);
  if (there?.kind === 'file') return [textAt(machine, path)];
  if (there?.kind !== 'directory') return [];
  return childrenOf(machine, path).flatMap((child) => contentsAt(machine, child));
}

function somePlace(machine: WorldMachine, random: SeededRandom): { readonly path: DiskPath; readonly name: string } {
  let path = machine.root;
  let name = '';
  for (let depth = 1; ; depth++) {
    const next = random.pick(names);
    path = joinDisk(path, next);
    name = name === '' ? next : `${name}/${next}`;
    const isDirectory = machine.disk.look(path)?.kind === 'directory';
    if (!isDirectory || depth >= maxDepth || random.chance(0.4)) return { path, name };
  }
}

function childrenOf(machine: WorldMachine, directory: DiskPath): DiskPath[] {
  return machine.disk.list(directory).flatMap((listed) => ('name' in listed ? [joinDisk(directory, listed.name)] : []));
}

function textAt(machine: WorldMachine, path: DiskPath): string {
  const handle = machine.disk.openRead(path);
  const bytes = new Uint8Array(handle.look().sizeBytes);
  handle.read(bytes, 0);
  handle.close();
  return new TextDecoder().decode(bytes);
}

function writeInPlace(machine: WorldMachine, path: DiskPath, text: string): void {
  const handle = machine.disk.look(path) === undefined ? machine.disk.create(path, 0o666) : machine.disk.openWrite(path);
  handle.truncate(0);
  handle.write(new TextEncoder().encode(text), 0);
  handle.close();
}

/** As editors save: a new file beside, renamed over. */
function writeByRename(machine: WorldMachine, path: DiskPath, text: string): void {
  const beside = joinDisk(machine.disk.look(machine.root) === undefined ? path : machine.root, '.saving');
  if (machine.disk.look(beside) !== undefined) machine.disk.remove(beside);
  writeInPlace(machine, beside, text);
  machine.disk.rename(beside, path);
}

function removeAll(machine: WorldMachine, path: DiskPath): void {
  if (machine.disk.look(path)?.kind === 'directory') {
    for (const child of childrenOf(machine, path)) removeAll(machine, child);
    machine.disk.removeDirectory(path);
  } else machine.disk.remove(path);
}

async function flushAll(machine: WorldMachine): Promise<void> {
  const files: DiskPath[] = [];
  const directories: DiskPath[] = [machine.root];
  const visit = (directory: DiskPath): void => {
    for (const child of childrenOf(machine, directory)) {
      const kind = machine.disk.look(child)?.kind;
      if (kind === 'file') files.push(child);
      else if (kind === 'directory' && !child.endsWith('/.lockstep')) {
        directories.push(child);
        visit(child);
      }
    }
  };
  visit(machine.root);
  await machine.disk.flushFiles(files);
  await machine.disk.flushDirectories(directories);
}
